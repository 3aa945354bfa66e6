// Whether one more socket or event stream may be opened: by this address, and by this person.
import { DeskbellError } from '../../../protocol/errors.ts'
import type { Core } from '../../core.ts'
import type { Identity } from '../../people/identity.ts'

/** Far beyond anybody's tabs and devices. Each message of a chat goes to every connection of its people */
export const MAX_PERSON_CONNECTIONS = 1_000

const keyOf = ({ role, id }: Identity): string => `${role}:${id}`

/** @throws DeskbellError `rate_limited` */
export function admit({ people }: Core, identity: Identity): void {
  if (people?.isFull(keyOf(identity))) {
    throw new DeskbellError('rate_limited', 'Too many connections of this person', 10)
  }
}

/** One connection's place among those of its address and its person. An object and no closure: it is kept as long as that is */
export class Place {
  readonly #core: Core
  readonly #address: string | undefined
  readonly #person: string | undefined
  #left = false

  private constructor(core: Core, address: string | undefined, person: string | undefined) {
    this.#core = core
    this.#address = address
    this.#person = person
    if (address !== undefined) core.addresses?.enter(address)
    if (person !== undefined) core.people?.enter(person)
  }

  /** Undefined when there is no room */
  static take(core: Core, address: string | undefined, identity: Identity | undefined): Place | undefined {
    const person = identity && keyOf(identity)
    const isFull = core.addresses?.isFull(address) || (person !== undefined && core.people?.isFull(person))
    return isFull ? undefined : new Place(core, address, person)
  }

  /** The connection is gone; saying it again changes nothing */
  leave(): void {
    if (this.#left) return
    this.#left = true
    if (this.#address !== undefined) this.#core.addresses?.leave(this.#address)
    if (this.#person !== undefined) this.#core.people?.leave(this.#person)
  }
}
