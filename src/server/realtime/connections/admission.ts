// Decides whether an address and a person may open one more socket or event stream.
import { DeskbellError } from '../../../protocol/errors.ts'
import type { Core } from '../../core.ts'
import { personKey, type Identity } from '../../people/identity.ts'

/** Far more than anybody's tabs and devices. A limit is needed because each message goes to every connection of its readers */
export const MAX_PERSON_CONNECTIONS = 1_000
/** Seconds after which whoever has too many connections may have fewer */
export const FEWER_AFTER = 10

/** @throws DeskbellError `rate_limited` */
export function admit({ personConnections }: Core, identity: Identity): void {
  if (personConnections?.isFull(personKey(identity))) {
    throw new DeskbellError('rate_limited', 'This person has too many connections', FEWER_AFTER)
  }
}

/**
 * Counts one connection for its address and its person. It lives as long as the connection, so it is an object, which takes less
 * memory than a closure.
 */
export class ConnectionSlot {
  readonly #core: Core
  readonly #address: string | undefined
  readonly #person: string | undefined
  #left = false

  private constructor(core: Core, address: string | undefined, person: string | undefined) {
    this.#core = core
    this.#address = address
    this.#person = person
    if (address !== undefined) core.addresses?.enter(address)
    if (person !== undefined) core.personConnections?.enter(person)
  }

  /** Undefined when the address or the person has too many connections */
  static take(core: Core, address: string | undefined, identity: Identity | undefined): ConnectionSlot | undefined {
    const person = identity && personKey(identity)
    const isFull = core.addresses?.isFull(address) || (person !== undefined && core.personConnections?.isFull(person))
    return isFull ? undefined : new ConnectionSlot(core, address, person)
  }

  /** Frees the slot. A second call does nothing */
  leave(): void {
    if (this.#left) return
    this.#left = true
    if (this.#address !== undefined) this.#core.addresses?.leave(this.#address)
    if (this.#person !== undefined) this.#core.personConnections?.leave(this.#person)
  }
}
