// A connection that a host hands in does what ours does, however it is set, and stays as it is set.
import { copyFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { SQLITE_DRIVERS, sqliteHosts, valueOf } from '../../test/support/sqlite-hosts.ts'
import { concurrentConformance } from '../testing/database-conformance/concurrent.ts'
import { exactConformance } from '../testing/database-conformance/exact.ts'
import { message, newChat } from '../testing/database-conformance/kit.ts'
import { likeSqliteConformance } from '../testing/database-conformance/like-sqlite.ts'
import { migratingConformance } from '../testing/database-conformance/migrating.ts'
import { storeConformance } from '../testing/store-conformance.ts'
import { sqliteMigrations, sqliteStore, type SqliteConnection } from './sqlite.ts'

const hosts = sqliteHosts()
const settings = (connection: SqliteConnection): unknown[] =>
  ['synchronous', 'foreign_keys', 'busy_timeout', 'journal_mode', 'cache_size', 'wal_autocheckpoint', 'temp_store'].map(
    (name) => valueOf(connection, `PRAGMA ${name}`),
  )

describe.each(SQLITE_DRIVERS)('over $name', (driver) => {
  const empty = hosts.fresh()
  beforeAll(async () => {
    // Another installation in the same file
    await (await sqliteStore(empty)).close()
    const connection = hosts.connect(driver, empty)
    await (await sqliteStore(connection, { prefix: 'app_' })).close()
    hosts.close(connection)
  })
  storeConformance(driver.name, () => {
    const file = hosts.fresh()
    copyFileSync(empty, file)
    return sqliteStore(hosts.connect(driver, file), { prefix: 'app_' })
  })

  const shared = hosts.fresh()
  const kit = {
    open: (prefix: string) => sqliteStore(hosts.connect(driver, shared), { prefix }),
    plan: (prefix: string) => sqliteMigrations(hosts.connect(driver, shared), { prefix }),
    run: async (sql: string) => void hosts.connect(driver, shared).exec(sql),
  }
  migratingConformance(driver.name, kit)
  exactConformance(driver.name, kit)
  likeSqliteConformance(driver.name, kit)
  concurrentConformance(driver.name, kit)

  describe(`${driver.name}: what the host set`, () => {
    it('is as it was, and a commit of ours durable all the same', async () => {
      const connection = hosts.connect(driver, hosts.fresh())
      const before = settings(connection)
      const atCommit: unknown[] = []
      const prepare = connection.prepare.bind(connection)
      connection.prepare = (sql) => {
        const statement = prepare(sql)
        if (sql !== 'COMMIT') return statement
        const run = statement.run.bind(statement)
        statement.run = () => {
          atCommit.push([valueOf(connection, 'PRAGMA synchronous'), valueOf(connection, 'PRAGMA busy_timeout')])
          return run()
        }
        return statement
      }
      const store = await sqliteStore(connection, { prefix: 'app_' })
      const chat = await newChat(store, 'u')
      await store.appendMessages([message(chat)])
      expect(atCommit.length).toBeGreaterThan(3)
      expect(new Set(atCommit.map(String))).toEqual(new Set(['2,0']))
      expect(settings(connection)).toEqual(before)
      connection.exec('PRAGMA synchronous = EXTRA')
      await store.appendMessages([message(chat)])
      expect(String(atCommit.at(-1))).toBe('3,0')
      expect(valueOf(connection, 'PRAGMA synchronous')).toBe(3)
    })

    it('is put back after a write that failed', async () => {
      const { connection, store, chat } = await hosts.start(driver)
      const before = settings(connection)
      const twice = message(chat)
      await expect(store.appendMessages([twice, { ...twice, content: 'b' }])).rejects.toThrow(/UNIQUE|PRIMARY/)
      await expect(store.openChat('nobody', message(chat).id, twice.created_at)).rejects.toThrow(/savePeople/)
      expect(settings(connection)).toEqual(before)
      expect(connection.isTransaction ?? connection.inTransaction).toBe(false)
      expect((await store.findChat(chat))?.last_seq).toBe(0)
      // Though its foreign keys are off
      expect(valueOf(connection, 'SELECT count(*) FROM app_support_chats')).toBe(1)
    })

    it.each([
      [
        'a file that is not in WAL mode',
        'journal_mode = DELETE',
        /has journal_mode delete: run PRAGMA journal_mode = WAL/,
      ],
      ['a file that is not synchronized', 'synchronous = OFF', /synchronous OFF/],
      ['one that may not write', 'query_only = ON', /that was handed in is read-only/],
    ])('is refused: %s', async (_what, pragma, error) => {
      const { file, connection } = await hosts.start(driver)
      connection.exec(`PRAGMA ${pragma}`)
      await expect(sqliteStore(connection, { prefix: 'app_' })).rejects.toThrow(error)
      await expect(sqliteStore(connection, { prefix: 'new_' })).rejects.toThrow(error)
      if (/query_only/.test(pragma)) {
        const readOnly = hosts.bare(driver, file, true)
        await expect(sqliteStore(readOnly, { prefix: 'app_' })).rejects.toThrow(error)
        await expect(sqliteStore(readOnly, { prefix: 'new_' })).rejects.toThrow(error)
        expect(await sqliteMigrations(readOnly, { prefix: 'app_' })).toEqual([])
      }
    })

    it('may be a database in memory', async () => {
      const connection = hosts.bare(driver, ':memory:')
      const store = await sqliteStore(connection)
      await store.appendMessages([message(await newChat(store, 'u'))])
      await store.close()
      expect(valueOf(connection, 'SELECT count(*) FROM support_messages')).toBe(1)
    })
  })
})

it('refuses what is no connection', async () => {
  const nothing = { prepare: () => expect.fail(), exec: () => expect.fail() }
  await expect(sqliteStore(nothing)).rejects.toThrow(/takes a path, a DatabaseSync .* or a Database of better-sqlite3/)
})
