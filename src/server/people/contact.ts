// What visitors say about themselves. Anybody can type any address and any name, so it is shown to staff as unverified, identifies nobody, and
// lets nobody read anything.
import { isEmailAddress } from '../../protocol/email-address.ts'
import { DeskbellError } from '../../protocol/errors.ts'
import type { VisitorContact } from '../../protocol/types.ts'
import type { Core } from '../core.ts'
import { isoTime } from '../ports/clock.ts'
import { nameOf } from './details.ts'
import type { Identity } from './identity.ts'
import { refuseBlocked } from './policy.ts'
import { isVisitorIdentity } from './visitors.ts'

/** What is known of the caller: of an account, what the host says */
export async function contactOf({ store }: Core, { id }: Identity): Promise<VisitorContact> {
  const person = await store.findPerson(id)
  return { email: person?.email ?? '', name: person?.name ?? null }
}

/**
 * Replaces what a visitor said about themselves. Of an account nothing changes: the host says it. An address is kept in lower case, so
 * that however it is typed it is the same one.
 * @param given an empty address or name takes it back
 * @returns what is stored now
 * @throws DeskbellError `not_found` before their first message; `blocked`; `invalid_request`
 */
export async function saveContact(core: Core, identity: Identity, given: VisitorContact): Promise<VisitorContact> {
  if (!isVisitorIdentity(identity)) return contactOf(core, identity)
  const { store, clock, hub } = core
  const chat = await store.findChatOf(identity.id)
  if (!chat) throw new DeskbellError('not_found', 'Write a message first')
  refuseBlocked(identity, chat)
  const email = given.email.trim().toLowerCase()
  if (email !== '' && !isEmailAddress(email))
    throw new DeskbellError('invalid_request', 'email: must be an e-mail address, or empty')
  const contact = { email, name: nameOf(given.name) }
  const changed = await store.describePeople([{ id: identity.id, ...contact }], isoTime(clock.now()))
  if (changed.length > 0) hub.described(chat.id)
  return contact
}
