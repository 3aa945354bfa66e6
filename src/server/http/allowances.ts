import { isoTime, type Clock } from '../ports/clock.ts'
import type { AllowanceStore } from '../ports/store/allowances.ts'

const MINUTE = 60_000

/** A token bucket that all nodes share, kept as the time until which it is used up (GCRA) */
export interface Allowance {
  /** At most 64 characters */
  id: string
  /** At once */
  burst: number
  /** After which time one more is allowed (ms) */
  every: number
}

/** Takes from allowances in the database */
export class Allowances {
  readonly #store: AllowanceStore
  readonly #clock: Clock
  #sweepAt = 0

  constructor(store: AllowanceStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** Takes one of each, or nothing. @returns 0, or after which time it would be allowed (ms) */
  async take(allowances: Allowance[]): Promise<number> {
    const now = this.#clock.now()
    // An attack leaves no more rows than it makes in a minute
    if (now >= this.#sweepAt) {
      this.#sweepAt = now + MINUTE
      await this.#store.sweepAllowances(isoTime(now))
    }
    let wait = 0
    await this.#change(allowances, (sorted, usedUntil) => {
      const next = sorted.map(({ every }, i) => Math.max(usedUntil[i] ?? 0, now) + every)
      wait = Math.max(0, ...sorted.map(({ burst, every }, i) => (next[i] ?? 0) - now - burst * every))
      return wait > 0 ? null : next
    })
    return wait
  }

  /** Undoes a `take` that should not count after all */
  giveBack(allowances: Allowance[]): Promise<void> {
    return this.#change(allowances, (sorted, usedUntil) =>
      sorted.map(({ every }, i) => Math.max(0, (usedUntil[i] ?? 0) - every)),
    )
  }

  #change(
    allowances: Allowance[],
    change: (sorted: Allowance[], usedUntil: number[]) => number[] | null,
  ): Promise<void> {
    const sorted = allowances.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    return this.#store.changeAllowances(
      sorted.map(({ id }) => id),
      (usedUntil) => change(sorted, usedUntil),
    )
  }
}
