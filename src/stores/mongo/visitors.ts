import type { VisitorMerge, VisitorStore } from '../../server/ports/store/visitors.ts'
import { isTooLong, isUntouched } from '../rules/merge.ts'
import { idleOf, VISITORS_FROM, VISITORS_TO } from '../rules/visitors.ts'
import { mergeable, setDerived } from './chat-document.ts'
import type { MongoDatabase } from './database.ts'
import { finishMerge } from './merging.ts'

export function visitors(db: MongoDatabase): VisitorStore {
  const chats = db.collection('chats')
  const users = db.collection('users')
  const typed = db.collection('typed_addresses')

  async function merge(visitor: string, user: string, at: string): Promise<VisitorMerge | undefined> {
    for (;;) {
      db.checkOpen()
      const theirs = await chats.findOne({ user_id: visitor })
      if (!theirs) return undefined
      if (theirs.merging) {
        await finishMerge(db, theirs.merging.theirs)
        continue
      }
      if (isUntouched(mergeable(theirs)) || !(await users.findOne({ _id: user }))) return undefined
      const own = await chats.findOne({ user_id: user })
      if (own && own.last_seq > 0 && isTooLong(mergeable(theirs))) return undefined
      const merging = structuredClone(theirs)
      merging.merging = { visitor, user, theirs: theirs._id, at }
      merging.version++
      setDerived(merging)
      if (!(await db.replace(chats, theirs, merging))) continue
      await finishMerge(db, theirs._id)
      const chat = await chats.findOne({ user_id: user })
      if (chat && chat._id !== theirs._id) return { chat_id: chat._id, gone_chat_id: theirs._id }
      return { chat_id: theirs._id, gone_chat_id: own?._id ?? null }
    }
  }

  return {
    mergeVisitor: merge,
    unsubscribeTyped: (address, at) =>
      db.change('typed_addresses', address, (known) => {
        const { mail_id, mailed_at } = known ?? { mail_id: null, mailed_at: null }
        return { doc: { _id: address, mail_id, mailed_at, unsubscribed_at: at }, result: undefined }
      }),
    async resubscribeTyped(address) {
      await typed.updateOne({ _id: address }, { $set: { unsubscribed_at: null }, $inc: { version: 1 } })
    },
    typedUnsubscribedAt: async (address) => (await typed.findOne({ _id: address }))?.unsubscribed_at ?? null,
    async forgetTyped(before) {
      await typed.deleteMany({ unsubscribed_at: null, $or: [{ mailed_at: null }, { mailed_at: { $lt: before } }] })
    },
    async idleVisitors(query) {
      const { after, limit } = query
      const ids = { $gt: after > VISITORS_FROM ? after : VISITORS_FROM, $lt: VISITORS_TO }
      const found = await users.find({ _id: ids }).sort({ _id: 1 }).limit(limit).toArray()
      const theirs = await chats
        .find({ user_id: { $in: found.map(({ _id }) => _id) } })
        .project<{ user_id: string; last_message_at: string | null }>({ user_id: 1, last_message_at: 1 })
        .toArray()
      const lastOf = new Map(theirs.map(({ user_id, last_message_at }) => [user_id, last_message_at]))
      const seen = found.map(({ _id: id, last_seen_at }) => ({
        id,
        last_seen_at,
        last_message_at: lastOf.get(id) ?? null,
      }))
      return idleOf(seen, query)
    },
  }
}
