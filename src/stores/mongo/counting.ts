// Counts are added to numbers by batches, each of which a number counts once: it remembers the newest.
import type { AnyBulkWriteOperation } from 'mongodb'
import type { MongoDatabase } from './database.ts'
import type { Effects, NumberDoc } from './documents.ts'
import { duplicatesOf } from './errors.ts'

/** Batches that a number remembers at least */
const REMEMBERED = 200

interface Counted extends Omit<NumberDoc, 'applied'> {
  batch: string
}

export async function count(db: MongoDatabase, batches: Effects['counts']): Promise<void> {
  const counted = batches.flatMap(({ id: batch, shard, rows }) =>
    rows.map((row): Counted => {
      const { day, kind, bucket, agent_id } = row
      return { _id: [day, kind, bucket, shard, agent_id].join('|'), batch, ...row }
    }),
  )
  for (let left = counted; left.length > 0;) left = await countOnce(db, left)
  await forgetOld(db, counted)
}

/** @returns those that another node kept from being counted, as it made the number just now */
async function countOnce(db: MongoDatabase, counted: Counted[]): Promise<Counted[]> {
  const numbers = db.collection('numbers')
  const writes = counted.map(({ _id, batch, n, agent_name, ...key }): AnyBulkWriteOperation<NumberDoc> => ({
    updateOne: {
      filter: { _id, applied: { $ne: batch } },
      update: { $inc: { n }, $set: { ...key, agent_name }, $push: { applied: batch } },
      upsert: true,
    },
  }))
  // Where a number that knows the batch is there, it is not made once more
  const refused = await numbers.bulkWrite(writes, { ordered: false }).then((): number[] => [], duplicatesOf)
  const left: Counted[] = []
  for (const index of refused) {
    const one = counted[index]
    if (one && !(await numbers.findOne({ _id: one._id, applied: one.batch }))) left.push(one)
  }
  return left
}

/** Not each time: it is as well when a number remembers some more */
async function forgetOld(db: MongoDatabase, counted: Counted[]): Promise<void> {
  if (Math.random() * REMEMBERED > 2) return
  const numbers = db.collection('numbers')
  const known = await numbers.find({ _id: { $in: counted.map(({ _id }) => _id) } }).toArray()
  for (const { _id, applied } of known) {
    const old = applied.slice(0, -REMEMBERED)
    if (old.length > 0) await numbers.updateOne({ _id }, { $pullAll: { applied: old } })
  }
}
