import type { Clock } from '../ports/clock.ts'

/** Milliseconds */
const SHORTEST = 1_000
const LONGEST_GUESS = 60_000

/** How long the provider takes no mails: for as long as it says, and longer each time when that was too short. */
export class ProviderPause {
  readonly #clock: Clock
  #until = 0
  /** Pauses since the last mail that was accepted */
  #inARow = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Milliseconds since 1970 */
  get until(): number {
    return this.#until
  }

  get isOn(): boolean {
    return this.#clock.now() < this.#until
  }

  /** @param ms what the provider said */
  begin(ms: number): void {
    // Several mails were under way, and all of them are put off
    if (!this.isOn) this.#inARow++
    const guess = Math.min(SHORTEST * 2 ** (this.#inARow - 1), LONGEST_GUESS)
    this.#until = Math.max(this.#until, this.#clock.now() + Math.max(ms, guess))
  }

  /** A mail was accepted */
  end(): void {
    this.#inARow = 0
  }
}
