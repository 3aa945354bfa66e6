// What was decided in a chat's document, and is still to be done to others. Every step may be repeated, so that any node does what another
// one left when it died.
import { isoTime, systemClock } from '../../server/ports/clock.ts'
import type { QueueKey } from '../rules/webhook.ts'
import { NO_EFFECTS } from './chat-document.ts'
import { count } from './counting.ts'
import type { MongoDatabase } from './database.ts'
import type { ChatDoc } from './documents.ts'
import { isDuplicate } from './errors.ts'
import { finishGone } from './gone-chat.ts'
import { indexNewest } from './search/word-index.ts'

/** Does what is to be done after a change of the chat, and takes it off the document */
export async function doEffects(db: MongoDatabase, chat: ChatDoc): Promise<ChatDoc> {
  const { counts, reads, files, merges } = chat.effects
  await insertWebhooks(db, chat)
  await count(db, counts)
  for (const { sender, after, up_to, at } of reads)
    await db
      .collection('messages')
      .updateMany(
        { chat_id: chat._id, seq: { $gt: after, $lte: up_to }, sender_type: sender, read_at: null },
        { $set: { read_at: at } },
      )
  for (const { id, message_id } of files)
    await db
      .collection('attachments')
      .updateOne({ _id: id, chat_id: chat._id }, { $set: { message_id, taken_by: null, due_at: null } })
  for (const merged of merges) await finishGone(db, chat._id, merged)
  // Webhooks of a chat that is gone wait behind those that were there
  if (merges.length > 0)
    for (const endpoint of await endpointsOf(db, chat._id))
      await release(db, { chat_id: chat._id, endpoint }, chat.updated_at)
  const indexed = await indexNewest(db, chat)
  const done = { ...indexed, effects: NO_EFFECTS, effects_at: chat.merging === null ? null : chat.effects_at }
  // The version stays, so that nobody who is about to change the chat begins again: with their change they would do the same once more.
  // Whoever has changed it found what was done here, and takes it off
  await db.collection('chats').updateOne({ _id: chat._id, version: chat.version }, { $set: done })
  return { ...chat, ...done }
}

async function insertWebhooks(db: MongoDatabase, chat: ChatDoc): Promise<void> {
  const { webhooks } = chat.effects
  const queues = new Map<string, { key: QueueKey; at: string }>()
  for (const { id, due_at: _, ...row } of webhooks) {
    const { endpoint, chat_id, created_at } = row
    try {
      await db.collection('webhooks').insertOne({
        ...row,
        _id: id,
        state: 'pending',
        due_at: null,
        claim: 0,
        attempts: 0,
        status: null,
        reason: null,
        updated_at: created_at,
        releases: false,
      })
    } catch (error) {
      if (!isDuplicate(error)) throw error
    }
    if (!queues.has(endpoint))
      queues.set(endpoint, {
        key: { chat_id, endpoint },
        at: webhooks.find((one) => one.endpoint === endpoint && one.due_at !== null)?.due_at ?? created_at,
      })
  }
  for (const { key, at } of queues.values()) await release(db, key, at)
}

const endpointsOf = (db: MongoDatabase, chat_id: string): Promise<string[]> =>
  db.collection('webhooks').distinct('endpoint', { chat_id })

/** The first of a queue that has not ended becomes due, unless it is */
export async function release(db: MongoDatabase, { chat_id, endpoint }: QueueKey, at: string): Promise<void> {
  const webhooks = db.collection('webhooks')
  const open = { chat_id, endpoint, state: { $in: ['pending', 'sending'] as const } }
  const busy = await webhooks.findOne({ ...open, state: { $in: ['pending', 'sending'] }, due_at: { $ne: null } })
  if (busy) return
  const [first] = await webhooks
    .find({ ...open, state: { $in: ['pending', 'sending'] } })
    .sort({ position: 1 })
    .limit(1)
    .toArray()
  if (first?.state === 'pending')
    await webhooks.updateOne({ _id: first._id, state: 'pending', due_at: null }, { $set: { due_at: at } })
}

/** Chats of which a node that died left something to do, at this time or before */
export const leftBefore = (db: MongoDatabase, age: number): Promise<ChatDoc[]> =>
  db
    .collection('chats')
    .find({ effects_at: { $lte: isoTime(systemClock.now() - age) } })
    .limit(100)
    .toArray()
