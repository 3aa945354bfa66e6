// What the person has set for themselves. The browser remembers it.
import { effect, signal, type Signal } from '@preact/signals'
import type { KeyValue } from '../../client/storage.ts'

export class Preferences {
  /** The list shows more rows, of two lines each */
  readonly dense: Signal<boolean>
  /** Single keys are shortcuts. Speech input and some tremors press keys that nobody meant (WCAG 2.1.4) */
  readonly singleKeys: Signal<boolean>
  readonly #stops: (() => void)[] = []

  constructor(storage: KeyValue) {
    const remembered = (name: string, unless: boolean): Signal<boolean> => {
      const key = `deskbell:${name}`
      const setting = signal(storage.get(key) === null ? unless : !unless)
      this.#stops.push(effect(() => storage.set(key, setting.value === unless ? null : String(setting.value))))
      return setting
    }
    this.dense = remembered('dense', false)
    this.singleKeys = remembered('single-keys', true)
  }

  close(): void {
    for (const stop of this.#stops) stop()
  }
}
