// Copies of a database for backup and restore, as whole files.
import { DatabaseSync } from 'node:sqlite'
import { Database } from './database.ts'
import { passingCode } from './errors.ts'
import { openFile } from './file.ts'
import { migrate } from './migrator.ts'
import { operations } from './operations.ts'

/**
 * Writes a consistent copy to a new file, while others may read and write.
 * @throws when `file` is not a database, or is damaged
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
 * Prepares a copy to replace the database of a server: checked, up to date, and with a new epoch.
 * @throws when it is damaged, not a database of Deskbell's, or written by a newer version
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
    await operations(db).renewEpoch()
    // One file, without a log beside it
    connection.exec('PRAGMA journal_mode = DELETE')
  } finally {
    connection.close()
  }
}

/** Whether nobody has the database open; if so, its log is merged into the file. Only a sole user can leave WAL mode. */
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
