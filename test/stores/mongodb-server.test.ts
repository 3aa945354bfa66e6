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

  it('sorts by types first, whatever an index of FerretDB’s has', async () => {
    const times = client.db().collection<{ _id: string; is_on: unknown; sent_at?: unknown }>('times')
    await times.createIndex({ is_on: 1, sent_at: -1, _id: -1 })
    const sorted = async () => {
      const found = await times.find({ is_on: true }).sort({ sent_at: -1, _id: -1 }).limit(9).toArray()
      return found.map(({ _id }) => _id).join('')
    }
    const late = (_id: string, day: number) => ({ _id, is_on: true, sent_at: `2026-03-0${day}T09:00:00.000Z` })
    await times.insertMany([late('b', 2), late('a', 1), late('d', 3), late('c', 3), { ...late('x', 9), is_on: false }])
    expect(await sorted()).toBe('dcba')
    await times.insertMany([
      { _id: 'e', is_on: true, sent_at: null },
      { _id: 'f', is_on: true, sent_at: 5 },
      { _id: 'g', is_on: [true], sent_at: '2026-03-02T08:00:00.000Z' },
    ])
    expect(await sorted()).toBe('dcbgafe')
    const before = { $ne: null, $lte: '2026-03-02T09:00:00.000Z' }
    expect(
      (await times.find({ is_on: true, sent_at: before }).sort({ sent_at: 1 }).toArray()).map(({ _id }) => _id),
    ).toEqual(['a', 'g', 'b'])
    expect((await times.find({ is_on: { $ne: false }, sent_at: null }).toArray()).map(({ _id }) => _id)).toEqual(['e'])
  })
})
