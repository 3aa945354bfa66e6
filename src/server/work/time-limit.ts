import type { Clock } from '../ports/clock.ts'

/** The part of its time in which a turn may begin something. The rest is for what is under way */
const BEGINS = 0.75

/** The time that one turn of work has, where processes do not live on */
export class TimeLimit {
  readonly #clock: Clock
  readonly #beginsUntil: number
  readonly #end: number

  /** @param ms from now */
  constructor(clock: Clock, ms: number) {
    this.#clock = clock
    this.#beginsUntil = clock.now() + ms * BEGINS
    this.#end = clock.now() + ms
  }

  /** Something may be begun for so long (ms); 0: no more */
  get leftToBegin(): number {
    return Math.max(0, this.#beginsUntil - this.#clock.now())
  }

  /** Milliseconds until it is over */
  get left(): number {
    return Math.max(0, this.#end - this.#clock.now())
  }
}
