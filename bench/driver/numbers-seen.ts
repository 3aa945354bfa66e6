// What one receiver saw of one sender's numbered messages: which arrived, which twice, which after a later one.

export interface Tally {
  received: number
  doubled: number
  disordered: number
}

export class NumbersSeen {
  /** All below it have arrived */
  #next = 0
  #highest = -1
  /** Those above it that have arrived */
  #ahead = new Set<number>()
  readonly tally: Tally = { received: 0, doubled: 0, disordered: 0 }

  /** @returns false when it had arrived before */
  see(number: number): boolean {
    if (number < this.#next || this.#ahead.has(number)) {
      this.tally.doubled++
      return false
    }
    this.tally.received++
    if (number < this.#highest) this.tally.disordered++
    else this.#highest = number
    if (number === this.#next) {
      this.#next++
      while (this.#ahead.delete(this.#next)) this.#next++
    } else {
      this.#ahead.add(number)
    }
    return true
  }
}

export function sumTallies(all: Iterable<NumbersSeen>): Tally {
  const sum: Tally = { received: 0, doubled: 0, disordered: 0 }
  for (const { tally } of all) {
    sum.received += tally.received
    sum.doubled += tally.doubled
    sum.disordered += tally.disordered
  }
  return sum
}
