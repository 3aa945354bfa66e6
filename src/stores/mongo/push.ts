import type { PushStore } from '../../server/ports/store/push.ts'
import type { MongoDatabase } from './database.ts'
import { isDuplicate } from './errors.ts'

const KEYS = 'push_keys'

export function push(db: MongoDatabase): PushStore {
  const subscriptions = db.collection('push_subscriptions')
  const meta = db.collection('meta')
  return {
    async pushKeys(made) {
      try {
        await meta.insertOne({ _id: KEYS, value: made })
        return made
      } catch (error) {
        if (!isDuplicate(error)) throw error
        return (await meta.findOne({ _id: KEYS }))?.value ?? made
      }
    },
    async savePushSubscription({ id: _id, ...subscription }, most) {
      const save = () => subscriptions.replaceOne({ _id }, subscription, { upsert: true })
      try {
        await save()
      } catch (error) {
        if (!isDuplicate(error)) throw error
        // Another node has just made it
        await save()
      }
      // Those who come at once remove the same
      const { staff_id } = subscription
      const tooMany = await subscriptions.find({ staff_id }).sort({ renewed_at: -1, _id: 1 }).skip(most).toArray()
      if (tooMany.length > 0) await subscriptions.deleteMany({ _id: { $in: tooMany.map((one) => one._id) } })
    },
    pushSubscriptions: async (since) =>
      (await subscriptions.find({ renewed_at: { $gte: since } }).toArray()).map(({ _id: id, ...rest }) => ({
        id,
        ...rest,
      })),
    async removePushSubscriptions({ id, ...rest }) {
      await subscriptions.deleteMany({ ...(id !== undefined && { _id: id }), ...rest })
    },
    async sweepPushSubscriptions(before) {
      await subscriptions.deleteMany({ renewed_at: { $lt: before } })
    },
  }
}
