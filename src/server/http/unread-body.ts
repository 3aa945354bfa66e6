import type { Clock } from '../ports/clock.ts'

/** So long no byte may come (ms) */
const IDLE = 30_000
/** How long a body may take in all (ms): 25 MB at 1 Mbit/s take 200 s. A sender who trickles must not hold a place for hours */
const WHOLE = 300_000
/** Bodies at a time, on this node */
const AT_ONCE = 100

/**
 * Reads what is left of a body that was refused, and drops it. Browsers look for no answer before they have sent all of a body: where the server
 * closes the connection meanwhile, they say that the network failed instead of what the answer says.
 */
export class UnreadBodies {
  readonly #clock: Clock
  #open = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves at its end, or when it takes too long; at once where somebody reads it, its length is not known, or too many are open. Never rejects */
  async drop({ body, bodyUsed, headers }: Request): Promise<void> {
    if (!body || bodyUsed || body.locked || !headers.has('content-length') || this.#open >= AT_ONCE) return
    this.#open++
    const reader = body.getReader()
    const giveUp = (): void => void reader.cancel().catch(() => undefined)
    const inTime = this.#clock.after(WHOLE, giveUp)
    try {
      for (let done = false; !done;) {
        const cameOn = this.#clock.after(IDLE, giveUp)
        ;({ done } = await reader.read().finally(cameOn))
      }
    } catch {
      // The peer is gone
    } finally {
      inTime()
      this.#open--
    }
  }
}
