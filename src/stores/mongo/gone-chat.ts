// What a merge leaves to be done outside of the two chats. Every step may be repeated.
import { isoTime, systemClock } from '../../server/ports/clock.ts'
import type { MongoDatabase } from './database.ts'
import type { MergedVisitor } from './documents.ts'
import { giveQuota } from './upload-quotas.ts'

export async function finishGone(db: MongoDatabase, chatId: string, merged: MergedVisitor): Promise<void> {
  const { visitor, user, gone } = merged
  const attachments = db.collection('attachments')
  const unnamed = { $unset: { upload_key: '' as const } }
  const theirs = { chat_id: chatId, sender_type: 'user' as const, sender_id: visitor }
  await db.collection('messages').updateMany(theirs, { $set: { sender_id: user } })
  await attachments.updateMany(theirs, { $set: { sender_id: user, client_id: null }, ...unnamed })
  if (gone !== null) {
    const moved = { chat_id: chatId, client_id: null }
    await attachments.updateMany(
      { chat_id: gone, sender_type: 'user' },
      { $set: { ...moved, sender_id: user }, ...unnamed },
    )
    await attachments.updateMany({ chat_id: gone }, { $set: moved, ...unnamed })
    await db
      .collection('search')
      .updateMany({ chat_id: gone }, { $set: { chat_id: chatId }, $inc: { seq: merged.seq } })
    await moveMails(db, chatId, gone, merged)
    await moveWebhooks(db, chatId, gone, merged)
    await db.collection('chats').deleteOne({ _id: gone })
    await forgetHistory(db, gone)
    await db
      .collection('erasures')
      .updateOne({ _id: gone }, { $set: { user_id: null, at: isoTime(systemClock.now()) } }, { upsert: true })
  }
  await giveQuota(db, { sender_type: 'user', sender_id: visitor }, { sender_type: 'user', sender_id: user })
  await db.collection('users').deleteOne({ _id: visitor })
}

/** What is outside of a chat's document, and goes with it */
export async function forgetHistory(db: MongoDatabase, chatId: string): Promise<void> {
  for (const name of ['search', 'webhooks', 'messages', 'activities', 'notifications'] as const)
    await db.collection(name).deleteMany({ chat_id: chatId })
}

async function moveMails(db: MongoDatabase, chat_id: string, gone: string, { seq }: MergedVisitor): Promise<void> {
  const mails = db.collection('notifications')
  for (const { _id, after_seq, up_to_seq } of await mails.find({ chat_id: gone }).toArray())
    await mails.updateOne(
      { _id, chat_id: gone },
      { $set: { chat_id, after_seq: after_seq + seq, up_to_seq: up_to_seq + seq } },
    )
}

async function moveWebhooks(
  db: MongoDatabase,
  chat_id: string,
  gone: string,
  { seq: n, position: offset, forgets_webhooks }: MergedVisitor,
): Promise<void> {
  const webhooks = db.collection('webhooks')
  if (forgets_webhooks) return
  const busy = new Set(await webhooks.distinct('endpoint', { chat_id, due_at: { $ne: null } }))
  for (const { _id, seq, position, endpoint, due_at } of await webhooks.find({ chat_id: gone }).toArray()) {
    const waits = due_at !== null && busy.has(endpoint) ? { state: 'pending' as const, due_at: null } : {}
    const place = { position: position + offset, seq: seq === null ? null : seq + n }
    await webhooks.updateOne({ _id, chat_id: gone }, { $set: { chat_id, ...place, ...waits } })
  }
}
