// Bringing a database up to date, by many at once and broken off in the middle: in the end it is whole, and has one epoch.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createPool } from 'mysql2'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { mysqlMigrations, mysqlStore, type MysqlPool } from '../../src/stores/mysql.ts'
import { LATEST } from '../../src/stores/sql/migrations/version.ts'
import { openDatabase } from '../../src/standalone/database.ts'
import { FaultProxy } from '../../src/testing/fault-proxy.ts'
import { deskbell, startDeskbell } from '../support/cli.ts'
import { freshDatabase } from '../support/databases.ts'
import { pause } from '../support/desk.ts'

/** Ours, with the record of migrations */
const TABLES = 25

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

function newFile(): string {
  const dir = mkdtempSync(join(tmpdir(), 'deskbell-faults-'))
  ends.push(() => rmSync(dir, { recursive: true, force: true }))
  return join(dir, 'chat.db')
}

async function newUrl(engine: 'postgres' | 'mysql'): Promise<string | undefined> {
  const database = await freshDatabase(engine)
  if (database) ends.push(() => database.drop())
  return database?.url
}

const ENGINES = [
  { name: 'SQLite', fresh: async () => `sqlite:${newFile()}` },
  { name: 'PostgreSQL', fresh: () => newUrl('postgres') },
  { name: 'MariaDB', fresh: () => newUrl('mysql') },
]

/** Processes of `deskbell migrate` at once, none of which may fail. @returns the epoch, which the first of them made */
async function migrateBy(count: number, url: string): Promise<string> {
  const env = { DATABASE_URL: url, DATA_DIR: tmpdir() }
  const runs = Array.from({ length: count }, () => deskbell(['migrate'], env))
  const made = Promise.race(runs).then(() => epochOf(url))
  const told = (await Promise.all(runs)).map(({ code, err }) => [code, err])
  expect(told).toEqual(runs.map(() => [0, '']))
  expect(await epochOf(url)).toBe(await made)
  return made
}

async function epochOf(url: string): Promise<string> {
  const store = await openDatabase(url)
  await store.close()
  return store.epoch
}

describe.each(ENGINES)('$name', ({ fresh }) => {
  it('is brought up to date once by ten processes at once', async ({ skip }) => {
    const url = (await fresh()) ?? skip('it is not on this machine')
    await migrateBy(10, url)
    expect((await deskbell(['migrate', '--dry-run'], { DATABASE_URL: url, DATA_DIR: tmpdir() })).out).toMatch(
      /is up to date$/,
    )
  })
})

describe('a process that is killed amid its migration', () => {
  /** Each statement takes its time on such a line, so that there is a middle */
  const SLOW = 25

  /** @param isAmid asked until it has begun */
  async function killAmid(url: string, isAmid: () => Promise<boolean>): Promise<void> {
    const line = await FaultProxy.start(Number(new URL(url).port))
    ends.push(() => line.close())
    line.delay(SLOW)
    const slow = new URL(url)
    slow.host = `127.0.0.1:${line.port}`
    const { child, end } = startDeskbell(['migrate'], { DATABASE_URL: slow.href, DATA_DIR: tmpdir() })
    while (!(await isAmid())) {
      if (child.exitCode !== null) throw new Error(`It ended too early: ${(await end).err}`)
      await pause(5)
    }
    child.kill('SIGKILL')
    expect((await end).code).toBeNull()
  }

  it('leaves an SQLite that others bring up to date', async () => {
    for (let kill = 0; kill < 2; kill++) {
      const file = newFile()
      const { child, end } = startDeskbell(['migrate'], { DATABASE_URL: `sqlite:${file}`, DATA_DIR: tmpdir() })
      while (!existsSync(file)) await pause(1)
      await pause(Math.random() * 15)
      child.kill('SIGKILL')
      await end
      await migrateBy(3, `sqlite:${file}`)
      const whole = new DatabaseSync(file, { readOnly: true })
      expect(whole.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
      whole.close()
    }
  })

  it('leaves a PostgreSQL that others bring up to date', async ({ skip }) => {
    const url = (await newUrl('postgres')) ?? skip('it is not on this machine')
    const client = new pg.Client(url)
    await client.connect()
    ends.push(() => client.end())
    const making = `SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND state = 'idle in transaction' AND query ILIKE 'create index%'`
    await killAmid(url, async () => (await client.query(making)).rows.length > 0)
    await migrateBy(3, url)
  })

  it('leaves a PostgreSQL between two versions, which others bring up to date', async ({ skip }) => {
    const url = (await newUrl('postgres')) ?? skip('it is not on this machine')
    const client = new pg.Client(url)
    await client.connect()
    ends.push(() => client.end())
    await client.query(readFileSync(join(import.meta.dirname, '../fixtures/schema-1/postgres.sql'), 'utf8'))
    const version = async () =>
      (await client.query<{ n: number }>('SELECT max(version) AS n FROM support_migrations')).rows[0]?.n ?? 0
    await killAmid(url, async () => (await version()) > 3)
    expect(await version()).toBeLessThan(LATEST)
    await migrateBy(3, url)
    expect(await version()).toBe(LATEST)
  })

  it('leaves a MariaDB that others bring up to date', async ({ skip }) => {
    const url = (await newUrl('mysql')) ?? skip('it is not on this machine')
    const connection = await mysql.createConnection(url)
    ends.push(() => connection.end())
    await killAmid(url, async () => (await tablesOf(connection, '')).length > 2)
    expect((await tablesOf(connection, '')).length).toBeLessThan(TABLES)
    await migrateBy(3, url)
    expect(await tablesOf(connection, '')).toHaveLength(TABLES)
  })
})

it('is finished on MariaDB by three nodes at once after whichever statement it was broken off', async ({ skip }) => {
  const url = (await newUrl('mysql')) ?? skip('it is not on this machine')
  const pool = createPool({ uri: url })
  ends.push(() => pool.promise().end())
  const connection = pool.promise()
  const open = async (prefix: string): Promise<string> => (await mysqlStore(pool, { prefix })).epoch
  const statements = (await mysqlMigrations(pool, { prefix: 'whole_' })).length
  await open('whole_')
  const whole = await tablesOf(connection, 'whole_')
  expect(whole).toHaveLength(TABLES)

  for (let n = 0; n <= statements; n++) {
    const prefix = `n${n}_`
    await expect(mysqlStore(mortalPool(pool, n), { prefix })).rejects.toThrow('as if killed')
    const nodes = await Promise.all([open(prefix), open(prefix), open(prefix)])
    expect(new Set(nodes).size).toBe(1)
    expect(await tablesOf(connection, prefix)).toEqual(whole)
  }
})

/** A host's pool whose process dies, as far as the server can tell, when `n` statements of a migration were run */
function mortalPool(pool: ReturnType<typeof createPool>, n: number): MysqlPool {
  let left = n
  return {
    end: () => expect.fail('It is not ours'),
    getConnection: (callback) =>
      pool.getConnection((error, connection) =>
        callback(error, {
          execute: (query, values, done) => connection.execute(query, values, done),
          query(query, done) {
            if (left-- > 0) return connection.query(query, done)
            connection.destroy()
            done(new Error('as if killed'))
          },
          release: () => connection.release(),
          destroy: () => connection.destroy(),
        }),
      ),
  }
}

/** How each of Deskbell's tables was made, without the prefix; sorted */
async function tablesOf(connection: Pick<mysql.Connection, 'query'>, prefix: string): Promise<string[]> {
  const [tables] = await connection.query<mysql.RowDataPacket[]>(
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = database() AND table_name LIKE ?',
    [`${prefix}support%`],
  )
  const made = tables.map(async ({ name }) => {
    const [rows] = await connection.query<mysql.RowDataPacket[]>(`SHOW CREATE TABLE ${String(name)}`)
    return String(rows[0]?.['Create Table']).replaceAll(prefix, '')
  })
  return (await Promise.all(made)).sort()
}
