import type { Store } from '../server/ports/store/store.ts'
import { checkDatabase, type Accepted } from './check-database.ts'
import type { PostgresPool } from './postgres/pool.ts'

export type { PostgresPool }

const ACCEPTED: Accepted = {
  takes: 'postgresStore takes a URL such as postgres://localhost/app, or a pg.Pool',
  method: 'connect',
  // The last two are Unix sockets, as `pg` writes them
  urls: ['postgres://', 'postgresql://', 'socket:', '/'],
}

export interface PostgresOptions {
  /** Put before each table's name. Default: none; tables are support_users, support_chats … */
  prefix?: string | undefined
  /** The schema of the tables, created when missing. Default: the connection's own */
  schema?: string | undefined
  /**
   * False behind a pooler in transaction mode that does not support prepared statements (PgBouncer before 1.21). Default: true
   */
  prepare?: boolean | undefined
  /**
   * Staff can search messages. It needs an index, which is made at the first start with this option, while other nodes run; it takes
   * the longer the more messages there are (`deskbell migrate` makes it ahead). Default: false
   */
  fullTextSearch?: boolean | undefined
}

/**
 * PostgreSQL 12 or newer through `pg`. Brings its tables up to date first; any number of nodes may start at once.
 *
 * @param database a URL, or a `pg.Pool` of the host's, which the host closes
 * @throws StoreUnavailable when the database cannot be reached
 * @throws Error when it was written by a newer version, or an option is not valid
 * @example const deskbell = createDeskbell({ store: await postgresStore('postgres://localhost/app', { schema: 'support' }), … })
 */
export async function postgresStore(database: string | PostgresPool, options: PostgresOptions = {}): Promise<Store> {
  checkDatabase(database, ACCEPTED)
  const { openStore } = await import('./sql/store.ts')
  const { postgresEngine } = await import('./postgres/engine.ts')
  const { search } = await import('./postgres/search/search.ts')
  return openStore(
    postgresEngine(options),
    await hostOf(database, options),
    options,
    options.fullTextSearch ? search : undefined,
  )
}

/** The SQL that `postgresStore` would run first, to bring the tables up to date; nothing when they are */
export async function postgresMigrations(
  database: string | PostgresPool,
  options: PostgresOptions = {},
): Promise<string[]> {
  checkDatabase(database, ACCEPTED)
  const { planMigrations } = await import('./sql/migrator.ts')
  const host = await hostOf(database, options)
  try {
    return await planMigrations(host)
  } finally {
    await host.pool.close()
  }
}

// Loaded when it is used: with SQLite, neither the driver nor the query builder is loaded
async function hostOf(database: string | PostgresPool, options: PostgresOptions) {
  const [{ checkNaming }, { postgresMigration }, { connectPostgres, postgresConnectionPool }] = await Promise.all([
    import('./sql/naming.ts'),
    import('./postgres/migration.ts'),
    import('./postgres/pool.ts'),
  ])
  checkNaming(options)
  const isOurs = typeof database === 'string'
  const driverPool = isOurs ? await connectPostgres(database) : database
  const pool = postgresConnectionPool(driverPool, isOurs, options.prepare ?? true)
  return postgresMigration(pool, options, options.fullTextSearch ?? false)
}
