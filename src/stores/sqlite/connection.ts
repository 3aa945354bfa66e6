// The part of SQLite's drivers that is used. It is described by its shape, since a host hands in a connection of its own.

/**
 * The part that is used of a host's connection: a `DatabaseSync` of `node:sqlite` (Node 22.16 or newer), or a `Database` of
 * better-sqlite3. The host closes and configures it. What Deskbell requires of it, and does with it:
 *
 * - Its file is in WAL mode, and its `synchronous` is never OFF. With NORMAL, what Deskbell acknowledges survives a power cut all
 *   the same: it commits with FULL, and restores the setting before other code runs. The host's own commits stay as durable as the
 *   host wants them.
 * - While another process writes, Deskbell's writes wait without blocking the event loop, whatever `busy_timeout` is; it is restored
 *   too.
 * - While the host has a transaction open, Deskbell reads and does not write: a write waits for five seconds, then it rejects with
 *   StoreUnavailable. A host that keeps transactions open for long should open a connection for Deskbell alone.
 * - Every other setting is free: `foreign_keys`, `cache_size`, `wal_autocheckpoint` …, and how integers and rows are read.
 */
export interface SqliteConnection {
  prepare(sql: string): SqliteStatement
  exec(sql: string): unknown
  /** Whether a transaction is open, in `node:sqlite` */
  readonly isTransaction?: boolean
  /** The same in better-sqlite3 */
  readonly inTransaction?: boolean
}

export type SqliteValue = string | number | null

export interface SqliteStatement {
  get(...values: SqliteValue[]): unknown
  all(...values: SqliteValue[]): unknown[]
  run(...values: SqliteValue[]): { changes: number | bigint }
  /** Override the connection's defaults, in `node:sqlite` … */
  setReadBigInts?(isOn: boolean): void
  setReturnArrays?(isOn: boolean): void
  /** … and in better-sqlite3 */
  safeIntegers?(isOn: boolean): unknown
  raw?(isOn: boolean): unknown
}

/**
 * A statement whose rows have numbers, whatever the connection is set to
 * @param asArrays the rows are arrays of their columns; otherwise objects
 */
export function prepare(connection: SqliteConnection, sql: string, asArrays = false): SqliteStatement {
  const statement = connection.prepare(sql)
  statement.setReadBigInts?.(false)
  statement.setReturnArrays?.(asArrays)
  statement.safeIntegers?.(false)
  if (asArrays) statement.raw?.(true)
  return statement
}

/** In better-sqlite3, and in Node before 22.20 and 24.7, ?1 is a parameter with the name 1, and not the first one */
export function takesNumbersAsNames(connection: SqliteConnection): boolean {
  try {
    connection.prepare('SELECT ?1').get('')
    return false
  } catch {
    return true
  }
}

/** Takes the values in order where ?1 is a name */
export const byNumber = (statement: SqliteStatement): SqliteStatement => ({
  get: (...values) => statement.get(numbered(values)),
  all: (...values) => statement.all(numbered(values)),
  run: (...values) => statement.run(numbered(values)),
})

function numbered(values: SqliteValue[]): never {
  const named: Record<number, SqliteValue> = {}
  values.forEach((value, i) => (named[i + 1] = value))
  return named as never
}
