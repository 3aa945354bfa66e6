import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { Migration } from '../sql/migrations/migrations.ts'
import { checkVersion, LATEST } from '../sql/migrations/version.ts'
import type { SqliteConnection } from './connection.ts'
import { Database } from './database.ts'
import { pendingSearch } from './search.ts'

/**
 * Brings the tables up to date.
 * @param isSearchable with the index that search needs
 * @param migrations other ones than Deskbell's, for tests
 * @throws Error when the database was written by a newer version
 */
export async function migrate(db: Database, isSearchable = false, migrations?: readonly Migration[]): Promise<void> {
  const latest = migrations?.length ?? LATEST
  // Mostly they are, and then the query builder is not loaded
  if (versionOf(db, latest) < latest) {
    const pending = await loadMigrations(db.prefix, migrations)
    // Read again: another process may have migrated meanwhile
    await define(db, () => pending(versionOf(db, latest)))
  }
  if (isSearchable && pendingSearch(db).length > 0) await define(db, () => pendingSearch(db))
}

const define = (db: Database, statements: () => string[]): Promise<void> =>
  db.transaction(() => {
    for (const statement of statements()) db.define(statement)
  })

/** The SQL that `migrate` would run now. Does not create a missing file. */
export async function planMigrations(
  database: string | SqliteConnection,
  prefix?: string,
  isSearchable = false,
): Promise<string[]> {
  if (typeof database !== 'string') return plan(database, prefix, isSearchable)
  const connection = existsSync(database)
    ? new DatabaseSync(database, { readOnly: true })
    : new DatabaseSync(':memory:')
  try {
    return await plan(connection, prefix, isSearchable)
  } finally {
    connection.close()
  }
}

async function plan(
  connection: SqliteConnection,
  prefix: string | undefined,
  isSearchable: boolean,
): Promise<string[]> {
  const db = new Database(connection, { prefix })
  const pending = await loadMigrations(db.prefix)
  return [...pending(versionOf(db, LATEST)), ...(isSearchable ? pendingSearch(db) : [])]
}

async function loadMigrations(
  prefix: string,
  migrations?: readonly Migration[],
): Promise<(version: number) => string[]> {
  const [{ pendingMigrations }, { sqliteSchema }] = await Promise.all([
    import('../sql/migrations/migrations.ts'),
    import('./schema-engine.ts'),
  ])
  return (version) => pendingMigrations(sqliteSchema(prefix), version, migrations).map(({ sql }) => sql)
}

function versionOf(db: Database, latest: number): number {
  if (!db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'support_migrations'").get()) return 0
  const version = db.prepare<{ n: number }>('SELECT max(version) AS n FROM support_migrations').get()?.n ?? 0
  checkVersion(version, latest)
  return version
}
