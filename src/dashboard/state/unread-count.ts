// How many active chats have something unread. The server counts.
import { signal } from '@preact/signals'
import type { Clock } from './environment.ts'

/** However many events come within this time (ms), they cause one request */
const GATHER = 300

export class UnreadCount {
  readonly value = signal(0)
  readonly #ask: () => Promise<number>
  readonly #clock: Clock
  #cancel: (() => void) | null = null
  #asked = 0

  constructor(ask: () => Promise<number>, clock: Clock) {
    this.#ask = ask
    this.#clock = clock
  }

  /** Something may have changed it */
  recount(): void {
    this.#cancel ??= this.#clock.after(GATHER, () => {
      this.#cancel = null
      const asked = ++this.#asked
      this.#ask().then(
        (count) => {
          // Of two answers the one to the later question counts
          if (asked === this.#asked) this.value.value = count
        },
        // The next event or reconnect counts again
        () => {},
      )
    })
  }

  close(): void {
    this.#cancel?.()
    this.#asked++
  }
}
