// Erases visitors who have not been here for long, and forgets the addresses that they typed: nobody else would, since they have no
// account that ends.
import { isoTime, type Clock } from '../ports/clock.ts'
import { VISITOR_ID_PREFIX } from '../../protocol/visitor.ts'
import { base64url } from '../bytes.ts'
import type { Store } from '../ports/store/store.ts'
import { TYPED_EVERY } from '../ports/store/visitors.ts'
import type { TimeLimit } from '../work/time-limit.ts'

const DAY = 24 * 3_600_000
/** How often a node looks (ms), and at how many visitors */
export const SWEEP_EVERY = 60_000
export const SWEEP_AT_ONCE = 200

export interface VisitorSweepOptions {
  store: Pick<Store, 'idleVisitors' | 'erasePerson' | 'forgetTyped'>
  clock: Clock
  /** Null: no visitors are taken. Those of before stay, but not the addresses that they typed */
  idleDays: number | null
  onError: (error: unknown) => void
  /** The chat is gone */
  onErased: (chatId: string) => void
  /** It sweeps when `runDue` is called, and starts no timer. Default: false */
  onDemand?: boolean
}

export class VisitorSweep {
  readonly #options: VisitorSweepOptions
  #after = ''
  #erased = 0
  #isFailing = false
  #sweeping: Promise<void> = Promise.resolve()
  #cancel: (() => void) | undefined
  #closed = false

  constructor(options: VisitorSweepOptions) {
    this.#options = options
    if (!options.onDemand) this.#schedule()
  }

  /**
   * Looks at a bounded part of all visitors. Nobody remembers where the last turn ended, so each begins at random: ids are hashes.
   * Never rejects
   * @returns how many were erased
   */
  async runDue(limit: TimeLimit): Promise<number> {
    const before = this.#erased
    const goesOn = (): boolean => limit.leftToBegin > 0
    this.#after = VISITOR_ID_PREFIX + base64url(crypto.getRandomValues(new Uint8Array(8)))
    await this.#sweep(goesOn)
    // It came to the last one
    if (this.#after === '') await this.#sweep(goesOn)
    return this.#erased - before
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
      this.#sweeping = this.#sweep(() => true).finally(() => {
        if (!this.#closed) this.#schedule()
      })
    })
  }

  /** A bounded part of all visitors; the next turn goes on from there. Never rejects */
  async #sweep(goesOn: () => boolean): Promise<void> {
    const { store, clock, idleDays, onError } = this.#options
    try {
      await store.forgetTyped(isoTime(clock.now() - TYPED_EVERY))
      if (idleDays !== null) await this.#eraseIdle(isoTime(clock.now() - idleDays * DAY), goesOn)
      this.#isFailing = false
    } catch (error) {
      // Report an outage once
      if (!this.#isFailing) onError(error)
      this.#isFailing = true
    }
  }

  async #eraseIdle(before: string, goesOn: () => boolean): Promise<void> {
    const { store, onErased } = this.#options
    const { ids, last } = await store.idleVisitors({ after: this.#after, limit: SWEEP_AT_ONCE, before })
    for (const id of ids) {
      if (this.#closed || !goesOn()) return
      // They may have come back while others were erased
      const { ids: still } = await store.idleVisitors({ after: this.#after, limit: SWEEP_AT_ONCE, before })
      // Also where the erasure fails: one who cannot be erased must not hold up the others
      this.#after = id
      if (!still.includes(id)) continue
      // Their credentials stay good: who comes back after all begins with an empty chat
      const erasure = await store.erasePerson(id)
      if (erasure) this.#erased++
      if (erasure?.chat_id) onErased(erasure.chat_id)
    }
    this.#after = last ?? ''
  }
}
