import type { ActivityBodies } from '../../protocol/activity.ts'
import { setArchived } from '../chats/archive.ts'
import type { Core } from '../core.ts'
import { isoTime } from '../ports/clock.ts'
import type { ChatRecord } from '../ports/store/chats.ts'

/**
 * Lets a person of staff answer from now on, and tells staff. A chat in the archive comes back. The caller has checked who may.
 * @returns false: a person has the chat already
 */
export async function handOver(
  core: Pick<Core, 'store' | 'clock' | 'events' | 'outbox' | 'hours' | 'staffMailAfter'>,
  chat: ChatRecord,
  by: ActivityBodies['handed_over']['by'],
): Promise<boolean> {
  const { store, clock, events, staffMailAfter } = core
  const now = clock.now()
  const notify_at = staffMailAfter === null ? null : isoTime(now + staffMailAfter)
  const activity = await store.handOver(chat.id, { by, at: isoTime(now), notify_at })
  if (activity) events.emit([{ type: 'activity', chat, activity }])
  // Last: once it is back, a person who answered before the archive has it. Staff may have archived it since the caller found it
  const found = await store.findChat(chat.id)
  if (found && found.archived_at !== null) await setArchived(core, found, false)
  return activity !== undefined
}
