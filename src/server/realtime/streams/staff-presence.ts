import type { Clock } from '../../ports/clock.ts'

/**
 * Staff count as online for this long (ms) after somebody was seen, here or on another node. Longer than a reload, a restart of this
 * node, and the pause between what two nodes tell each other.
 */
export const STAFF_HOLDS = 60_000

/** Whether somebody of staff has the desk open, on any node. Other nodes say so again and again, and what they said runs out. */
export class StaffPresence {
  readonly #clock: Clock
  readonly #isHere: () => boolean
  /** They may have been online until this node began */
  #seenAt: number

  /** @param isHere somebody has the desk open on this node */
  constructor(clock: Clock, isHere: () => boolean) {
    this.#clock = clock
    this.#isHere = isHere
    this.#seenAt = clock.now()
  }

  /** Somebody was there just now */
  seen(): void {
    this.#seenAt = this.#clock.now()
  }

  /** Milliseconds for which staff still count as online, if nobody else comes; 0: nobody is there */
  holds(): number {
    if (this.#isHere()) this.seen()
    return Math.max(0, this.#seenAt + STAFF_HOLDS - this.#clock.now())
  }
}
