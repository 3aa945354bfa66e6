import { v7 as uuidv7 } from 'uuid'
import { DeskbellError } from '../../protocol/errors.ts'
import { isVisitor } from '../../protocol/visitor.ts'
import type { Core } from '../core.ts'
import { isCleanText } from '../http/input.ts'
import type { Identity } from '../people/identity.ts'
import { authorize } from '../people/policy.ts'
import { isoTime } from '../ports/clock.ts'
import type { ChatRecord } from '../ports/store/chats.ts'

/**
 * Finds the chat of somebody who was here, or creates it, for staff who want to write first. Until a message is in it, no list shows it.
 * @throws DeskbellError `not_found` when nobody with this id was here; `forbidden`
 */
export async function startChat(
  { store, clock }: Pick<Core, 'store' | 'clock'>,
  { identity, userId }: { identity: Identity; userId: string },
): Promise<ChatRecord> {
  const known = isCleanText(userId) ? await store.findChatOf(userId) : undefined
  // The chat of a visitor is created with their first message
  const isSeen = known !== undefined || (isCleanText(userId) && !isVisitor(userId) && (await store.findPerson(userId)))
  if (!isSeen) throw new DeskbellError('not_found', 'Nobody with this id was here')
  const chat = known ?? (await store.openChat(userId, uuidv7(), isoTime(clock.now())))
  return authorize(identity, 'start_chat', chat)
}
