import { DeskbellError } from '../../protocol/errors.ts'
import type { Clock } from '../ports/clock.ts'

export interface Rate {
  /** Tokens added per second */
  perSecond: number
  /** Tokens in a full bucket */
  burst: number
}

interface Bucket {
  tokens: number
  at: number
}

/** A token bucket per person. Full buckets are dropped, so memory depends only on who is active now. */
export class RateLimit {
  readonly #rate: Rate
  readonly #clock: Clock
  readonly #buckets = new Map<string, Bucket>()
  #sweepAt = 0

  constructor(rate: Rate, clock: Clock) {
    this.#rate = rate
    this.#clock = clock
  }

  /** @throws DeskbellError `rate_limited` */
  take(person: string): void {
    const { perSecond, burst } = this.#rate
    const now = this.#clock.now()
    if (now > this.#sweepAt) this.#sweep(now)
    const bucket = this.#buckets.get(person) ?? { tokens: burst, at: now }
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * perSecond)
    bucket.at = now
    this.#buckets.set(person, bucket)
    if (bucket.tokens < 1) throw new DeskbellError('rate_limited', undefined, (1 - bucket.tokens) / perSecond)
    bucket.tokens -= 1
  }

  /** Undoes a `take` that should not count after all */
  giveBack(person: string): void {
    const bucket = this.#buckets.get(person)
    if (bucket) bucket.tokens = Math.min(this.#rate.burst, bucket.tokens + 1)
  }

  #sweep(now: number): void {
    const full = (this.#rate.burst / this.#rate.perSecond) * 1000
    for (const [person, bucket] of this.#buckets) if (now - bucket.at > full) this.#buckets.delete(person)
    this.#sweepAt = now + 60_000
  }
}
