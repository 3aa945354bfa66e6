import type { Core } from '../core.ts'
import type { EventChat } from '../events/chat-event.ts'
import { isoTime } from '../ports/clock.ts'

/**
 * Moves a chat into the archive, or out of it. The caller has checked who may.
 * @returns false: it was there already
 */
export async function setArchived(
  { store, clock, events, outbox }: Pick<Core, 'store' | 'clock' | 'events' | 'outbox'>,
  chat: EventChat,
  archived: boolean,
): Promise<boolean> {
  const at = isoTime(clock.now())
  const changed = await store.setArchived(chat.id, archived, at, outbox)
  if (changed) events.emit([{ type: archived ? 'archived' : 'unarchived', chat, at }])
  return changed
}
