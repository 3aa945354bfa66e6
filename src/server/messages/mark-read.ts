import type { Core } from '../core.ts'
import type { EventChat } from '../events/chat-event.ts'
import { sideOf, type Identity } from '../people/identity.ts'
import { authorize } from '../people/policy.ts'
import { isoTime } from '../ports/clock.ts'

/**
 * Marks what the other side sent as read, up to and including the seq `upTo` (undefined: everything). A message that arrives
 * meanwhile has a higher seq and stays unread.
 * @returns the seq up to which the reader has read
 */
export async function markRead(
  { store, events, clock }: Core,
  { reader, chat, upTo }: { reader: Identity; chat: EventChat; upTo: number | undefined },
): Promise<number> {
  authorize(reader, 'mark_read', chat)
  const side = sideOf(reader)
  const read_at = isoTime(clock.now())
  const { up_to_seq, moved } = await store.markRead(chat.id, side, upTo, read_at)
  if (moved) events.emit([{ type: 'read', chat, reader: side, up_to_seq, read_at }])
  return up_to_seq
}
