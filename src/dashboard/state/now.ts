// The present, for every "2 minutes ago" on the page. It stands still while nobody looks.
import { effect, signal, type ReadonlySignal } from '@preact/signals'
import { every, type Clock } from './environment.ts'

const TICK = 20_000

export class Now {
  /** Milliseconds since 1970-01-01 UTC */
  readonly value
  readonly #stop: () => void

  constructor(clock: Clock, isVisible: ReadonlySignal<boolean>) {
    this.value = signal(clock.now())
    this.#stop = effect(() => {
      if (!isVisible.value) return undefined
      this.value.value = clock.now()
      return every(clock, TICK, () => {
        this.value.value = clock.now()
      })
    })
  }

  close(): void {
    this.#stop()
  }
}
