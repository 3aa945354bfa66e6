import type { ColleagueStore, SeenColleague } from '../../server/ports/store/colleagues.ts'
import type { MongoDatabase } from './database.ts'
import type { ColleagueDoc } from './documents.ts'

/** Characters of a time that name its minute */
const MINUTE = 16

const seenOf = ({ _id: id, name, last_seen_at }: ColleagueDoc): SeenColleague => ({ id, name, last_seen_at })

export function colleagues(db: MongoDatabase): ColleagueStore {
  const collection = db.collection('colleagues')
  return {
    async saveColleagues(seen, last_seen_at) {
      for (const { id, name, returned = false } of seen) {
        await db.change('colleagues', id, (known) => {
          // As with people, the time moves once a minute
          const isLater = (length: number): boolean =>
            known === undefined || known.last_seen_at.slice(0, length) < last_seen_at.slice(0, length)
          const isNews = known?.name !== name || isLater(MINUTE) || (returned && isLater(last_seen_at.length))
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
