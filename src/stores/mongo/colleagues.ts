import type { ColleagueStore, SeenColleague } from '../../server/ports/store/colleagues.ts'
import type { MongoDatabase } from './database.ts'
import type { ColleagueDoc } from './documents.ts'

const seenOf = ({ _id: id, name, last_seen_at }: ColleagueDoc): SeenColleague => ({ id, name, last_seen_at })

export function colleagues(db: MongoDatabase): ColleagueStore {
  const collection = db.collection('colleagues')
  return {
    async saveColleagues(seen, last_seen_at) {
      for (const { id, name } of seen) {
        await db.change('colleagues', id, (known) => {
          // As with people, the time moves once a minute
          const isNews = known?.name !== name || known.last_seen_at.slice(0, 16) < last_seen_at.slice(0, 16)
          return { doc: isNews ? { _id: id, name, last_seen_at } : undefined, result: undefined }
        })
      }
    },
    async findColleague(id) {
      const known = await collection.findOne({ _id: id })
      return known ? seenOf(known) : undefined
    },
    colleagues: async (limit) =>
      (await collection.find().sort({ last_seen_at: -1 }).limit(limit).toArray()).map(seenOf),
  }
}
