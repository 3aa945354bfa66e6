import type { Core } from '../core.ts'
import type { EventChat } from '../events/chat-event.ts'
import { isoTime } from '../ports/clock.ts'
import type { Actor } from '../ports/store/activities.ts'

/**
 * Takes in nothing more of a chat's user, or takes it in again. The caller has checked who may.
 * @param actor who does it; null: the host's own code
 * @returns false: it was so already
 */
export async function setBlocked(
  { store, clock, events }: Pick<Core, 'store' | 'clock' | 'events'>,
  chat: EventChat,
  blocked: boolean,
  actor: Actor | null,
): Promise<boolean> {
  const activity = await store.setBlocked(chat.id, blocked, { actor, at: isoTime(clock.now()) })
  if (activity) events.emit([{ type: 'activity', chat, activity }])
  return activity !== undefined
}
