import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { checkVersion, LATEST } from '../sql/migrations/version.ts'

/** Brings the tables up to date. @throws Error when the database was written by a newer version */
export async function migrate(db: DatabaseSync): Promise<void> {
  // Mostly they are, and then the query builder is not even loaded
  if (versionOf(db) === LATEST) return
  const pending = await loadMigrations()
  db.exec('BEGIN IMMEDIATE')
  try {
    // Asked again: another process may have been at it
    for (const statement of pending(versionOf(db))) db.exec(statement)
    db.exec('COMMIT')
  } catch (error) {
    db.exec('ROLLBACK')
    throw error
  }
}

/** The SQL that `migrate` would run now; a file that is not there yet is not made */
export async function planMigrations(file: string): Promise<string[]> {
  const db = existsSync(file) ? new DatabaseSync(file, { readOnly: true }) : new DatabaseSync(':memory:')
  try {
    return (await loadMigrations())(versionOf(db))
  } finally {
    db.close()
  }
}

async function loadMigrations(): Promise<(version: number) => string[]> {
  const [{ pendingMigrations }, { sqliteSchema }] = await Promise.all([
    import('../sql/migrations/migrations.ts'),
    import('./schema-engine.ts'),
  ])
  return (version) => pendingMigrations(sqliteSchema, version)
}

function versionOf(db: DatabaseSync): number {
  if (!db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'support_migrations'").get()) return 0
  const version = Number(db.prepare('SELECT max(version) AS n FROM support_migrations').get()?.['n'])
  checkVersion(version)
  return version
}
