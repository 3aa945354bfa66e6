// A host's connection: what Deskbell requires of it, and what it changes for the time of a transaction.
import { StoreUnavailable } from '../../server/ports/store/store-unavailable.ts'
import { prepare, type SqliteConnection } from './connection.ts'
import { Database } from './database.ts'
import { passingCode } from './errors.ts'
import { migrate } from './migrator.ts'

/** Values of `PRAGMA synchronous` */
const OFF = 0
const FULL = 2

export const TAKES =
  'sqliteStore takes a path, a DatabaseSync of node:sqlite (Node 22.16 or newer) or a Database of better-sqlite3'
const HANDED_IN = 'The SQLite connection that was handed in'

/**
 * Brings the tables up to date.
 * @throws Error that says what to change, when this connection could lose acknowledged messages or cannot write
 */
export async function openOnHost(
  connection: SqliteConnection,
  prefix: string | undefined,
  isSearchable: boolean,
): Promise<Database> {
  checkConnection(connection)
  const db = new Database(connection, { prefix, takeOver })
  try {
    await migrate(db, isSearchable)
    // Changes nothing, but fails on a read-only connection, as BEGIN does not
    const nothing = db.prepare('DELETE FROM support_meta WHERE false')
    await db.transaction(() => nothing.run())
    return db
  } catch (error) {
    if (passingCode((error as Error).cause ?? error) !== 'READONLY') throw error
    throw new Error(`${HANDED_IN} is read-only`, { cause: error })
  }
}

function checkConnection(connection: SqliteConnection): void {
  if (typeof isInTransaction(connection) !== 'boolean') {
    throw new Error(TAKES)
  }
  const [main] = prepare(connection, 'PRAGMA database_list').all()
  // A database in memory ends with the process anyway
  if ((main as { file: string }).file === '') return
  const mode = pragma(connection, 'journal_mode')
  if (mode !== 'wal') {
    throw new Error(`${HANDED_IN} has journal_mode ${String(mode)}: run PRAGMA journal_mode = WAL on it first`)
  }
  // A checkpoint of the host's would move our commits from the log into a file that is not synchronized
  if (pragma(connection, 'synchronous') === OFF) {
    throw new Error(
      `${HANDED_IN} has synchronous OFF, and loses at a power cut what was committed: run PRAGMA synchronous = NORMAL, or higher`,
    )
  }
}

/**
 * Makes the connection ours for one transaction: its commit is durable, and SQLite does not wait for locks, which would block the
 * whole process. Reads the settings each time, since the host may change them between two transactions.
 *
 * @returns restores the settings, to be called in the same turn of the event loop
 * @throws StoreUnavailable while the host has a transaction open: ours must not become a part of it
 */
function takeOver(connection: SqliteConnection): () => void {
  if (isInTransaction(connection)) {
    throw new StoreUnavailable('The host has a transaction open on the SQLite connection that it handed in')
  }
  const synchronous = Number(pragma(connection, 'synchronous'))
  const timeout = Number(pragma(connection, 'busy_timeout'))
  set(connection, Math.max(synchronous, FULL), 0)
  return () => set(connection, synchronous, timeout)
}

const isInTransaction = (connection: SqliteConnection): boolean | undefined =>
  connection.isTransaction ?? connection.inTransaction

function set(connection: SqliteConnection, synchronous: number, timeout: number): void {
  connection.exec(`PRAGMA synchronous = ${synchronous}; PRAGMA busy_timeout = ${timeout}`)
}

/** Prepared each time: a kept statement would return the value as of when it was prepared */
const pragma = (connection: SqliteConnection, name: string): unknown =>
  Object.values(prepare(connection, `PRAGMA ${name}`).get() as object)[0]
