// The newest messages and activities are in their chat's document. What is too much for it goes to a collection of its own: first it is written
// there, and then it is cut off the document, where that has not changed. Any node may do either, repeat it, or die in between.
import type { Collection, Document, Filter, OptionalUnlessRequiredId } from 'mongodb'
import type { ActivityRow } from '../rules/activity.ts'
import { setDerived } from './chat-document.ts'
import type { MongoDatabase } from './database.ts'
import type { ChatDoc, MessageDoc, Moved, MovedMail } from './documents.ts'
import { isDuplicate } from './errors.ts'

/** Bytes, about, and items that a list in a chat's document keeps, and what is left when it is cut */
const MOST = { bytes: 48_000, items: 60 }
const KEPT = { bytes: 16_000, items: 20 }
/** Ended notifications of a kind in a chat's document */
const MOST_MAILS = 20
const KEPT_MAILS = 5

/** Bytes of a chat's document from which on nothing is added until what is too much for it was moved out */
const FULL = 256_000

export const ENDED: ReadonlySet<string> = new Set(['sent', 'uncertain', 'failed', 'skipped'])

/** The first seq that is in the document */
export const startOf = (items: readonly { seq: number }[], last: number): number => items[0]?.seq ?? last + 1

export const movedId = (chatId: string, seq: number): string => `${chatId}:${seq}`

export const movedItems = <Item extends { seq: number }>(chat: ChatDoc, items: Item[]): Moved<Item>[] =>
  items.map((item) => ({ ...item, _id: movedId(chat._id, item.seq), chat_id: chat._id, moved: chat.version }))

/** It is when nodes died again and again before they moved anything */
export const isFull = ({ messages, activities, effects }: ChatDoc): boolean =>
  Buffer.byteLength(JSON.stringify([messages, activities, effects])) > FULL

/** Moves what is too much out of a chat's document, once. Where somebody else changed the chat meanwhile, the next one does it */
export async function moveTails(db: MongoDatabase, chat: ChatDoc): Promise<void> {
  const cut = structuredClone(chat)
  cut.messages = keptOf(chat.messages)
  cut.activities = keptOf(chat.activities)
  const mails: MovedMail[] = []
  for (const kind of ['reply', 'waiting'] as const) {
    const ended = chat.mails[kind].filter(({ state }) => ENDED.has(state))
    if (ended.length <= MOST_MAILS) continue
    const old = new Set(ended.toSorted((a, b) => (a.updated_at < b.updated_at ? -1 : 1)).slice(0, -KEPT_MAILS))
    cut.mails[kind] = chat.mails[kind].filter((mail) => !old.has(mail))
    for (const mail of old) mails.push({ ...mail, _id: mail.id, chat_id: chat._id, kind, moved: chat.version })
  }
  const messages = chat.messages.slice(0, chat.messages.length - cut.messages.length)
  const activities = chat.activities.slice(0, chat.activities.length - cut.activities.length)
  if (messages.length + activities.length + mails.length === 0) return
  await putMoved<Moved<MessageDoc>>(db.collection('messages'), movedItems(chat, messages))
  await putMoved<Moved<ActivityRow>>(db.collection('activities'), movedItems(chat, activities))
  await putMoved<MovedMail>(db.collection('notifications'), mails)
  cut.version++
  setDerived(cut)
  const chats = db.collection('chats')
  if (await db.replace(chats, chat, cut)) return
  if ((await chats.countDocuments({ _id: chat._id }, { limit: 1 })) > 0) return
  // It was erased meanwhile, and these are not to come back
  for (const name of ['messages', 'activities', 'notifications'] as const)
    await db.collection(name).deleteMany({ chat_id: chat._id })
}

function keptOf<Item>(items: Item[]): Item[] {
  const sizes = items.map((item) => Buffer.byteLength(JSON.stringify(item)))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (total <= MOST.bytes && items.length <= MOST.items) return items
  let from = items.length
  let bytes = 0
  while (from > 0 && items.length - from < KEPT.items && bytes + (sizes[from - 1] ?? 0) <= KEPT.bytes)
    bytes += sizes[--from] ?? 0
  return items.slice(from)
}

/** Writes what is not there, or is there as it was at an earlier version of its chat */
export async function putMoved<Doc extends Document & { _id: string; moved: number }>(
  collection: Collection<Doc>,
  docs: Doc[],
): Promise<void> {
  if (docs.length === 0) return
  const ids = docs.map(({ _id }) => _id)
  const stored = await collection
    .find({ _id: { $in: ids } } as Filter<Doc>)
    .project<{ _id: string; moved: number }>({ _id: 1, moved: 1 })
    .toArray()
  const known = new Map(stored.map(({ _id, moved }) => [_id, moved]))
  const absent = docs.filter(({ _id }) => !known.has(_id))
  try {
    if (absent.length > 0) await collection.insertMany(absent as OptionalUnlessRequiredId<Doc>[], { ordered: false })
  } catch (error) {
    if (!isDuplicate(error)) throw error
    return putMoved(collection, docs)
  }
  for (const doc of docs) {
    const moved = known.get(doc._id)
    if (moved === undefined || moved >= doc.moved) continue
    await collection.replaceOne({ _id: doc._id, moved: { $lt: doc.moved } } as unknown as Filter<Doc>, doc)
  }
}
