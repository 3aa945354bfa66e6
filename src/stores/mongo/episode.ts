// What the numbers ask about a chat when it is archived or rated.
import type { Episode, LastReply } from '../rules/numbers.ts'
import { tagsText, type TagChange } from '../rules/tags.ts'
import type { MongoDatabase } from './database.ts'
import type { ChatDoc } from './documents.ts'
import { startOf } from './tails.ts'

/** @param until undefined: now */
export async function lastReplyOf(db: MongoDatabase, chat: ChatDoc, until?: string): Promise<LastReply | undefined> {
  const inDocument = chat.messages.findLast(
    ({ sender_type, automated, created_at }) =>
      sender_type === 'admin' && !automated && (until === undefined || created_at <= until),
  )
  if (inDocument) return inDocument
  const older = { chat_id: chat._id, seq: { $lt: startOf(chat.messages, chat.last_seq) } }
  const replies = { ...older, sender_type: 'admin' as const, automated: null }
  const counted = until === undefined ? replies : { ...replies, created_at: { $lte: until } }
  const found = db.collection('messages').find(counted)
  return (await found.sort({ seq: -1 }).limit(1).toArray())[0]
}

/** How a chat's tags changed since it was rated */
export async function tagChangesOf(db: MongoDatabase, chat: ChatDoc): Promise<TagChange[]> {
  const older = { chat_id: chat._id, seq: { $lt: startOf(chat.activities, chat.last_activity_seq) } }
  const about = { ...older, kind: { $in: ['rated' as const, 'tagged' as const] } }
  const isRated = chat.activities.some(({ kind }) => kind === 'rated')
  const moved = isRated ? [] : await db.collection('activities').find(about).sort({ seq: 1 }).toArray()
  const all = [...moved, ...chat.activities]
  const since = all.slice(all.findLastIndex(({ kind }) => kind === 'rated') + 1)
  return since.flatMap(({ kind, body }) => (kind === 'tagged' ? [JSON.parse(body) as TagChange] : []))
}

export async function episodeOf(db: MongoDatabase, chat: ChatDoc): Promise<Episode> {
  const { last_message_at, tags } = chat
  return {
    began_at: (await broughtBackAt(db, chat)) ?? (await firstAt(db, chat)) ?? '',
    last_message_at,
    tags: tagsText(tags),
    lastReply: await lastReplyOf(db, chat),
  }
}

async function broughtBackAt(db: MongoDatabase, chat: ChatDoc): Promise<string | undefined> {
  const inDocument = chat.activities.findLast(({ kind }) => kind === 'unarchived')
  if (inDocument) return inDocument.created_at
  const older = { chat_id: chat._id, seq: { $lt: startOf(chat.activities, chat.last_activity_seq) } }
  const found = db.collection('activities').find({ ...older, kind: 'unarchived' })
  return (await found.sort({ seq: -1 }).limit(1).toArray())[0]?.created_at
}

async function firstAt(db: MongoDatabase, { _id, messages }: ChatDoc): Promise<string | undefined> {
  if (messages[0]?.seq === 1) return messages[0].created_at
  return (await db.collection('messages').findOne({ chat_id: _id, seq: 1 }))?.created_at
}
