// The part of MySQL's driver that is used. It is described by its shape, since a host hands in a pool of its own version, with
// callbacks or with promises.
import { ConnectionPool, type PooledConnection, type Result } from '../sql/connection-pool.ts'
import { DRIVER_CONNECTS_WITHIN, LOCK_TIMEOUT } from '../sql/timeouts.ts'
import { driver } from '../../server/ports/driver.ts'

/** The part of `mysql2`'s pool that is used: that of `createPool`, or that of `mysql2/promise`, which contains the former */
export type MysqlPool = CallbackPool | { pool: CallbackPool }

interface CallbackPool {
  getConnection(callback: (error: Error | null, connection: MysqlConnection) => void): void
  end(callback: (error: Error | null) => void): void
}

interface MysqlConnection {
  execute(
    query: MysqlQuery,
    values: never[],
    callback: (error: Error | null, result: unknown, fields?: readonly Field[]) => void,
  ): unknown
  query(query: { sql: string }, callback: (error: Error | null) => void): unknown
  release(): void
  destroy(): void
}

interface MysqlQuery {
  sql: string
  /** `true`: as the driver does by itself */
  typeCast: TypeCast | true
  rowsAsArray: false
  nestTables: false
  namedPlaceholders: false
}

type TypeCast = (field: { type: string; string(): string | null }, next: () => unknown) => unknown

interface Field {
  name: string
  columnType?: number | undefined
}

/** For a connection of the host's, which may read values in its own way. The driver makes an object and three functions for each value */
const typeCast: TypeCast = (field, next) => {
  if (field.type === 'LONGLONG') return numberOrNull(next())
  if (field.type !== 'DATETIME') return next()
  const text = field.string()
  return text === null ? null : isoTime(text)
}

/** `2026-03-02 09:00:00.500` as `2026-03-02T09:00:00.500Z`; a fraction of zero may be missing */
export function isoTime(text: string): string {
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20, 23).padEnd(3, '0')}Z`
}

/** A host's connection may give counts as text */
const numberOrNull = (value: unknown): number | null => (value === null ? null : Number(value))

/** Numbers are sent as text: the driver would send floating-point numbers, which LIMIT does not accept */
const asParameter = (value: unknown): unknown => (typeof value === 'number' ? String(value) : value)

/** A promise of what the driver passes to a callback */
const asked = <T>(ask: (callback: (error: Error | null, result: T) => void) => unknown): Promise<T> =>
  new Promise((resolve, reject) => {
    ask((error, result) => (error ? reject(error) : resolve(result)))
  })

/** What `typeCast` does, on a connection of ours: by columns */
const CASTS = new Map<number | undefined, (text: string) => unknown>([
  [8, Number], // LONGLONG, which is text by some options that a URL may have
  [12, isoTime], // DATETIME
])

function cast(rows: Record<string, unknown>[], fields: readonly Field[] = []): unknown[] {
  for (const { name, columnType } of fields) {
    const castOne = CASTS.get(columnType)
    if (!castOne) continue
    for (const row of rows) {
      const value = row[name]
      if (typeof value === 'string') row[name] = castOne(value)
    }
  }
  return rows
}

export function mysqlConnectionPool(pool: MysqlPool, isOurs: boolean): ConnectionPool {
  const connections = 'pool' in pool ? pool.pool : pool
  return new ConnectionPool({
    async connect() {
      const connection = await asked<MysqlConnection>((done) => connections.getConnection(done))
      return {
        async run(statement, parameters): Promise<Result> {
          const query = {
            sql: statement,
            typeCast: isOurs || typeCast,
            rowsAsArray: false as const,
            nestTables: false as const,
            namedPlaceholders: false as const,
          }
          const values = parameters.map(asParameter) as never[]
          return new Promise((resolve, reject) => {
            connection.execute(query, values, (error, result, fields) => {
              if (error) reject(error)
              else if (!Array.isArray(result))
                resolve({ rows: [], changed: (result as { affectedRows: number }).affectedRows })
              else resolve({ rows: isOurs ? cast(result, fields) : result, changed: 0 })
            })
          })
        },
        exec: (statement) =>
          asked<void>((done) => connection.query({ sql: statement }, (error) => done(error, undefined))),
        release: () => connection.release(),
        destroy: () => connection.destroy(),
      } satisfies PooledConnection
    },
    async end() {
      if (isOurs) await asked<void>((done) => connections.end((error) => done(error, undefined)))
    },
  })
}

/** Each statement of a transaction sees what was committed before it, whatever the server's default */
export const READ_COMMITTED = 'ISOLATION LEVEL READ COMMITTED'

/** A pool of our own */
export async function connectMysql(url: string): Promise<MysqlPool> {
  const { createPool } = await driver('mysql2', import('mysql2'))
  const pool = createPool({
    uri: url,
    connectionLimit: 10,
    connectTimeout: DRIVER_CONNECTS_WITHIN,
    enableKeepAlive: true,
    charset: 'utf8mb4',
    // Not as the driver's dates, which are in a time zone
    dateStrings: true,
  })
  pool.on('connection', (connection) => {
    connection.query(`SET SESSION innodb_lock_wait_timeout = ${LOCK_TIMEOUT / 1000}`)
    connection.query(`SET SESSION TRANSACTION ${READ_COMMITTED}`)
  })
  return pool
}
