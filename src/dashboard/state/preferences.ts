// What the person has set for themselves. The browser remembers it.
import { effect, signal, type Signal } from '@preact/signals'
import type { KeyValue } from '../../client/storage.ts'

export class Preferences {
  /** The list shows more rows, of two lines each */
  readonly dense: Signal<boolean>
  /** Single keys are shortcuts. Speech input and some tremors press keys that nobody meant (WCAG 2.1.4) */
  readonly singleKeys: Signal<boolean>
  /** Messages are shown by the desktop's notifications, where the browser is allowed to */
  readonly desktop: Signal<boolean>
  /** Messages are heard */
  readonly sound: Signal<boolean>
  readonly #readAgain: (() => void)[] = []
  readonly #stops: (() => void)[] = []

  constructor(storage: KeyValue) {
    const remembered = (name: string, unless: boolean): Signal<boolean> => {
      const key = `deskbell:${name}`
      const read = (): boolean => (storage.get(key) === null ? unless : !unless)
      const setting = signal(read())
      this.#readAgain.push(() => {
        setting.value = read()
      })
      this.#stops.push(effect(() => storage.set(key, setting.value === unless ? null : String(setting.value))))
      return setting
    }
    this.dense = remembered('dense', false)
    this.singleKeys = remembered('single-keys', true)
    this.desktop = remembered('desktop', false)
    this.sound = remembered('sound', true)
  }

  /** They may have been changed in another tab */
  refresh(): void {
    for (const read of this.#readAgain) read()
  }

  close(): void {
    for (const stop of this.#stops) stop()
  }
}
