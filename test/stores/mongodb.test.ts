// The conformance suite over a server of MongoDB's protocol.
import { MongoClient } from 'mongodb'
import { afterAll, describe } from 'vitest'
import { mongoStore } from '../../src/stores/mongo.ts'
import { storeConformance } from '../../src/testing/store-conformance.ts'
import { freshMongodb } from '../support/mongodb.ts'

const database = await freshMongodb()

describe.skipIf(!database)('MongoDB', () => {
  const client = new MongoClient(database?.url ?? 'mongodb://unused')
  afterAll(async () => {
    await client.close()
    await database?.drop()
  })

  /** A database with its indexes, and nothing else: making all of them for each test takes longer than the tests */
  async function emptied() {
    const db = client.db()
    for (const { name } of await db.listCollections().toArray())
      await db.collection(name).deleteMany(name === 'support_meta' ? { _id: { $ne: 'version' as never } } : {})
    return mongoStore(db)
  }
  storeConformance('mongodb', emptied)
})
