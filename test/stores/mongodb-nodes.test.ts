// Several nodes over a server of MongoDB's protocol, what it keeps exactly, and the same calls as on SQLite.
import { describe, expect, it, vi } from 'vitest'
import { mongoMigrations, mongoStore } from '../../src/stores/mongo.ts'
import { concurrentConformance } from '../../src/testing/database-conformance/concurrent.ts'
import { exactConformance } from '../../src/testing/database-conformance/exact.ts'
import { likeSqliteConformance } from '../../src/testing/database-conformance/like-sqlite.ts'
import { freshMongodb } from '../support/mongodb.ts'
import { connect, FEW } from '../support/mongodb-queries.ts'

// FerretDB takes tens of milliseconds for an operation, and all test files share it
vi.setConfig({ testTimeout: 900_000 })

const database = await freshMongodb()

describe.skipIf(!database)('MongoDB', () => {
  const { client, queries } = connect(database)

  const kit = {
    open: (prefix: string) => mongoStore(client.db(), { prefix }),
    plan: (prefix: string) => mongoMigrations(client.db(), { prefix }),
    run,
  }
  exactConformance('mongodb', kit)
  // Each takes seconds on FerretDB beside other tests
  likeSqliteConformance('mongodb', kit, 6)
  // Enough that messages are moved out of the chats' documents meanwhile
  concurrentConformance('mongodb', kit, { writers: 2, batches: 16 })

  describe('mongodb: migrating', () => {
    it('happens once when ten nodes start at once', async () => {
      const stores = await Promise.all(Array.from({ length: 10 }, () => kit.open('ten_')))
      expect(new Set(stores.map(({ epoch }) => epoch)).size).toBe(1)
      await Promise.all(stores.map((store) => store.close()))
    })

    it('can be shown first without changing anything', async () => {
      const plan = await kit.plan('shown_')
      expect(plan.join('; ')).toContain('shown_support_messages')
      expect(await kit.plan('shown_')).toEqual(plan)
      await (await kit.open('shown_')).close()
      expect(await kit.plan('shown_')).toEqual([])
    })

    it('refuses a database of a newer version, and prefixes that are no names', async () => {
      await (await kit.open('newer_')).close()
      const meta = client.db().collection<{ _id: string; value: string }>('newer_support_meta')
      await meta.updateOne({ _id: 'version' }, { $set: { value: '999' } })
      await expect(kit.open('newer_')).rejects.toThrow(/newer version/)
      await expect(kit.plan('newer_')).rejects.toThrow(/newer version/)
      await expect(kit.open('a-b')).rejects.toThrow(/prefix/)
    })
  })

  // After all that the store was asked before
  it('asks nothing that would read a whole collection', async () => {
    expect((await queries.withoutIndex(client.db())).filter((query) => !FEW.has(query))).toEqual([])
  })

  /** The suites insert rows; a document's key is its `_id` */
  async function run(sql: string): Promise<void> {
    const [, name = '', column = '', value = ''] = /^insert into (\w+) \((\w+)\) values \('(.*)'\)$/.exec(sql) ?? []
    expect(column).toBe('address')
    await client.db().collection<{ _id: string }>(name).insertOne({ _id: value })
  }
})
