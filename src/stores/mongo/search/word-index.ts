// The words of messages in a collection of their own, in the order in which they came: every server of MongoDB's protocol can do that, a
// message is found as soon as it is stored, and a search reads the newest matches and no others.
import type { AnyBulkWriteOperation } from 'mongodb'
import { wordsOf } from '../../../protocol/search-query.ts'
import type { MongoDatabase } from '../database.ts'
import type { ChatDoc, IndexedDoc, MessageDoc } from '../documents.ts'
import { duplicatesOf } from '../errors.ts'
import { startOf } from '../tails.ts'

/** Characters (code points) of a word that are indexed */
const MAX_WORD = 64

/** Whether it may be the beginning of a longer one */
export const isCut = (word: string): boolean => word.length >= MAX_WORD

/** As it is indexed: a long word by its beginning */
export function indexedWord(word: string): string {
  const lower = word.toLowerCase()
  return lower.length <= MAX_WORD ? lower : Array.from(lower).slice(0, MAX_WORD).join('')
}

const indexed = (chat_id: string, { seq, content, created_at }: MessageDoc): Omit<IndexedDoc, '_id'> => ({
  chat_id,
  seq,
  created_at,
  words: wordsOf(content).map(indexedWord),
})

/**
 * In a chat of which another one became part, a message has a higher number than before. So a node that was held up, and writes where the
 * message was, puts back nothing: the higher number stays.
 */
export async function indexMessages(db: MongoDatabase, chatId: string, messages: MessageDoc[]): Promise<void> {
  const writes = messages.map((one): AnyBulkWriteOperation<IndexedDoc> => ({
    updateOne: {
      filter: { _id: one.id, seq: { $lte: one.seq } },
      update: { $set: indexed(chatId, one) },
      upsert: true,
    },
  }))
  if (writes.length > 0) await db.collection('search').bulkWrite(writes, { ordered: false }).catch(duplicatesOf)
}

/** Indexes the newest messages of a chat. @returns what the chat says then; nothing where earlier ones are missing too */
export async function indexNewest(db: MongoDatabase, chat: ChatDoc): Promise<Partial<ChatDoc>> {
  const { _id, messages, last_seq, indexed_seq } = chat
  if (!db.isSearched || startOf(messages, last_seq) > indexed_seq + 1) return {}
  await indexMessages(
    db,
    _id,
    messages.filter(({ seq }) => seq > indexed_seq),
  )
  return { indexed_seq: last_seq, is_behind: false }
}
