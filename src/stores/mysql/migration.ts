import type { ConnectionPool, PooledConnection } from '../sql/connection-pool.ts'
import type { MigrationStatement } from '../sql/migrations/statement.ts'
import { insist, LOCK_WAIT, type MigrationHost, type SlowStep } from '../sql/migrator.ts'
import type { Naming } from '../sql/naming.ts'
import { mysqlEngine, type Brand } from './engine.ts'
import { searchTables } from './search/tables.ts'

/** Seconds that a node waits for the migration of another */
const TURN_WAIT = 600
const LOCK_WAIT_TIMEOUT = 1205

export function mysqlMigration(
  pool: ConnectionPool,
  brand: Brand,
  { prefix = '' }: Naming,
  fullTextSearch = false,
): MigrationHost {
  const table = `${prefix}support_migrations`
  // Names of locks belong to the whole server, and have at most 64 characters
  const lock = `concat(left(database(), 30), ':${prefix}')`
  const engine = mysqlEngine({ prefix }, brand)
  // The connection may be the host's
  async function release(connection: PooledConnection, wait: number): Promise<void> {
    await connection.exec(`set session lock_wait_timeout = ${wait}`)
    await connection.exec(`do release_lock(${lock})`)
  }
  const host: MigrationHost = {
    engine,
    pool,
    find: `select 1 from information_schema.tables where table_name = '${table}' and table_schema = database()`,
    versionTable: `\`${table}\``,
    prepare: [],
    async exclusively(connection: PooledConnection, work) {
      const [row] = (
        await connection.run(`select get_lock(${lock}, ${TURN_WAIT}) as got, @@session.lock_wait_timeout as wait`, [])
      ).rows
      const { got, wait } = row as { got: number | null; wait: number }
      if (got !== 1) throw new Error('Another node has been migrating for ten minutes')
      try {
        await connection.exec(`set session lock_wait_timeout = ${LOCK_WAIT}`)
        await work()
      } catch (error) {
        // One that broke has ended both
        await release(connection, wait).catch(() => undefined)
        throw error
      }
      await release(connection, wait)
    },
    isHeldUp: (error) => engine.isConflict(error) || (error as { errno?: number }).errno === LOCK_WAIT_TIMEOUT,
    transactions: 'SHOW PROCESSLIST, or the table information_schema.innodb_trx,',
  }
  return fullTextSearch ? { ...host, slowStep: makingOf(searchTables(engine), host) } : host
}

function makingOf(tables: MigrationStatement[], host: MigrationHost): SlowStep {
  async function pending(connection: PooledConnection): Promise<string[]> {
    const left: string[] = []
    for (const { sql, unless = '' } of tables) if ((await connection.run(unless, [])).rows.length === 0) left.push(sql)
    return left
  }
  return {
    pending,
    async run(connection) {
      // Mostly they are there, and to find that out needs no lock
      if ((await pending(connection)).length === 0) return
      await insist(host, connection, async () => {
        for (const statement of await pending(connection)) await connection.exec(statement)
      })
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
