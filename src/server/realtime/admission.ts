// Whether one more socket or event stream may be opened: by this address, and by this person.
import { DeskbellError } from '../../protocol/errors.ts'
import type { Core } from '../core.ts'
import type { Identity } from '../people/identity.ts'

/** Far beyond anybody's tabs and devices. Each message of a chat goes to every connection of its people */
export const MAX_PERSON_CONNECTIONS = 1_000

const keyOf = ({ role, id }: Identity): string => `${role}:${id}`

/** @throws DeskbellError `rate_limited` */
export function admit({ people }: Core, identity: Identity): void {
  if (people?.isFull(keyOf(identity))) {
    throw new DeskbellError('rate_limited', 'Too many connections of this person', 10)
  }
}

/** Undefined when there is no room; else to be called when the connection is gone */
export function enter(
  { addresses, people }: Core,
  address: string | undefined,
  identity: Identity | undefined,
): (() => void) | undefined {
  if (addresses?.isFull(address) || (identity && people?.isFull(keyOf(identity)))) return undefined
  const leaves = [addresses?.enter(address), identity && people?.enter(keyOf(identity))]
  return () => leaves.forEach((leave) => leave?.())
}
