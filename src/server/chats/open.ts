import { v7 as uuidv7 } from 'uuid'
import { DeskbellError } from '../../protocol/errors.ts'
import type { Core } from '../core.ts'
import { isCleanText } from '../http/input.ts'
import { WAIT_FOR_HOST } from '../people/host-users.ts'
import { personOf, type Identity } from '../people/identity.ts'
import { authorize, demand, type Action } from '../people/policy.ts'
import { isVisitorIdentity, type Visitor } from '../people/visitors.ts'
import { isoTime } from '../ports/clock.ts'
import type { ChatRecord } from '../ports/store/chats.ts'
import type { Person } from '../ports/store/people.ts'
import { UnwrittenChat } from './unwritten-chat.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

interface Opening {
  identity: Identity
  /** The chat is found, and not created; nor is the visit recorded. Default: false */
  onlyLooks?: boolean
  /** The page that the caller is on */
  pageUrl?: string | undefined
}

/**
 * Finds the caller's only chat, or creates it on first use: that of a visitor with their first message, so until then it is an
 * `UnwrittenChat`. Also records their visit and the page they are on.
 * @throws DeskbellError `forbidden` for staff, who have no chat; `not_found` for one who only looks and has none
 */
export async function ensureChat(core: Core, { identity, onlyLooks = false, pageUrl }: Opening): Promise<ChatRecord> {
  demand(identity, 'open_own_chat')
  const { store, visits } = core
  const person = personOf(identity, pageUrl)
  const chat = await store.findChatOf(identity.id)
  if (isVisitorIdentity(identity)) {
    if (!chat) return UnwrittenChat.of(identity)
    // What they said about themselves stays
    if (!onlyLooks) visits.note({ ...person, email: undefined })
    return chat
  }
  if (onlyLooks) return authorize(identity, 'read_chat', chat)
  if (chat) {
    visits.note(person)
    return chat
  }
  const [described = person] = (await core.hostUsers?.described([person], WAIT_FOR_HOST)) ?? []
  return unlessErased(core, identity, await openFirst(core, described))
}

/**
 * Finds or creates a visitor's chat in the database.
 * @param chat as they saw it before
 * @throws DeskbellError `rate_limited`, `token_revoked`
 */
export async function writeVisitorsChat(core: Core, visitor: Visitor, { id }: UnwrittenChat): Promise<ChatRecord> {
  const known = await core.store.findChatOf(visitor.id)
  if (known) return known
  core.visitors?.limits?.newChat(visitor.address)
  return unlessErased(core, visitor, await openFirst(core, personOf(visitor, undefined), id))
}

/**
 * They may have been erased meanwhile, by another node or the command line, and must not come back by what they had open.
 * @throws DeskbellError `token_revoked`
 */
export async function unlessErased<T>(core: Core, identity: Identity, opened: T): Promise<T> {
  await core.revocations.refresh()
  if (!core.revocations.covers(identity)) return opened
  await core.store.erasePerson(identity.id)
  throw new DeskbellError('token_revoked')
}

/** Saves the person, and finds or creates their chat */
export async function openFirst(
  { store, clock }: Pick<Core, 'store' | 'clock'>,
  person: Person,
  id: string = uuidv7(),
): Promise<ChatRecord> {
  const at = isoTime(clock.now())
  for (let tries = 1; ; tries++) {
    await store.savePeople([person], at)
    try {
      return await store.openChat(person.id, id, at)
    } catch (error) {
      // They may have been erased between the two
      if (tries > 1 || (await store.findPerson(person.id))) throw error
    }
  }
}

/**
 * Finds a chat in which the caller may do `action`.
 * @throws DeskbellError `not_found` for a chat that does not exist, or belongs to another user; `forbidden`
 */
export async function findChat(
  { store }: Core,
  { identity, action, id }: { identity: Identity; action: Action; id: unknown },
): Promise<ChatRecord> {
  const wanted = typeof id === 'string' && UUID.test(id) ? id.toLowerCase() : undefined
  const stored = wanted === undefined ? undefined : await store.findChat(wanted)
  return authorize(identity, action, stored ?? (await unwritten(identity, wanted)))
}

/**
 * Finds the chat of a user, for staff.
 * @throws DeskbellError `not_found` when no user with this id has one; `forbidden`
 */
export async function findChatOfUser(
  { store }: Pick<Core, 'store'>,
  { identity, action, userId }: { identity: Identity; action: Action; userId: string },
): Promise<ChatRecord> {
  const chat = isCleanText(userId) ? await store.findChatOf(userId) : undefined
  if (!chat) throw new DeskbellError('not_found', 'No user with this id has a chat')
  return authorize(identity, action, chat)
}

/** The chat with this id, if it is the caller's own and waits for its first message */
async function unwritten(identity: Identity, id: string | undefined): Promise<UnwrittenChat | undefined> {
  const own = id !== undefined && isVisitorIdentity(identity) ? await UnwrittenChat.of(identity) : undefined
  return own?.id === id ? own : undefined
}
