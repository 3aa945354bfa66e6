import { v7 as uuidv7 } from 'uuid'
import { DeskbellError } from '../../protocol/errors.ts'
import type { Core } from '../core.ts'
import { authorize, type Identity } from '../people/identity.ts'
import { isoTime } from '../ports/clock.ts'
import type { ChatRecord } from '../ports/store/chats.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The caller's one chat, made on first use; also notes that they were here, and on which page. */
export async function ensureChat(core: Core, identity: Identity, pageUrl?: string): Promise<ChatRecord> {
  if (identity.role !== 'user') throw new DeskbellError('forbidden', 'Support staff have no chat of their own')
  const { store, clock, visits } = core
  const person = { id: identity.id, email: identity.email, name: identity.name, page_url: pageUrl }
  const chat = await store.findChatOf(identity.id)
  if (chat) {
    visits.note(person)
    return chat
  }
  const at = isoTime(clock.now())
  await store.savePeople([person], at)
  return store.openChat(identity.id, uuidv7(), at)
}

/** @throws DeskbellError `not_found` for a chat that is unknown or not the caller's */
export async function findChat({ store }: Core, identity: Identity, id: unknown): Promise<ChatRecord> {
  const known = typeof id === 'string' && UUID.test(id)
  return authorize(identity, known ? await store.findChat(id.toLowerCase()) : undefined)
}
