import type { Store } from '../server/ports/store/store.ts'
import type { PostgresPool } from './postgres/pool.ts'

export type { PostgresPool }

export interface PostgresOptions {
  /** Put before each table's name; without, they are support_users, support_chats … */
  prefix?: string
  /** The schema that the tables are in, made when absent; without, the connection's own */
  schema?: string
  /**
   * False behind a pooler that hands a connection from transaction to transaction and knows nothing of prepared statements
   * (PgBouncer before 1.21)
   */
  prepare?: boolean
  /**
   * Staff can search what was written. It costs an index, which is made at the first start with it: beside running nodes, and as
   * long as there are messages (`deskbell migrate` makes it ahead). Default: false
   */
  fullTextSearch?: boolean
}

/**
 * PostgreSQL 12 or newer through `pg`. Brings its tables up to date first; any number of nodes may start at once.
 *
 * @param database a URL, or a `pg.Pool` of the host's, which stays the host's to close
 * @throws StoreUnavailable when the database cannot be reached
 * @throws Error when it was written by a newer version, or an option cannot be right
 * @example const deskbell = createDeskbell({ store: await postgresStore('postgres://localhost/app', { schema: 'support' }), … })
 */
export async function postgresStore(database: string | PostgresPool, options: PostgresOptions = {}): Promise<Store> {
  const { openStore } = await import('./sql/store.ts')
  const { postgresEngine } = await import('./postgres/engine.ts')
  const { messageSearch } = await import('./postgres/search/message-search.ts')
  const more = options.fullTextSearch ? messageSearch : undefined
  return openStore(postgresEngine(options), await hostOf(database, options), options, more)
}

/** The SQL that `postgresStore` would run first, to bring the tables up to date; nothing when they are */
export async function postgresMigrations(
  database: string | PostgresPool,
  options: PostgresOptions = {},
): Promise<string[]> {
  const { planMigrations } = await import('./sql/migrator.ts')
  const host = await hostOf(database, options)
  try {
    return await planMigrations(host)
  } finally {
    await host.lines.close()
  }
}

// Loaded when it is used: who keeps chats in SQLite pays neither for the driver nor for the query builder
async function hostOf(database: string | PostgresPool, options: PostgresOptions) {
  const [{ checkNaming }, { postgresMigration }, { connectPostgres, postgresLines }] = await Promise.all([
    import('./sql/naming.ts'),
    import('./postgres/migration.ts'),
    import('./postgres/pool.ts'),
  ])
  checkNaming(options)
  const isOurs = typeof database === 'string'
  const pool = isOurs ? await connectPostgres(database) : database
  const lines = postgresLines(pool, isOurs, options.prepare ?? true)
  return postgresMigration(lines, options, options.fullTextSearch ?? false)
}
