// The conformance suite over a server of MongoDB's protocol.
import { describe, expect, it, vi } from 'vitest'
import { mongoStore } from '../../src/stores/mongo.ts'
import { storeConformance } from '../../src/testing/store-conformance.ts'
import { freshMongodb } from '../support/mongodb.ts'
import { connect, FEW } from '../support/mongodb-queries.ts'

/** What an emptied database still says of itself */
const KEPT = ['version', 'validators']
const WRITES = new Set(['findAndModify', 'insert', 'update'])

// FerretDB takes tens of milliseconds for an operation, and all test files share it
vi.setConfig({ testTimeout: 900_000 })

const database = await freshMongodb()

describe.skipIf(!database)('MongoDB', () => {
  const { client, queries } = connect(database)

  /** Those that were written to since they were emptied */
  const written = new Set<string>()
  client.on('commandStarted', ({ commandName, command }) => {
    if (WRITES.has(commandName)) written.add((command as Record<string, string>)[commandName] ?? '')
  })

  /** A database with its indexes, and nothing else: making all of them for each test takes longer than the tests */
  async function emptied() {
    const db = client.db()
    const names = [...written]
    for (const name of names)
      await db.collection(name).deleteMany(name === 'support_meta' ? { _id: { $nin: KEPT as never[] } } : {})
    for (const name of names) written.delete(name)
    return mongoStore(db)
  }
  storeConformance('mongodb', emptied)

  // After all that the store was asked before
  it('asks nothing that would read a whole collection', async () => {
    expect((await queries.withoutIndex(client.db())).filter((query) => !FEW.has(query))).toEqual([])
  })
})
