import { DeskbellError } from '../../protocol/errors.ts'
import { MAX_TAGS, type TaggedChat } from '../../protocol/tags.ts'
import type { Core } from '../core.ts'
import type { EventChat } from '../events/chat-event.ts'
import { isoTime } from '../ports/clock.ts'
import type { Actor } from '../ports/store/activities.ts'

export interface TagChange {
  add: string[]
  remove: string[]
}

/**
 * @returns what a chat has after the change
 * @throws DeskbellError `too_many_tags`
 */
export function changed(tags: string[], { add, remove }: TagChange): string[] {
  const next = new Set([...tags.filter((tag) => !remove.includes(tag)), ...add])
  if (next.size > MAX_TAGS && add.length > 0) throw new DeskbellError('too_many_tags')
  return [...next]
}

/**
 * Changes the tags of a chat. The caller has checked who may.
 * @param actor who does it; null: the host's own code
 * @throws DeskbellError `not_found`, and what `change` throws
 */
export async function changeTags(
  { store, clock, events }: Pick<Core, 'store' | 'clock' | 'events'>,
  chat: EventChat,
  change: (tags: string[]) => string[],
  actor: Actor | null,
): Promise<TaggedChat> {
  const outcome = await store.changeTags(chat.id, change, { actor, at: isoTime(clock.now()) })
  if (!outcome) throw new DeskbellError('not_found', 'There is no such chat')
  const { tags, activity } = outcome
  if (activity) events.emit([{ type: 'activity', chat, activity }])
  return { id: chat.id, tags }
}
