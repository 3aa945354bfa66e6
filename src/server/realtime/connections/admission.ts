// Whether one more socket or event stream may be opened: from this address, and by this person.
import { DeskbellError } from '../../../protocol/errors.ts'
import type { Core } from '../../core.ts'
import { personKey, type Identity } from '../../people/identity.ts'

/** Far beyond anybody's tabs and devices. Each message of a chat goes to every connection of its people */
export const MAX_PERSON_CONNECTIONS = 1_000

/** @throws DeskbellError `rate_limited` */
export function admit({ personConnections }: Core, identity: Identity): void {
  if (personConnections?.isFull(personKey(identity))) {
    throw new DeskbellError('rate_limited', 'Too many connections of this person', 10)
  }
}

/**
 * One connection, as it counts for its address and its person. An object and no closure, since it is kept for as long as the
 * connection.
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

  /** The connection is gone. A second call changes nothing */
  leave(): void {
    if (this.#left) return
    this.#left = true
    if (this.#address !== undefined) this.#core.addresses?.leave(this.#address)
    if (this.#person !== undefined) this.#core.personConnections?.leave(this.#person)
  }
}
