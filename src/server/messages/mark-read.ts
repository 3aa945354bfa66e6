import type { Core } from '../core.ts'
import type { EventChat } from '../events/chat-event.ts'
import { authorize, type Identity } from '../people/identity.ts'
import { isoTime } from '../ports/clock.ts'

/**
 * The reader has seen what the other side sent, up to and with `upTo` (undefined: all there is). A message that arrives
 * meanwhile has a higher seq and stays unread.
 * @returns the seq up to which the reader has now read
 */
export async function markRead(
  { store, events, clock }: Core,
  reader: Identity,
  chat: EventChat,
  upTo: number | undefined,
): Promise<number> {
  authorize(reader, chat)
  const read_at = isoTime(clock.now())
  const { up_to_seq, moved } = await store.markRead(chat.id, reader.role, upTo, read_at)
  if (moved) events.emit([{ type: 'read', chat, reader: reader.role, up_to_seq, read_at }])
  return up_to_seq
}
