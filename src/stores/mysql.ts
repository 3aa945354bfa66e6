import type { Store } from '../server/ports/store/store.ts'
import { checkDatabase, type Accepted } from './check-database.ts'
import type { MysqlPool } from './mysql/pool.ts'

export type { MysqlPool }

const ACCEPTED: Accepted = {
  takes: 'mysqlStore takes a URL such as mysql://localhost/app, or a pool of mysql2',
  method: 'getConnection',
  urls: ['mysql://', 'mariadb://'],
}
/** A pool of `mysql2/promise` has the one of callbacks in it */
const check = (database: string | MysqlPool): void =>
  checkDatabase((Object(database) as { pool?: unknown }).pool ?? database, ACCEPTED)

export interface MysqlOptions {
  /** Put before each table's name. Default: none; tables are support_users, support_chats … */
  prefix?: string | undefined
  /**
   * Staff can search messages. It needs an index, which is made at the first start with this option; the start waits for it, while other
   * nodes go on. Every process that writes should have it. Default: false
   */
  fullTextSearch?: boolean | undefined
}

/**
 * MySQL 8.0.17 or MariaDB 10.6, or newer, through `mysql2`; run on MySQL 9.7, MariaDB 10.11 and 11.8. Brings its tables up to date
 * first; any number of nodes may start at once.
 *
 * @param database a URL, or a pool of the host's (`mysql2` or `mysql2/promise`), which the host closes
 * @throws StoreUnavailable when the database cannot be reached
 * @throws Error when it was written by a newer version, or an option is not valid
 * @example const deskbell = createDeskbell({ store: await mysqlStore('mysql://localhost/app', { prefix: 'app_' }), … })
 */
export async function mysqlStore(database: string | MysqlPool, options: MysqlOptions = {}): Promise<Store> {
  check(database)
  const { openStore } = await import('./sql/store.ts')
  const { search } = await import('./mysql/search/search.ts')
  const { engine, host } = await hostOf(database, options)
  return openStore(engine, host, options, options.fullTextSearch ? search : undefined)
}

/** The SQL that `mysqlStore` would run first, to bring the tables up to date; nothing when they are */
export async function mysqlMigrations(database: string | MysqlPool, options: MysqlOptions = {}): Promise<string[]> {
  check(database)
  const { planMigrations } = await import('./sql/migrator.ts')
  const { host } = await hostOf(database, options)
  try {
    return await planMigrations(host)
  } finally {
    await host.pool.close()
  }
}

// Loaded when it is used: with SQLite, neither the driver nor the query builder is loaded
async function hostOf(database: string | MysqlPool, options: MysqlOptions) {
  const [{ orUnavailable }, { checkNaming }, { mysqlEngine, mysqlErrors }, { brandOf, mysqlMigration }, pools] =
    await Promise.all([
      import('./sql/errors.ts'),
      import('./sql/naming.ts'),
      import('./mysql/engine.ts'),
      import('./mysql/migration.ts'),
      import('./mysql/pool.ts'),
    ])
  const { connectMysql, mysqlConnectionPool } = pools
  checkNaming(options)
  const isOurs = typeof database === 'string'
  const pool = mysqlConnectionPool(isOurs ? await connectMysql(database) : database, isOurs)
  try {
    const brand = await orUnavailable(mysqlErrors, brandOf(pool))
    return {
      engine: mysqlEngine(options, brand, isOurs),
      host: mysqlMigration(pool, brand, options, options.fullTextSearch ?? false),
    }
  } catch (error) {
    await pool.close()
    throw error
  }
}
