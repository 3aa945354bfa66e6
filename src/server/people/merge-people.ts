// The host names somebody by another id from now on: what was stored under the old one becomes theirs.
import { DeskbellError } from '../../protocol/errors.ts'
import { isoTime, type Clock } from '../ports/clock.ts'
import type { Store } from '../ports/store/store.ts'
import { erasePerson } from './erase.ts'
import { personKey } from './identity.ts'
import { erasedChat } from './revocations.ts'

export interface PeopleMerge {
  /** The old id. Nothing is left of it */
  from: string
  /** The new one, which may have been here already, with a chat of its own */
  into: string
}

/** What became of the two chats */
export interface MergedPeople {
  /** The chat of both; null: neither had written anything */
  chat_id: string | null
  /** A chat that is no more; null: there was none */
  gone_chat_id: string | null
}

interface MergeParts {
  store: Store
  clock: Pick<Clock, 'now'>
  /** Stores a revocation, by its subject */
  revoke: (subject: string) => Promise<void>
}

/**
 * Every step may be repeated, and the last one takes the old id away: whoever fails in between is called again.
 * @returns undefined: nothing is stored about `from`, as after a merge
 * @throws DeskbellError `invalid_request` for one and the same id; `chat_too_long`. StoreUnavailable
 */
export async function mergePeople(
  { store, clock, revoke }: MergeParts,
  { from, into }: PeopleMerge,
): Promise<MergedPeople | undefined> {
  if (from === into) throw new DeskbellError('invalid_request', 'from and into: two different ids')
  const person = await store.findPerson(from)
  if (!person) return undefined
  const at = isoTime(clock.now())
  const isKnown = (await store.findPerson(into)) !== undefined
  if (!isKnown) await store.savePeople([{ ...person, id: into, page_url: person.page_url ?? undefined }], at)
  // It is the will of the person, whatever the host calls them
  if ((await store.unsubscribedAt(from)) !== null) await store.unsubscribe(into, at)
  // First, or a page that is still open would make them a new chat
  await revoke(personKey({ role: 'user', id: from }))
  const merged = await store.mergeVisitor(from, into, isoTime(clock.now()))
  if (merged?.gone_chat_id != null) await revoke(erasedChat(merged.gone_chat_id))
  if (merged) return merged
  const left = await store.findChatOf(from)
  if (left && left.last_seq + left.last_activity_seq > 0) throw new DeskbellError('chat_too_long')
  const erased = await erasePerson(store, revoke, from)
  const chat = await store.findChatOf(into)
  return { chat_id: chat?.id ?? null, gone_chat_id: erased?.chat_id ?? null }
}
