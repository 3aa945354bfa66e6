import { createPool } from 'mysql2'
import { createConnection, createPool as createPromisePool, type RowDataPacket } from 'mysql2/promise'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { freshDatabase } from '../support/databases.ts'
import { EMPTY_ALL } from '../support/databases/empty.ts'
import { holdChatOnMysql, onMysql } from '../support/databases/mysql.ts'
import { databaseConformance } from '../../src/testing/database-conformance.ts'
import { plansConformance, type Statement } from '../../src/testing/database-conformance/plans.ts'
import { storeConformance } from '../../src/testing/store-conformance.ts'
import { StoreUnavailable } from '../../src/server/ports/store/store-unavailable.ts'
import { mysqlMigrations, mysqlStore, type MysqlPool } from '../../src/stores/mysql.ts'

const database = await freshDatabase('mysql')
const url = database?.url ?? ''
const ends: (() => Promise<void>)[] = []
afterAll(async () => {
  await Promise.all(ends.map((end) => end()))
  await database?.drop()
})

function hostPool(config: object = {}) {
  const pool = createPool({ uri: url, ...config })
  ends.push(() => pool.promise().end())
  return pool
}

type PlanRow = RowDataPacket & Record<'type' | 'table' | 'Extra', string | null> & { select_type: string }
/** Ours, by name or by what queries call them: users, chats, messages, notifications, and those that are held */
const TABLE = /^(u|c|m|n|h|p|t\d+_support_.*)$/

function isScan({ type, table, select_type, Extra }: PlanRow, text: string): boolean {
  // What is inserted into is named, and not looked through; what a query finds step by step is not a table
  if (!TABLE.test(table ?? '') || /Table function|Recursive/.test(Extra ?? '') || select_type === 'INSERT') return false
  const isList = /order by .*`c`\.`last_message_at`/.test(text)
  const isSearch = text.includes('order by u.email_lower')
  const isSorted = (isList || isSearch) && /filesort/.test(Extra ?? '')
  // A page that begins somewhere is not to be looked for from the newest chat on
  const skipsMany = isList && table === 'c' && text.includes('<=') && type !== 'range'
  return /^(ALL|index)$/.test(type ?? '') || isSorted || skipsMany
}

describe.skipIf(!database)('on a real MySQL or MariaDB', () => {
  storeConformance('mysql', async () => {
    const store = await mysqlStore(url)
    await onMysql(url, EMPTY_ALL)
    return store
  })

  const shared = database && hostPool()
  databaseConformance('mysql', {
    open: (prefix) => mysqlStore(url, { prefix }),
    plan: (prefix) => mysqlMigrations(url, { prefix }),
    run: (sql) => onMysql(url, sql),
    holdChat: (prefix, chatId) => holdChatOnMysql(url, prefix, chatId),
    async openCounted(prefix) {
      let count = 0
      const counting: MysqlPool = {
        end: () => expect.fail('It is not ours'),
        getConnection: (callback) =>
          shared?.getConnection((error, connection) =>
            callback(error, {
              execute: (query, values, done) => (count++, connection.execute(query, values, done)),
              query: (query, done) => (count++, connection.query(query, done)),
              release: () => connection.release(),
              destroy: () => connection.destroy(),
            }),
          ),
      }
      return { store: await mysqlStore(counting, { prefix }), count: () => count }
    },
  })

  plansConformance(
    'mysql',
    {
      run: (sql) => onMysql(url, sql),
      async openWatched(prefix) {
        const statements: Statement[] = []
        const watched: MysqlPool = {
          end: () => expect.fail('It is not ours'),
          getConnection: (callback) =>
            shared?.getConnection((error, connection) =>
              callback(error, {
                execute(query, values, done) {
                  statements.push({ text: query.sql, values })
                  return connection.execute(query, values, done)
                },
                query: (query, done) => connection.query(query, done),
                release: () => connection.release(),
                destroy: () => connection.destroy(),
              }),
            ),
        }
        return { store: await mysqlStore(watched, { prefix }), statements }
      },
      async scans({ text, values }) {
        const connection = await createConnection(url)
        const [rows] = await connection.execute<PlanRow[]>(`EXPLAIN FORMAT=TRADITIONAL ${text}`, values as never[])
        await connection.end()
        return rows.filter((row) => isScan(row, text)).map((row) => JSON.stringify(row))
      },
    },
    'mysql',
  )

  describe('mysql: a transaction', () => {
    const time = '2026-03-02T23:30:00.007Z'
    const sent = { sender_type: 'user', sender_id: 'u', sender_name: null, client_id: null, notify_at: null } as const
    const uuid = (n: number) => `01950abc-0000-7000-9000-00000000000${n}`

    it.each(['ours', 'the host’s'])(
      'sees what others committed since it began, on a connection that is %s',
      async (whose) => {
        const prefix = whose === 'ours' ? 'iso_ours_' : 'iso_host_'
        const store = await mysqlStore(whose === 'ours' ? url : hostPool(), { prefix })
        const watcher = await createConnection(url)
        try {
          await store.savePeople([{ id: 'u', email: 'u@example.com', name: null }], time)
          await store.openChat('u', uuid(1), time)
          const release = await holdChatOnMysql(url, prefix, uuid(1))
          const message = { ...sent, id: uuid(2), chat_id: uuid(1), content: 'hi', created_at: time }
          // A wait for a lock ends after some seconds: on a busy machine, before anybody looked
          const append = (): ReturnType<typeof store.appendMessages> =>
            store.appendMessages([message]).catch((error: unknown) => {
              if (error instanceof StoreUnavailable) return append()
              throw error
            })
          const appended = append()
          const levels = async () => {
            const [rows] = await watcher.query<RowDataPacket[]>(
              `SELECT trx_isolation_level AS level FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT' AND trx_query LIKE '%${prefix}%'`,
            )
            return rows.map(({ level }) => level as unknown)
          }
          try {
            // InnoDB looks anew only when nobody asked for a tenth of a second
            await expect.poll(levels, { timeout: 60_000, interval: 150 }).toEqual(['READ COMMITTED'])
          } finally {
            await release()
          }
          expect(await appended).toMatchObject([{ kind: 'stored' }])
        } finally {
          await watcher.end()
          await store.close()
        }
      },
    )
  })

  describe('mysql: a message that was sent before', () => {
    afterEach(() => vi.useRealTimers())

    it('makes a batch written again once, and for a second after it looked for first', async () => {
      const at = '2026-03-02T23:30:00.007Z'
      const chat_id = '01950abc-0000-7000-9000-000000000001'
      const pool = hostPool()
      let begun = 0
      const counting: MysqlPool = {
        end: () => expect.fail('It is not ours'),
        getConnection: (callback) =>
          pool.getConnection((error, connection) =>
            callback(error, {
              execute: (query, values, done) => connection.execute(query, values, done),
              query(query, done) {
                if (query.sql === 'START TRANSACTION') begun++
                return connection.query(query, done)
              },
              release: () => connection.release(),
              destroy: () => connection.destroy(),
            }),
          ),
      }
      const store = await mysqlStore(counting, { prefix: 'before_' })
      await store.savePeople([{ id: 'u', email: 'u@example.com', name: null }], at)
      await store.openChat('u', chat_id, at)
      const sent = { chat_id, sender_type: 'user', sender_id: 'u', sender_name: null, notify_at: null } as const
      let made = 1
      const message = (client_id: string) => ({
        ...sent,
        id: `01950abc-0000-7000-9000-${String(++made).padStart(12, '0')}`,
        content: 'hi',
        client_id,
        created_at: at,
      })
      const transactionsOf = async (...clientIds: string[]) => {
        const before = begun
        const outcomes = await store.appendMessages(clientIds.map(message))
        return [begun - before, ...outcomes.map(({ kind }) => kind)]
      }

      vi.useFakeTimers({ toFake: ['performance'] })
      expect(await transactionsOf('a')).toEqual([1, 'stored'])
      expect(await transactionsOf('a', 'b')).toEqual([2, 'repeated', 'stored'])
      expect(await transactionsOf('b', 'c')).toEqual([1, 'repeated', 'stored'])
      vi.advanceTimersByTime(1_000)
      expect(await transactionsOf('d')).toEqual([1, 'stored'])
      expect(await transactionsOf('c', 'd')).toEqual([2, 'repeated', 'repeated'])
    })
  })

  describe('mysql: a host’s own pool', () => {
    const time = '2026-03-02T23:30:00.007Z'
    const person = { id: 'u', email: 'u@example.com', name: null }

    it('may be one of promises', async () => {
      const pool = createPromisePool(url)
      const store = await mysqlStore(pool, { prefix: 'promised_' })
      await store.savePeople([person], time)
      expect(await store.findPerson('u')).toMatchObject({ first_seen_at: time })
      await store.close()
      await pool.query('SELECT 1')
      await pool.end()
    })

    it('may live in another time zone and read types in its own way', async () => {
      const pool = hostPool({
        timezone: '+05:30',
        dateStrings: true,
        rowsAsArray: true,
        supportBigNumbers: true,
        bigNumberStrings: true,
        typeCast: () => 'the host’s',
      })
      pool.on('connection', (connection) =>
        connection.query(
          "SET SESSION time_zone = '+05:30', sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'",
        ),
      )
      const store = await mysqlStore(pool, { prefix: 'zone_' })
      await store.savePeople([{ ...person, name: `\\'"` }], time)
      expect(await store.findPerson('u')).toMatchObject({ first_seen_at: time, last_seen_at: time, name: `\\'"` })
      expect(await store.countUnreadChats(5)).toBe(0)
      const asked = Date.now()
      const now = Date.parse((await store.ping()).time)
      expect(now).toBeGreaterThan(asked - 10_000)
      expect(now).toBeLessThan(Date.now() + 10_000)
      await store.close()
    })
  })
})
