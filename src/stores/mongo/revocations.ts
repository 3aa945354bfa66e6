import type { RevocationStore } from '../../server/ports/store/revocations.ts'
import type { MongoDatabase } from './database.ts'
import { isDuplicate } from './errors.ts'

export function revocations(db: MongoDatabase): RevocationStore {
  const collection = db.collection('revocations')
  return {
    async revoke({ subject: _id, revoked_at }) {
      try {
        await collection.updateOne({ _id }, { $max: { revoked_at } }, { upsert: true })
      } catch (error) {
        if (!isDuplicate(error)) throw error
        // Another node has just made it
        await collection.updateOne({ _id }, { $max: { revoked_at } })
      }
    },
    revocationsSince: async (at) =>
      (
        await collection
          .find({ revoked_at: { $gte: at } })
          .sort({ revoked_at: 1 })
          .toArray()
      ).map(({ _id: subject, revoked_at }) => ({ subject, revoked_at })),
    async forgetRevocations(before) {
      await collection.deleteMany({ revoked_at: { $lt: before } })
    },
  }
}
