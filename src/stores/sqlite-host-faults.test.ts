// What a host may do on the connection that it handed in, and others on its file, while messages are sent.
import type { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, vi } from 'vitest'
import { SQLITE_DRIVERS, sqliteHosts, valueOf } from '../../test/support/sqlite-hosts.ts'
import { StoreUnavailable } from '../server/ports/store/store-unavailable.ts'
import type { Store } from '../server/ports/store/store.ts'
import { message } from '../testing/database-conformance/kit.ts'
import { sqliteStore } from './sqlite.ts'
import { LOCK_TIMEOUT } from './sqlite/database.ts'

const hosts = sqliteHosts()
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const say = (store: Store, chat: string, content: string) => store.appendMessages([message(chat, { content })])
const contents = async (store: Store, chat: string): Promise<string[]> =>
  (await store.messages(chat, { after: 0, limit: 1_000 })).messages.map((m) => m.content)

/** Waits for what gives up after seconds */
async function inFastTime(begin: () => Promise<unknown>[]): Promise<void> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const work = Promise.all(begin())
    await vi.advanceTimersByTimeAsync(LOCK_TIMEOUT + 1_000)
    await work
  } finally {
    vi.useRealTimers()
  }
}

describe.each(SQLITE_DRIVERS)('over $name', (driver) => {
  describe(`${driver.name}: the host's own transaction`, () => {
    it('keeps a write waiting and nothing else, and takes nothing with it when it is rolled back', async () => {
      const { file, connection, store, chat } = await hosts.start(driver)
      connection.exec('BEGIN; INSERT INTO orders VALUES (1)')
      let isStored = false
      const storing = say(store, chat, 'hello').then(() => (isStored = true))
      for (let turn = 0; turn < 50; turn++) {
        expect(await contents(store, chat)).toEqual([])
        await pause(1)
      }
      expect(isStored).toBe(false)
      connection.exec('ROLLBACK')
      await storing
      connection.exec('BEGIN; INSERT INTO orders VALUES (2); ROLLBACK')
      connection.exec('SAVEPOINT a')
      const more = say(store, chat, 'more')
      await pause(50)
      connection.exec('ROLLBACK TO a; RELEASE a')
      await more
      const other = hosts.connect(driver, file)
      expect(await contents(await sqliteStore(other, { prefix: 'app_' }), chat)).toEqual(['hello', 'more'])
      expect(valueOf(other, 'SELECT count(*) FROM orders')).toBe(0)
    })

    it('is left alone when it takes too long', async () => {
      const { connection, store, chat } = await hosts.start(driver)
      connection.exec('BEGIN; INSERT INTO orders VALUES (1)')
      await inFastTime(() => [
        expect(say(store, chat, 'hello')).rejects.toThrow(/transaction open on the SQLite connection/),
        expect(sqliteStore(connection, { prefix: 'later_' })).rejects.toBeInstanceOf(StoreUnavailable),
      ])
      expect(connection.isTransaction ?? connection.inTransaction).toBe(true)
      connection.exec('COMMIT')
      expect(valueOf(connection, 'SELECT count(*) FROM orders')).toBe(1)
      expect(await say(store, chat, 'again')).toMatchObject([{ kind: 'stored', message: { seq: 1 } }])
    })

    it('may be a row at a time that it reads, while others write', async () => {
      const { file, connection, store, chat } = await hosts.start(driver)
      connection.exec('INSERT INTO orders VALUES (1), (2)')
      const rows = (connection as unknown as DatabaseSync).prepare('SELECT id FROM orders').iterate()
      rows.next()
      const other = hosts.connect(driver, file)
      other.exec('INSERT INTO orders VALUES (3)')
      const storing = say(store, chat, 'hello')
      await pause(50)
      rows.return?.()
      expect(await storing).toMatchObject([{ kind: 'stored' }])
    })
  })

  describe(`${driver.name}: in the way`, () => {
    it('another connection: waits without standing still, whatever the busy timeout, and for five seconds', async () => {
      const { file, connection, store, chat } = await hosts.start(driver)
      const other = hosts.connect(driver, file)
      other.exec('BEGIN IMMEDIATE')
      const storing = say(store, chat, 'hello')
      await pause(100)
      other.exec('COMMIT; BEGIN IMMEDIATE')
      await pause(20)
      other.exec('COMMIT')
      expect(await storing).toMatchObject([{ kind: 'stored' }])
      expect(valueOf(connection, 'PRAGMA busy_timeout')).toBe(60_000)

      other.exec('BEGIN IMMEDIATE')
      await inFastTime(() => [expect(say(store, chat, 'late')).rejects.toBeInstanceOf(StoreUnavailable)])
      other.exec('ROLLBACK')
    })

    it('a full disk: refuses, keeps nothing of it, and goes on when there is room', async () => {
      const { connection, store, chat } = await hosts.start(driver)
      const pages = valueOf(connection, 'PRAGMA page_count')
      connection.exec(`PRAGMA max_page_count = ${Number(pages)}`)
      const batch = Array.from({ length: 9 }, () => message(chat, { content: 'x'.repeat(10_000) }))
      await expect(store.appendMessages(batch)).rejects.toMatchObject({ name: 'StoreUnavailable', message: /full/ })
      expect(await contents(store, chat)).toEqual([])
      connection.exec('PRAGMA max_page_count = 1000000')
      expect(await store.appendMessages(batch)).toHaveLength(9)
      expect(valueOf(connection, 'PRAGMA synchronous')).toBe(1)
    })

    it('a connection that the host has closed: says so', async () => {
      const { connection, store, chat } = await hosts.start(driver)
      connection.exec('BEGIN')
      const refused = expect(say(store, chat, 'waiting')).rejects.toThrow('The SQLite connection was closed')
      await pause(20)
      hosts.close(connection)
      await refused
      for (const asked of [say(store, chat, 'hello'), store.findChat(chat), store.ping(), store.listItems([chat])]) {
        await expect(asked).rejects.toMatchObject({
          name: 'StoreUnavailable',
          message: 'The SQLite connection was closed',
        })
      }
      await store.close()
      await expect(sqliteStore(connection)).rejects.toThrow(/not open/)
    })
  })
})
