// Copies of a database for backup and restore, as whole files.
import { DatabaseSync } from 'node:sqlite'
import { Database } from './database.ts'
import { passingCode } from './errors.ts'
import { openFile } from './file.ts'
import { incarnation } from './incarnation.ts'
import { migrate } from './migrate.ts'

/**
 * Writes a consistent copy to a file that is not there yet, while others may read and write.
 * @throws when `file` is no database, or a damaged one
 */
export function copyDatabase(file: string, copy: string): void {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
  try {
    db.prepare('VACUUM INTO ?').run(copy)
  } finally {
    db.close()
  }
}

/**
 * Makes of a copy what a server may open in place of what there was: whole, up to date, and of another epoch.
 * @throws when it is damaged, no database of Deskbell's, or written by a newer version
 */
export async function prepareCopy(copy: string): Promise<void> {
  const connection = openFile(copy)
  try {
    const [found] = connection.prepare('PRAGMA integrity_check(1)').all()
    if (found?.['integrity_check'] !== 'ok') throw new Error(`It is damaged: ${String(found?.['integrity_check'])}`)
    if (!connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'support_meta'").get())
      throw new Error('It is no database of Deskbell’s')
    const db = new Database(connection)
    await migrate(db)
    await incarnation(db).renewEpoch()
    // One file, without a log beside it
    connection.exec('PRAGMA journal_mode = DELETE')
  } finally {
    connection.close()
  }
}

/** Leaving the log needs the database to oneself: false while anybody else has it open. Otherwise it is one whole file now. */
export function isUnused(file: string): boolean {
  const db = new DatabaseSync(file, { timeout: 0 })
  try {
    return db.prepare('PRAGMA journal_mode = DELETE').get()?.['journal_mode'] === 'delete'
  } catch (error) {
    if (passingCode(error) === 'BUSY') return false
    throw error
  } finally {
    db.close()
  }
}
