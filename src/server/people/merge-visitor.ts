// Somebody who wrote without an account signs in: what they wrote becomes theirs.
import { DeskbellError } from '../../protocol/errors.ts'
import { unlessErased } from '../chats/open.ts'
import type { Core } from '../core.ts'
import { isoTime } from '../ports/clock.ts'
import { WAIT_FOR_HOST } from './host-users.ts'
import { personKey, personOf, type Identity } from './identity.ts'
import { erasedChat } from './revocations.ts'
import { isVisitorIdentity, visitorId } from './visitors.ts'

interface Merge {
  /** Signed in, by credentials that were checked */
  identity: Identity
  /** The visitor's, which proves that the chat is the caller's */
  token: string
}

/**
 * Gives a visitor's chat to the caller's account, once. It may be repeated, also after an answer that got lost.
 * @returns false: the visitor wrote nothing, or was merged before
 * @throws DeskbellError `forbidden` for a caller who is a visitor too; `token_revoked`
 */
export async function mergeVisitor(core: Core, { identity, token }: Merge): Promise<boolean> {
  if (isVisitorIdentity(identity)) throw new DeskbellError('forbidden', 'A visitor is merged into an account')
  const { store, clock, revocations, hub } = core
  const visitor = await visitorId(token)
  if (!(await store.findChatOf(visitor))) return false
  const person = personOf(identity, undefined)
  const [described = person] = (await core.hostUsers?.described([person], WAIT_FOR_HOST)) ?? []
  await store.savePeople([described], isoTime(clock.now()))
  // First, or a page that is still open would make the visitor a new chat
  await revocations.revoke(personKey({ role: 'user', id: visitor }))
  const merged = await store.mergeVisitor(visitor, identity.id, isoTime(clock.now()))
  await unlessErased(core, identity, merged)
  if (!merged) return false
  const { chat_id, gone_chat_id } = merged
  hub.merged(chat_id)
  if (gone_chat_id !== null) {
    await revocations.revoke(erasedChat(gone_chat_id))
    hub.hintErased(gone_chat_id)
  }
  return true
}
