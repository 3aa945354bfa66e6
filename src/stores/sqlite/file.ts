import { DatabaseSync } from 'node:sqlite'
import { LOCK_TIMEOUT } from './database.ts'

/** https://sqlite.org/rescode.html#cantopen */
const CANNOT_OPEN = 14

/**
 * Opens a connection of our own.
 * @param file a path, or `:memory:`
 * @throws Error that names the file when it cannot be opened
 */
export function openFile(file: string): DatabaseSync {
  const connection = connect(file)
  // FULL, not NORMAL: an acknowledged message must survive a power cut. Fewer checkpoints (every 32 MB of log): a page that every
  // commit touches is copied into the database once, not hundreds of times (measured: a fifth more messages)
  connection.exec(
    `PRAGMA busy_timeout = ${LOCK_TIMEOUT}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 8000`,
  )
  return connection
}

function connect(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { enableForeignKeyConstraints: true })
  } catch (error) {
    if ((error as { errcode?: unknown }).errcode !== CANNOT_OPEN) throw error
    throw new Error(`${file} cannot be opened. Does its folder exist, and may this process write there?`, {
      cause: error,
    })
  }
}

/**
 * For when the tables are up to date. Turns SQLite's own busy wait off, because it would block the whole process; `Database.transaction`
 * waits instead. Sorts in memory from now on: what is sorted to make an index over all messages is too large for that.
 */
export function beginToServe(connection: DatabaseSync): void {
  connection.exec('PRAGMA busy_timeout = 0; PRAGMA temp_store = MEMORY')
}
