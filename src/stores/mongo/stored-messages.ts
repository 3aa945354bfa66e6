// Messages as they are stored: in their chat's document, or outside of it.
import type { SupportMessage } from '../../protocol/types.ts'
import { MESSAGE_COLUMNS, messageOf, type MessageRow } from '../message-columns.ts'
import type { MongoDatabase } from './database.ts'
import type { ChatDoc, MessageDoc } from './documents.ts'
import { movedId, startOf } from './tails.ts'

export const messageFrom = (stored: MessageDoc): SupportMessage =>
  messageOf(Object.fromEntries(MESSAGE_COLUMNS.map((column) => [column, stored[column]])) as unknown as MessageRow)

/** With the marks that are still to be written to messages outside of the document */
export function withReads(chat: ChatDoc, one: MessageDoc): MessageDoc {
  if (one.read_at !== null) return one
  const mark = chat.effects.reads.find(
    ({ sender, after, up_to }) => sender === one.sender_type && one.seq > after && one.seq <= up_to,
  )
  return mark ? { ...one, read_at: mark.at } : one
}

export async function messageAt(db: MongoDatabase, chat: ChatDoc, seq: number): Promise<MessageDoc | undefined> {
  const inDocument = chat.messages[seq - startOf(chat.messages, chat.last_seq)]
  if (inDocument) return inDocument
  const older = await db.collection('messages').findOne({ _id: movedId(chat._id, seq) })
  return older ? withReads(chat, older) : undefined
}

/** Those of one side after a seq, oldest first */
export async function messagesAfter(
  db: MongoDatabase,
  chat: ChatDoc,
  sender_type: 'user' | 'admin',
  after: number,
): Promise<MessageDoc[]> {
  const start = startOf(chat.messages, chat.last_seq)
  const older =
    after + 1 >= start
      ? []
      : await db
          .collection('messages')
          .find({ chat_id: chat._id, seq: { $gt: after, $lt: start }, sender_type })
          .sort({ seq: 1 })
          .toArray()
  const newer = chat.messages.filter((one) => one.seq > after && one.sender_type === sender_type)
  return [...older.map((one) => withReads(chat, one)), ...newer]
}
