import type { Core } from '../core.ts'
import type { EventChat } from '../events/chat-event.ts'
import { isoTime } from '../ports/clock.ts'
import type { Actor } from '../ports/store/activities.ts'

/**
 * Moves a chat into the archive, or out of it. The caller has checked who may.
 * @param actor who does it; undefined: the host's own code
 * @returns false: it was there already
 */
export async function setArchived(
  { store, clock, events, outbox, hours }: Pick<Core, 'store' | 'clock' | 'events' | 'outbox' | 'hours'>,
  chat: EventChat,
  archived: boolean,
  actor?: Actor,
): Promise<boolean> {
  const at = isoTime(clock.now())
  const activity = await store.setArchived(chat.id, archived, at, { actor, outbox, openTime: hours?.openTime })
  if (!activity) return false
  events.emit([
    { type: archived ? 'archived' : 'unarchived', chat, at },
    { type: 'activity', chat, activity },
  ])
  return true
}
