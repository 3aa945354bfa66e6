// Allowances on MongoDB, which are documents that a node holds for a while: other nodes take them from it, and clocks differ.
import { MongoClient, type Collection, type Db } from 'mongodb'
import { afterAll, describe, expect, it } from 'vitest'
import { mongoStore } from '../../../src/stores/mongo.ts'
import { newPrefix } from '../../../src/testing/database-conformance/kit.ts'
import { interceptedDb } from '../../support/intercepted-db.ts'
import { freshMongodb } from '../../support/mongodb.ts'

interface Stored {
  _id: string
  used_until: string
}

const database = await freshMongodb()

describe.skipIf(!database)('allowances on MongoDB', () => {
  const client = new MongoClient(database?.url ?? 'mongodb://unused')
  const db = client.db()
  afterAll(async () => {
    await client.close()
    await database?.drop()
  })
  const stored = (prefix: string) => db.collection<Stored>(`${prefix}support_staff_allowances`)
  const used = async (prefix: string): Promise<number[]> =>
    (await stored(prefix).find().sort({ _id: 1 }).toArray()).map(({ used_until }) => Date.parse(used_until))

  it('are changed once each, where another node takes one of them meanwhile', async () => {
    const prefix = newPrefix()
    const store = await mongoStore(taking(db, stored(prefix)), { prefix })
    await store.changeAllowances(['a', 'b'], () => [10_000, 20_000])
    // It is let go for the second time, and this time it is another node's
    await store.changeAllowances(['a', 'b'], (before) => before.map((one) => one - 1_000))
    expect(await used(prefix)).toEqual([9_000, 19_000])
    await store.close()
  })

  it('are free soon after the node that held them died, however fast its clock was', async () => {
    const prefix = newPrefix()
    const store = await mongoStore(db, { prefix })
    await store.changeAllowances(['a'], () => [10_000])
    const held_until = new Date(Date.now() + 3_600_000).toISOString()
    await stored(prefix).updateOne({ _id: 'a' }, { $set: { held_by: 'a node that died', held_until } })
    await store.changeAllowances(['a'], ([before = 0]) => [before + 1_000])
    expect(await used(prefix)).toEqual([11_000])
    await store.close()
  })
})

/** The database of a node from which another one takes the allowance `b` as it lets it go the second time */
function taking(db: Db, allowances: Collection<Stored>) {
  let times = 0
  async function letGo(run: () => unknown): Promise<unknown> {
    if (++times === 2) await allowances.updateOne({ _id: 'b' }, { $set: { held_by: null, held_until: null } })
    return run()
  }
  return interceptedDb(db, ({ name, values, run }) => {
    const [filter] = values as [{ _id?: string; held_by?: string }?]
    return name === 'updateOne' && filter?._id === 'b' && filter.held_by ? letGo(run) : run()
  })
}
