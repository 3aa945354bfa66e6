// Erases visitors who have not been here for long: nobody else would, since they have no account that ends.
import { isoTime, type Clock } from '../ports/clock.ts'
import type { Store } from '../ports/store/store.ts'

const DAY = 24 * 3_600_000
/** How often a node looks (ms), and at how many visitors */
export const SWEEP_EVERY = 60_000
export const SWEEP_AT_ONCE = 200

export interface VisitorSweepOptions {
  store: Pick<Store, 'idleVisitors' | 'erasePerson'>
  clock: Clock
  idleDays: number
  onError: (error: unknown) => void
  /** The chat is gone */
  onErased: (chatId: string) => void
}

export class VisitorSweep {
  readonly #options: VisitorSweepOptions
  #after = ''
  #isFailing = false
  #sweeping: Promise<void> = Promise.resolve()
  #cancel: (() => void) | undefined
  #closed = false

  constructor(options: VisitorSweepOptions) {
    this.#options = options
    this.#schedule()
  }

  /** Resolves when the turn that is under way has ended */
  idle(): Promise<void> {
    return this.#sweeping
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#cancel?.()
    await this.idle()
  }

  #schedule(): void {
    this.#cancel = this.#options.clock.after(SWEEP_EVERY, () => {
      this.#sweeping = this.#sweep().finally(() => {
        if (!this.#closed) this.#schedule()
      })
    })
  }

  /** A bounded part of all visitors; the next turn goes on from there. Never rejects */
  async #sweep(): Promise<void> {
    const { store, clock, idleDays, onError, onErased } = this.#options
    const before = isoTime(clock.now() - idleDays * DAY)
    try {
      const { ids, last } = await store.idleVisitors({ after: this.#after, limit: SWEEP_AT_ONCE, before })
      for (const id of ids) {
        if (this.#closed) return
        // They may have come back while others were erased
        const { ids: still } = await store.idleVisitors({ after: this.#after, limit: SWEEP_AT_ONCE, before })
        // Also where the erasure fails: one who cannot be erased must not hold up the others
        this.#after = id
        if (!still.includes(id)) continue
        // Their credentials stay good: who comes back after all begins with an empty chat
        const erasure = await store.erasePerson(id)
        if (erasure?.chat_id) onErased(erasure.chat_id)
      }
      this.#after = last ?? ''
      this.#isFailing = false
    } catch (error) {
      // Report an outage once
      if (!this.#isFailing) onError(error)
      this.#isFailing = true
    }
  }
}
