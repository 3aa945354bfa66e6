import { isoTime } from '../../server/ports/clock.ts'
import type { DueWebhook, WebhookRecord, WebhookStore } from '../../server/ports/store/webhooks.ts'
import { doWhatIsLeft } from './chat-writer.ts'
import type { MongoDatabase } from './database.ts'
import type { WebhookDoc } from './documents.ts'
import { release } from './effects.ts'
import { messageAt, messageFrom } from './stored-messages.ts'

export function webhooks(db: MongoDatabase): WebhookStore {
  const collection = db.collection('webhooks')
  const chats = db.collection('chats')
  const users = db.collection('users')

  async function dueOf(held: WebhookDoc): Promise<DueWebhook | undefined> {
    const { _id: id, claim, event, created_at, attempts, seq } = held
    const chat = await chats.findOne({ _id: held.chat_id })
    const user = chat && (await users.findOne({ _id: chat.user_id }))
    if (!chat || !user) return undefined
    const told = seq === null ? null : await messageAt(db, chat, seq)
    // The message is just being erased, and with it the webhook
    if (told === undefined) return undefined
    const of = { id: chat._id, user_id: chat.user_id, user_email: user.email }
    return { id, claim, event, created_at, attempts, chat: of, message: told && messageFrom(told) }
  }

  async function recordsOf(rows: WebhookDoc[]): Promise<WebhookRecord[]> {
    const found = await chats
      .find({ _id: { $in: rows.map(({ chat_id }) => chat_id) } })
      .project<{ _id: string; user_id: string }>({ user_id: 1 })
      .toArray()
    const people = await users.find({ _id: { $in: found.map(({ user_id }) => user_id) } }).toArray()
    const emailOf = new Map(people.map(({ _id, email }) => [_id, email]))
    const userOf = new Map(found.map(({ _id, user_id }) => [_id, user_id]))
    return rows.map((row) => ({
      id: row._id,
      endpoint: row.endpoint,
      event: row.event,
      chat_id: row.chat_id,
      user_email: emailOf.get(userOf.get(row.chat_id) ?? '') ?? '',
      state: row.state,
      attempts: row.attempts,
      status: row.status,
      reason: row.reason,
      due_at: row.due_at,
      created_at: row.created_at,
      updated_at: row.updated_at,
    }))
  }

  /** The next of the queue becomes due. It says so until that is done, so that another node does it where this one dies */
  async function releaseNext({ _id, chat_id, endpoint }: WebhookDoc, at: string): Promise<void> {
    await release(db, { chat_id, endpoint }, at)
    await collection.updateOne({ _id }, { $set: { releases: false } })
  }

  const dueAt = (endpoint: string) =>
    collection
      .find({ endpoint, due_at: { $ne: null } })
      .sort({ due_at: 1 })
      .limit(1)

  return {
    async claimWebhooks({ endpoint, at, lease, limit }) {
      await doWhatIsLeft(db)
      for (const row of await collection.find({ endpoint, releases: true }).limit(limit).toArray())
        await releaseNext(row, row.updated_at)
      const due_at = isoTime(Date.parse(at) + lease)
      const due = await collection
        .find({ endpoint, due_at: { $lte: at } })
        .sort({ due_at: 1 })
        .limit(limit)
        .toArray()
      const claimed: DueWebhook[] = []
      for (const row of due) {
        const held = await collection.findOneAndUpdate(
          { _id: row._id, claim: row.claim, due_at: row.due_at },
          { $set: { state: 'sending', due_at, updated_at: at }, $inc: { claim: 1 } },
          { returnDocument: 'after' },
        )
        const webhook = held && (await dueOf(held))
        if (webhook) claimed.push(webhook)
      }
      return claimed
    },

    async settleWebhook({ id: _id, claim }, outcome, updated_at) {
      const ended = outcome.state !== 'retry'
      const reason = outcome.state === 'delivered' ? null : outcome.reason
      const row = await collection.findOneAndUpdate(
        { _id, claim, state: 'sending' },
        {
          $set: {
            state: ended ? outcome.state : 'pending',
            due_at: ended ? null : outcome.retry_at,
            status: outcome.status,
            reason,
            updated_at,
            releases: ended,
          },
          $inc: { attempts: outcome.state === 'delivered' ? 0 : 1 },
        },
        { returnDocument: 'after' },
      )
      if (row && ended) await releaseNext(row, updated_at)
      return row !== null
    },

    async nextWebhook(endpoint) {
      const left = await collection.findOne({ endpoint, releases: true })
      const [next] = await dueAt(endpoint).toArray()
      return left?.updated_at ?? next?.due_at ?? undefined
    },

    async listWebhooks({ limit, failed = false, cursor }) {
      const filter = {
        ...(failed && { state: 'failed' as const }),
        ...(cursor && {
          created_at: { $lte: cursor.key },
          $or: [{ created_at: { $lt: cursor.key } }, { created_at: cursor.key, _id: { $lt: cursor.id } }],
        }),
      }
      return recordsOf(await collection.find(filter).sort({ created_at: -1, _id: -1 }).limit(limit).toArray())
    },

    async sendWebhookAgain(_id, at) {
      await collection.updateOne({ _id, state: 'pending', due_at: { $ne: null } }, { $set: { due_at: at } })
      await collection.updateOne(
        { _id, state: { $in: ['delivered', 'failed'] } },
        { $set: { state: 'pending', due_at: at, attempts: 0, updated_at: at } },
      )
      const row = await collection.findOne({ _id })
      return row ? (await recordsOf([row]))[0] : undefined
    },

    async forgetWebhooks({ before, endpoints, limit }) {
      const old = await collection
        .find({
          created_at: { $lt: before },
          $or: [{ state: { $in: ['delivered', 'failed'] } }, { endpoint: { $nin: endpoints } }],
        })
        .sort({ created_at: 1 })
        .limit(limit)
        .toArray()
      for (const { _id, state, claim } of old) await collection.deleteOne({ _id, state, claim })
      // Whoever sends to the endpoint again begins with what is left
      for (const { chat_id, endpoint, due_at } of old)
        if (due_at !== null) await release(db, { chat_id, endpoint }, before)
      return old.length
    },
  }
}
