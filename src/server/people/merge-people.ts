// The host names somebody by another id from now on: what was stored under the old one becomes theirs.
import { DeskbellError } from '../../protocol/errors.ts'
import { isoTime, type Clock } from '../ports/clock.ts'
import type { Store } from '../ports/store/store.ts'
import { MOST_MERGED } from '../ports/store/visitors.ts'
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
 * @throws DeskbellError `invalid_request` for one and the same id; `chat_too_long`, and nothing has changed then. StoreUnavailable
 */
export async function mergePeople(parts: MergeParts, { from, into }: PeopleMerge): Promise<MergedPeople | undefined> {
  if (from === into) throw new DeskbellError('invalid_request', 'from and into: two different ids')
  if (!(await parts.store.findPerson(from))) return undefined
  for (;;) {
    const merged = await moveOnce(parts, { from, into })
    if (merged) return merged
  }
}

/**
 * @returns undefined: a node that does not know of the revocation yet has stored a first message of `from` meanwhile, or somebody else
 *   has erased one of the two
 */
async function moveOnce(
  { store, clock, revoke }: MergeParts,
  { from, into }: PeopleMerge,
): Promise<MergedPeople | undefined> {
  await refuseTooLong(store, { from, into })
  await describeLike(store, { from, into }, isoTime(clock.now()))
  // First, or a page that is still open would make them a new chat
  await revoke(personKey({ role: 'user', id: from }))
  const merged = await store.mergeVisitor(from, into, isoTime(clock.now()))
  if (merged?.gone_chat_id != null) await revoke(erasedChat(merged.gone_chat_id))
  if (merged) return merged
  const erased = await erasePerson(store, revoke, from, { untouched: true })
  if (!erased && (await store.findPerson(from))) return undefined
  const chat = await store.findChatOf(into)
  return { chat_id: chat?.id ?? null, gone_chat_id: erased?.chat_id ?? null }
}

/** @throws DeskbellError `chat_too_long` */
async function refuseTooLong(store: MergeParts['store'], { from, into }: PeopleMerge): Promise<void> {
  const [theirs, own] = await Promise.all([store.findChatOf(from), store.findChatOf(into)])
  const isTooLong = theirs && Math.max(theirs.last_seq, theirs.last_activity_seq) > MOST_MERGED
  if (isTooLong && own && own.last_seq > 0) throw new DeskbellError('chat_too_long')
}

/** Whoever was not here yet is described as the old id was */
async function describeLike(store: MergeParts['store'], { from, into }: PeopleMerge, at: string): Promise<void> {
  const person = await store.findPerson(from)
  if (person && !(await store.findPerson(into)))
    await store.savePeople([{ ...person, id: into, page_url: person.page_url ?? undefined }], at)
  // It is the will of the person, whatever the host calls them
  if ((await store.unsubscribedAt(from)) !== null) await store.unsubscribe(into, at)
}
