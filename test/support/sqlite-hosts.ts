// Hosts with an SQLite connection of their own, of either driver, set to what is most unlike ours.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll } from 'vitest'
import type { Store } from '../../src/server/ports/store/store.ts'
import { sqliteStore, type SqliteConnection } from '../../src/stores/sqlite.ts'
import { newChat } from '../../src/testing/database-conformance/kit.ts'
import { BETTER_SQLITE3, betterSqlite3 } from './better-sqlite3.ts'

/** What a host does with its connection, and Deskbell does not */
export interface HostConnection extends SqliteConnection {
  close(): unknown
}

export interface SqliteDriver {
  name: string
  connect(file: string, isReadOnly?: boolean): HostConnection
  /** Makes `connection` of `file`, in a process of its own */
  script: string
}

const BetterSqlite3 = betterSqlite3()

/** Those that are here */
export const SQLITE_DRIVERS: SqliteDriver[] = [
  {
    name: 'node:sqlite',
    connect: (file, isReadOnly = false) =>
      new DatabaseSync(file, { readOnly: isReadOnly, readBigInts: true, returnArrays: true }),
    script: `import { DatabaseSync } from 'node:sqlite'
      const connection = new DatabaseSync(file, { readBigInts: true })`,
  },
  ...(BetterSqlite3
    ? [
        {
          name: 'better-sqlite3',
          connect: (file: string, isReadOnly = false) =>
            new BetterSqlite3(file, { readonly: isReadOnly }).defaultSafeIntegers(true),
          script: `import { createRequire } from 'node:module'
            const connection = createRequire(${JSON.stringify(BETTER_SQLITE3)})('better-sqlite3')(file)`,
        },
      ]
    : []),
]

const SETTINGS =
  'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF; PRAGMA busy_timeout = 60000'

/** The first column of the first row, as a number where it is one */
export function valueOf(connection: SqliteConnection, sql: string): unknown {
  const row = connection.prepare(sql).get() as object | undefined
  const value: unknown = row && Object.values(row)[0]
  return typeof value === 'bigint' ? Number(value) : value
}

export interface SqliteHost {
  file: string
  connection: HostConnection
  /** With the prefix `app_`, beside a table `orders` of the host's */
  store: Store
  chat: string
}

/** Databases and connections of one test file, gone when it ends */
export function sqliteHosts() {
  const dir = mkdtempSync(join(tmpdir(), 'deskbell-sqlite-host-'))
  const open = new Set<HostConnection>()
  let files = 0
  afterAll(() => {
    for (const connection of open) connection.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const fresh = (): string => join(dir, `${files++}.db`)
  const keep = (connection: HostConnection): HostConnection => {
    open.add(connection)
    return connection
  }
  function connect(driver: SqliteDriver, file: string): HostConnection {
    const connection = keep(driver.connect(file))
    connection.exec(SETTINGS)
    return connection
  }
  return {
    fresh,
    connect,
    /** As the driver makes it; to be closed at the end too */
    bare: (driver: SqliteDriver, file: string, isReadOnly?: boolean) => keep(driver.connect(file, isReadOnly)),
    close(connection: HostConnection): void {
      open.delete(connection)
      connection.close()
    },
    async start(driver: SqliteDriver): Promise<SqliteHost> {
      const file = fresh()
      const connection = connect(driver, file)
      connection.exec('CREATE TABLE orders (id INTEGER PRIMARY KEY)')
      const store = await sqliteStore(connection, { prefix: 'app_' })
      return { file, connection, store, chat: await newChat(store, 'u') }
    },
  }
}
