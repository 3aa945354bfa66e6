const MINUTE = 60_000

/** Lets so many through in a minute: what strangers cause must not fill the disk. */
export class Sparing {
  readonly #limit: number
  #until = 0
  #passed = 0
  #held = 0

  constructor(perMinute: number) {
    this.#limit = perMinute
  }

  /** @param tell is given how many were held back since the last one that was let through */
  pass(tell: (held: number) => void): void {
    const now = Date.now()
    if (now >= this.#until) {
      this.#until = now + MINUTE
      this.#passed = 0
    }
    if (++this.#passed > this.#limit) {
      this.#held++
      return
    }
    tell(this.#held)
    this.#held = 0
  }
}
