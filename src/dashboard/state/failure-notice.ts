// What failed of the things that the person asked for; it goes away by itself.
import { signal } from '@preact/signals'
import type { Clock } from './environment.ts'

const SHOWN = 8_000

export type Failure =
  'archive' | 'restore' | 'signOut' | 'unblockMail' | 'resubscribe' | 'assign' | 'tags' | 'block' | 'startChat'

export class FailureNotice {
  readonly value = signal<Failure | null>(null)
  readonly #clock: Clock
  #cancel = (): void => {}

  constructor(clock: Clock) {
    this.#clock = clock
  }

  show(failure: Failure): void {
    this.value.value = failure
    this.#cancel()
    this.#cancel = this.#clock.after(SHOWN, () => {
      this.value.value = null
    })
  }

  close(): void {
    this.#cancel()
  }
}
