import { v7 as uuidv7 } from 'uuid'
import type { Core } from '../core.ts'
import type { Identity } from '../people/identity.ts'
import { authorize, demand, type Action } from '../people/policy.ts'
import { isoTime } from '../ports/clock.ts'
import type { ChatRecord } from '../ports/store/chats.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

interface Opening {
  identity: Identity
  /** The chat is found, and not created; nor is the visit recorded. Default: false */
  onlyLooks?: boolean
  /** The page that the caller is on */
  pageUrl?: string | undefined
}

/**
 * Finds the caller's only chat, or creates it on first use. Also records their visit and the page they are on.
 * @throws DeskbellError `forbidden` for staff, who have no chat; `not_found` for one who only looks and has none
 */
export async function ensureChat(core: Core, { identity, onlyLooks = false, pageUrl }: Opening): Promise<ChatRecord> {
  demand(identity, 'open_own_chat')
  const { store, clock, visits } = core
  const person = { id: identity.id, email: identity.email, name: identity.name, page_url: pageUrl }
  const chat = await store.findChatOf(identity.id)
  if (onlyLooks) return authorize(identity, 'read_chat', chat)
  if (chat) {
    visits.note(person)
    return chat
  }
  const at = isoTime(clock.now())
  await store.savePeople([person], at)
  return store.openChat(identity.id, uuidv7(), at)
}

/**
 * Finds a chat in which the caller may do `action`.
 * @throws DeskbellError `not_found` for a chat that does not exist, or belongs to another user; `forbidden`
 */
export async function findChat(
  { store }: Core,
  { identity, action, id }: { identity: Identity; action: Action; id: unknown },
): Promise<ChatRecord> {
  const isId = typeof id === 'string' && UUID.test(id)
  return authorize(identity, action, isId ? await store.findChat(id.toLowerCase()) : undefined)
}
