import type { ConnectionPool, PooledConnection } from '../sql/connection-pool.ts'
import type { MigrationHost } from '../sql/migrator.ts'
import type { Naming } from '../sql/naming.ts'
import { mysqlEngine, type Brand } from './engine.ts'

/** Seconds that a node waits for the migration of another */
const LOCK_WAIT = 600

export function mysqlMigration(pool: ConnectionPool, brand: Brand, { prefix = '' }: Naming): MigrationHost {
  const table = `${prefix}support_migrations`
  // Names of locks belong to the whole server, and have at most 64 characters
  const lock = `concat(left(database(), 30), ':${prefix}')`
  return {
    engine: mysqlEngine({ prefix }, brand),
    pool,
    find: `select 1 from information_schema.tables where table_name = '${table}' and table_schema = database()`,
    versionTable: `\`${table}\``,
    prepare: [],
    async exclusively(connection: PooledConnection, work) {
      const [row] = (await connection.run(`select get_lock(${lock}, ${LOCK_WAIT}) as got`, [])).rows
      if ((row as { got: number | null }).got !== 1) throw new Error('Another node has been migrating for ten minutes')
      await work()
      await connection.exec(`do release_lock(${lock})`)
    },
  }
}

/** Whether this server is MySQL or MariaDB */
export async function brandOf(pool: ConnectionPool): Promise<Brand> {
  const connection = await pool.acquire()
  try {
    const [row] = (await connection.run('select version() as version', [])).rows
    return /mariadb/i.test((row as { version: string }).version) ? 'mariadb' : 'mysql'
  } finally {
    connection.release()
  }
}
