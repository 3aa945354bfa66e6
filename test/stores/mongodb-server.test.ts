// What a store on MongoDB stands on, asked of the server that tests get: mongod, or FerretDB as test/support/ferretdb builds it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MongoClient, type Collection } from 'mongodb'
import { freshMongodb } from '../support/mongodb.ts'

interface Counter {
  _id: string
  n: number
  key?: string
  list?: number[]
}

const database = await freshMongodb()

describe.skipIf(!database)('the server of MongoDB tests', () => {
  const client = new MongoClient(database?.url ?? 'mongodb://unused')
  let counters: Collection<Counter>

  beforeAll(async () => {
    counters = client.db().collection<Counter>('counters')
    await counters.createIndex({ key: 1 }, { unique: true, sparse: true })
  })
  afterAll(async () => {
    await client.close()
    await database?.drop()
  })

  it('keeps what was inserted', async () => {
    await counters.insertOne({ _id: 'a', n: 1 }, { writeConcern: { w: 'majority', journal: true } })
    expect(await counters.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 1 })
  })

  it('loses no update of many that meet', async () => {
    await counters.insertOne({ _id: 'many', n: 0 })
    const add = () => counters.updateOne({ _id: 'many' }, { $inc: { n: 1 }, $push: { list: 1 } })
    await Promise.all(Array.from({ length: 50 }, add))
    expect(await counters.findOne({ _id: 'many' })).toMatchObject({ n: 50, list: Array(50).fill(1) })
  })

  it('lets one of many through that depend on what was read', async () => {
    await counters.insertOne({ _id: 'one', n: 0 })
    const take = () => counters.updateOne({ _id: 'one', n: 0 }, { $inc: { n: 1 } })
    const taken = await Promise.all(Array.from({ length: 20 }, take))
    expect(taken.filter(({ modifiedCount }) => modifiedCount === 1)).toHaveLength(1)
  })

  it('refuses a second one with a unique key, in inserts and updates', async () => {
    await counters.insertMany([
      { _id: 'x', n: 0, key: 'x' },
      { _id: 'y', n: 0, key: 'y' },
    ])
    await expect(counters.insertOne({ _id: 'z', n: 0, key: 'x' })).rejects.toMatchObject({ code: 11_000 })
    await expect(counters.updateOne({ _id: 'y' }, { $set: { key: 'x' } })).rejects.toMatchObject({ code: 11_000 })
  })

  it('gives back a part of what it changed', async () => {
    await counters.insertOne({ _id: 'part', n: 0, list: [1, 2] })
    const options = { returnDocument: 'after', projection: { n: 1 } } as const
    const after = await counters.findOneAndUpdate({ _id: 'part' }, { $inc: { n: 1 } }, options)
    expect(after).toEqual({ _id: 'part', n: 1 })
  })
})
