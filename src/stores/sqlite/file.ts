import { DatabaseSync } from 'node:sqlite'
import { LOCK_TIMEOUT } from './database.ts'

/**
 * Opens a connection of our own.
 * @param file a path, or `:memory:`
 */
export function openFile(file: string): DatabaseSync {
  const connection = new DatabaseSync(file, { enableForeignKeyConstraints: true })
  // FULL, not NORMAL: an acknowledged message must survive a power cut. Fewer checkpoints (every 32 MB of log): a page that every
  // commit touches is copied into the database once, not hundreds of times (measured: a fifth more messages)
  connection.exec(
    `PRAGMA busy_timeout = ${LOCK_TIMEOUT}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 8000`,
  )
  return connection
}

/**
 * For when the tables are up to date. Turns SQLite's own busy wait off, because it would block the whole process; `Database.transaction`
 * waits instead. Sorts in memory from now on: what is sorted to make an index over all messages is too large for that.
 */
export function beginToServe(connection: DatabaseSync): void {
  connection.exec('PRAGMA busy_timeout = 0; PRAGMA temp_store = MEMORY')
}
