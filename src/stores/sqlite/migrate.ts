import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { checkVersion, LATEST } from '../sql/migrations/version.ts'
import type { SqliteConnection } from './connection.ts'
import { Database } from './database.ts'

/** Brings the tables up to date. @throws Error when the database was written by a newer version */
export async function migrate(db: Database): Promise<void> {
  // Mostly they are, and then the query builder is not even loaded
  if (versionOf(db) === LATEST) return
  const pending = await loadMigrations(db.prefix)
  await db.transaction(() => {
    // Asked again: another process may have been at it
    for (const statement of pending(versionOf(db))) db.define(statement)
  })
}

/** The SQL that `migrate` would run now; a file that is not there yet is not made */
export async function planMigrations(database: string | SqliteConnection, prefix?: string): Promise<string[]> {
  if (typeof database !== 'string') return plan(database, prefix)
  const connection = existsSync(database)
    ? new DatabaseSync(database, { readOnly: true })
    : new DatabaseSync(':memory:')
  try {
    return await plan(connection, prefix)
  } finally {
    connection.close()
  }
}

async function plan(connection: SqliteConnection, prefix?: string): Promise<string[]> {
  const db = new Database(connection, { prefix })
  return (await loadMigrations(db.prefix))(versionOf(db))
}

async function loadMigrations(prefix: string): Promise<(version: number) => string[]> {
  const [{ pendingMigrations }, { sqliteSchema }] = await Promise.all([
    import('../sql/migrations/migrations.ts'),
    import('./schema-engine.ts'),
  ])
  return (version) => pendingMigrations(sqliteSchema(prefix), version)
}

function versionOf(db: Database): number {
  if (!db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'support_migrations'").get()) return 0
  const version = db.prepare<{ n: number }>('SELECT max(version) AS n FROM support_migrations').get()?.n ?? 0
  checkVersion(version)
  return version
}
