import type { Clock } from '../../ports/clock.ts'

/**
 * Staff count as online for this long (ms) after somebody was seen, here or on another node. Longer than a reload, a restart of this
 * node, and the pause between what two nodes tell each other.
 */
export const STAFF_HOLDS = 60_000

/** Who of staff has the desk open, on any node. Other nodes say so again and again, and what they said runs out. */
export class StaffPresence {
  readonly #clock: Clock
  readonly #here: () => ReadonlySet<string>
  /** Who has it open elsewhere: id → node → until when that is valid (ms since 1970) */
  readonly #elsewhere = new Map<string, Map<string, number>>()
  /** When somebody was seen last: id → ms since 1970 */
  readonly #lastSeen = new Map<string, number>()
  /** They may have been online until this node began */
  #seenAt: number
  /** Until then (ms since 1970) somebody may be there whose id this node does not know */
  #unknownUntil: number

  /** @param here the ids of those who have the desk open on this node */
  constructor(clock: Clock, here: () => ReadonlySet<string>) {
    this.#clock = clock
    this.#here = here
    this.#seenAt = clock.now()
    this.#unknownUntil = this.#seenAt + STAFF_HOLDS
  }

  /** This member of staff was there just now */
  seen(id: string): void {
    this.#seenAt = this.#clock.now()
    this.#lastSeen.set(id, this.#seenAt)
  }

  /** Another node says that somebody has the desk open, or has closed it. @param until how long that is valid (ms since 1970) */
  heard({ id, left }: { id?: string; left?: true }, node: string, until: number): void {
    if (id === undefined) {
      this.#seenAt = this.#clock.now()
      this.#unknownUntil = this.#seenAt + STAFF_HOLDS
      return
    }
    this.seen(id)
    const nodes = this.#elsewhere.get(id) ?? new Map<string, number>()
    if (left) nodes.delete(node)
    else nodes.set(node, until)
    if (nodes.size > 0) this.#elsewhere.set(id, nodes)
    else this.#elsewhere.delete(id)
  }

  /** Forgets what other nodes have not repeated in time */
  expire(now: number): void {
    for (const [id, nodes] of this.#elsewhere) {
      for (const [node, until] of nodes) if (until < now) nodes.delete(node)
      if (nodes.size === 0) this.#elsewhere.delete(id)
    }
    for (const [id, at] of this.#lastSeen) if (at + STAFF_HOLDS <= now) this.#lastSeen.delete(id)
  }

  /** The ids of those who have the desk open */
  online(): ReadonlySet<string> {
    return new Set([...this.#here(), ...this.#elsewhere.keys()])
  }

  /** Milliseconds for which staff still count as online, if nobody else comes; 0: nobody is there */
  holds(): number {
    if (this.#here().size > 0) this.#seenAt = this.#clock.now()
    return Math.max(0, this.#seenAt + STAFF_HOLDS - this.#clock.now())
  }

  /** The ids of those who count as online; null: this node does not know all of them yet */
  present(): ReadonlySet<string> | null {
    const now = this.#clock.now()
    if (now < this.#unknownUntil) return null
    const justLeft = [...this.#lastSeen].filter(([, at]) => at + STAFF_HOLDS > now).map(([id]) => id)
    return new Set([...this.online(), ...justLeft])
  }
}
