// SQLite's drivers, as much of them as is needed. They are described by their shape: a host hands in a connection of its own.

/**
 * The slice that is used of a host's connection: a `DatabaseSync` of `node:sqlite` (Node 22.16 or newer), or a `Database` of
 * better-sqlite3. It stays the host's to close and to configure. What is asked of it, and what is done with it:
 *
 * - Its file is in WAL mode, and its `synchronous` is never OFF. What Deskbell acknowledges survives a power cut all the same where
 *   that is NORMAL: its own commits are made with FULL, and what was set is put back before anybody else gets a turn. The host's own
 *   commits stay as durable as the host wants them.
 * - While another process writes, Deskbell's writes wait without holding up the event loop, whatever `busy_timeout` is, which is
 *   put back too.
 * - While the host has a transaction open, Deskbell reads and does not write: it waits for five seconds, then it is unavailable. A
 *   host that keeps transactions open over many turns of the event loop had better open a connection for Deskbell alone.
 * - Anything else may be as it is: `foreign_keys`, `cache_size`, `wal_autocheckpoint` …, and what integers and rows are read as.
 */
export interface SqliteConnection {
  prepare(sql: string): SqliteStatement
  exec(sql: string): unknown
  /** Whether a transaction is open, as `node:sqlite` calls it */
  readonly isTransaction?: boolean
  /** And as better-sqlite3 does */
  readonly inTransaction?: boolean
}

export type SqliteValue = string | number | null

export interface SqliteStatement {
  get(...values: SqliteValue[]): unknown
  all(...values: SqliteValue[]): unknown[]
  run(...values: SqliteValue[]): { changes: number | bigint }
  /** What the connection's defaults may be otherwise: of `node:sqlite` … */
  setReadBigInts?(isOn: boolean): void
  setReturnArrays?(isOn: boolean): void
  /** … and of better-sqlite3 */
  safeIntegers?(isOn: boolean): unknown
}

/** A statement whose rows are objects with numbers, whatever the connection is set to */
export function prepare(connection: SqliteConnection, sql: string): SqliteStatement {
  const statement = connection.prepare(sql)
  statement.setReadBigInts?.(false)
  statement.setReturnArrays?.(false)
  statement.safeIntegers?.(false)
  return statement
}

/** To better-sqlite3, and to Node before 22.20 and 24.7, ?1 is a parameter whose name is 1, and not the first one */
export function takesNumbersAsNames(connection: SqliteConnection): boolean {
  try {
    connection.prepare('SELECT ?1').get('')
    return false
  } catch {
    return true
  }
}

/** Takes the values in order all the same */
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
