// Erases the people whose chats have been archived for long, with all that is stored about them, bit by bit.
import { isoTime, type Clock } from '../ports/clock.ts'
import type { ListCursor } from '../ports/store/chats.ts'
import type { Store } from '../ports/store/store.ts'
import type { TimeLimit } from '../work/time-limit.ts'

const DAY = 24 * 3_600_000
/** How often a node looks (ms), and at how many chats of the archive */
export const RETAIN_EVERY = 60_000
export const RETAIN_AT_ONCE = 100

export interface RetentionOptions {
  store: Pick<Store, 'oldArchive' | 'erasePerson'>
  clock: Clock
  /** How long a chat stays in the archive */
  days: number
  onError: (error: unknown) => void
  /** The chat is gone */
  onErased: (chatId: string) => void
  /** It erases when `runDue` is called, and starts no timer. Default: false */
  onDemand?: boolean
}

export class Retention {
  readonly #options: RetentionOptions
  #after: ListCursor | undefined
  #isFailing = false
  #running: Promise<void> = Promise.resolve()
  #cancel: (() => void) | undefined
  #closed = false

  constructor(options: RetentionOptions) {
    this.#options = options
    if (!options.onDemand) this.#schedule()
  }

  /** A bounded part of the archive; another process begins with its oldest chat. Never rejects */
  async runDue(limit: TimeLimit): Promise<void> {
    this.#running = this.#run(() => limit.leftToBegin > 0)
    await this.#running
  }

  /** Resolves when the turn that is under way has ended */
  idle(): Promise<void> {
    return this.#running
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#cancel?.()
    await this.idle()
  }

  #schedule(): void {
    this.#cancel = this.#options.clock.after(RETAIN_EVERY, () => {
      this.#running = this.#run(() => true).finally(() => {
        if (!this.#closed) this.#schedule()
      })
    })
  }

  /** Goes on from where the last turn ended. Never rejects */
  async #run(goesOn: () => boolean): Promise<void> {
    const { store, clock, days, onError, onErased } = this.#options
    const before = isoTime(clock.now() - days * DAY)
    try {
      const { chats, last } = await store.oldArchive({ before, after: this.#after, limit: RETAIN_AT_ONCE })
      for (const { user_id } of chats) {
        if (this.#closed || !goesOn()) return
        // Not where they wrote meanwhile. Their credentials stay good: who comes back begins with an empty chat
        const erasure = await store.erasePerson(user_id, { archivedBefore: before })
        if (erasure?.chat_id) onErased(erasure.chat_id)
      }
      this.#after = last ?? undefined
      this.#isFailing = false
    } catch (error) {
      // Report an outage once; the next turn tries the same chats again
      if (!this.#isFailing) onError(error)
      this.#isFailing = true
    }
  }
}
