import { personKey, type Identity } from './identity.ts'

/** Sightings are kept for this time (ms) after the issue time has come, because revocations by other nodes are learned later */
const KEEP = 10_000

/** Hosts date most tokens in whole seconds, so a token may be from the end of its second. @param issuedAt ms since 1970 */
export const lastMoment = (issuedAt: number): number => (issuedAt % 1000 === 0 ? issuedAt + 999 : issuedAt)

/**
 * Remembers tokens that were seen before the time at which they say they were issued: the clock of their host is ahead, by a minute at
 * most (`LEEWAY`). A revocation right after must end them too, although its time is earlier than theirs.
 */
export class IssuedAhead {
  /** Person → issue time → when it was seen first; all in ms since 1970 */
  readonly #seen = new Map<string, Map<number, number>>()
  #forgetAt = 0

  /** People of whom something is remembered */
  get size(): number {
    return this.#seen.size
  }

  saw(identity: Identity, now: number): void {
    const { issuedAt } = identity
    if (typeof issuedAt !== 'number' || issuedAt <= now) return
    const person = personKey(identity)
    const sightings = this.#seen.get(person) ?? new Map<number, number>()
    if (!sightings.has(issuedAt)) sightings.set(issuedAt, now)
    this.#seen.set(person, sightings)
    this.#forget(now)
  }

  /** The time until which a revocation made at `at` must reach to end all tokens of the person that had been seen by then */
  reach(person: string, at: number): number {
    let end = at
    for (const [issuedAt, seenAt] of this.#seen.get(person) ?? [])
      if (seenAt <= at) end = Math.max(end, lastMoment(issuedAt) + 1)
    return end
  }

  /** Not with each of them: after a start everybody comes at once */
  #forget(now: number): void {
    if (now < this.#forgetAt) return
    this.#forgetAt = now + KEEP
    for (const [person, sightings] of this.#seen) {
      for (const issuedAt of sightings.keys()) if (issuedAt < now - KEEP) sightings.delete(issuedAt)
      if (sightings.size === 0) this.#seen.delete(person)
    }
  }
}
