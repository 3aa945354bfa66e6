// A bus between nodes of one process that does everything that a bus may do: lose, duplicate, delay and reorder hints, and be unavailable for a time.
import type { Bus } from '../server/ports/bus.ts'

type Listener = { receive: (hint: string) => void; resumed: () => void }

export interface BusFaults {
  /** Chances, from 0 to 1, for each hint and listener */
  lose: number
  double: number
  /** Each hint is delayed by up to this time (ms), independently, so hints arrive in any order */
  delay: number
}

export class LossyBus {
  faults: BusFaults = { lose: 0, double: 0, delay: 0 }
  readonly #listeners = new Set<Listener>()
  readonly #random: () => number
  #away = false

  constructor(random: () => number = Math.random) {
    this.#random = random
  }

  /** The bus of one node */
  node(): Bus {
    let mine: Listener | undefined
    return {
      publish: (hint) => this.#publish(hint),
      listen: async (receive, resumed) => void this.#listeners.add((mine = { receive, resumed })),
      close: async () => void (mine && this.#listeners.delete(mine)),
    }
  }

  /** Hints that are published from now on are lost */
  goAway(): void {
    this.#away = true
  }

  /** @param silently `resumed` is not called, although hints were lost */
  comeBack(silently = false): void {
    this.#away = false
    if (!silently) for (const { resumed } of this.#listeners) resumed()
  }

  #publish(hint: string): void {
    const { lose, double, delay } = this.faults
    for (const listener of this.#listeners) {
      const copies = this.#random() < double ? 2 : 1
      for (let n = 0; n < copies; n++) {
        if (this.#away || this.#random() < lose) continue
        setTimeout(() => this.#listeners.has(listener) && listener.receive(hint), this.#random() * delay)
      }
    }
  }
}
