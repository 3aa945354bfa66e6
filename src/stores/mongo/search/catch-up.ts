// Indexes what was written while nobody kept the index: before search was asked for, by a process that was not asked to search, in a chat
// that was merged into another. Nodes may do it at the same time.
import type { MongoDatabase } from '../database.ts'
import type { ChatDoc } from '../documents.ts'
import { slice } from '../slices.ts'
import { indexMessages } from './word-index.ts'

/** Chats of a step, and messages of each */
const CHATS = 20
const OF_CHAT = 100

/** @returns whether there was something to do */
export async function catchUpSome(db: MongoDatabase): Promise<boolean> {
  const behind = await db.collection('chats').find({ is_behind: true }).limit(CHATS).toArray()
  for (const chat of behind) await catchUpChat(db, chat)
  return behind.length > 0
}

export async function catchUpAll(db: MongoDatabase): Promise<void> {
  while (await catchUpSome(db)) db.checkOpen()
}

async function catchUpChat(db: MongoDatabase, chat: ChatDoc): Promise<void> {
  const { _id, last_seq, indexed_seq: after, version } = chat
  const range = { after, limit: OF_CHAT }
  const { items } = await slice(db.collection('messages'), _id, chat.messages, last_seq, range)
  await indexMessages(db, _id, items)
  // Those that are missing are being erased
  const indexed_seq = items.length < OF_CHAT ? last_seq : (items.at(-1)?.seq ?? last_seq)
  const done = { indexed_seq, is_behind: indexed_seq < last_seq }
  // The version stays: nobody has to begin again because of this
  await db.collection('chats').updateOne({ _id, version, indexed_seq: after }, { $set: done })
}
