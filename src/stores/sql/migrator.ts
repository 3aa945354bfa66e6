// Brings a database up to date. One node at a time does it; the others wait and find it done.
import type { ConnectionPool, PooledConnection } from './connection-pool.ts'
import { MIGRATIONS, pendingMigrations, type Migration } from './migrations/migrations.ts'
import { checkVersion } from './migrations/version.ts'
import type { SchemaEngine } from './schema-engine.ts'

/** Made while nodes are running, outside any transaction: it takes long on a big table, and blocks nobody */
export interface SlowStep {
  /** The statements that are left to run; none when it is done */
  pending(connection: PooledConnection): Promise<string[]>
  /** Runs them on one node at a time; on the others it resolves when that node is done */
  run(connection: PooledConnection): Promise<void>
}

export interface MigrationHost {
  engine: SchemaEngine
  pool: ConnectionPool
  /** A query that finds a row when there is a table of applied migrations, and that table's full name */
  find: string
  versionTable: string
  /** Runs `work` on one node at a time, in a transaction where schema statements can be part of one */
  exclusively(connection: PooledConnection, work: () => Promise<void>): Promise<void>
  /** Run before the first migration */
  prepare: string[]
  /** After the last one */
  slowStep?: SlowStep | undefined
}

/** @param migrations other ones than Deskbell's, for tests */
export function migrate(host: MigrationHost, migrations = MIGRATIONS): Promise<void> {
  return withConnection(host.pool, async (connection) => {
    // Mostly it is up to date, and to find that out needs no right to change anything
    if ((await versionOf(host, connection, migrations)) < migrations.length) {
      await host.exclusively(connection, async () => {
        for (const statement of await pending(host, connection, migrations)) await connection.exec(statement)
      })
    }
    await host.slowStep?.run(connection)
  })
}

/** What `migrate` would run now */
export function planMigrations(host: MigrationHost, migrations = MIGRATIONS): Promise<string[]> {
  return withConnection(host.pool, async (connection) => [
    ...(await pending(host, connection, migrations)),
    ...((await host.slowStep?.pending(connection)) ?? []),
  ])
}

async function pending(
  host: MigrationHost,
  connection: PooledConnection,
  migrations: readonly Migration[],
): Promise<string[]> {
  const version = await versionOf(host, connection, migrations)
  const left = version === 0 ? [...host.prepare] : []
  for (const { sql, unless } of pendingMigrations(host.engine, version, migrations)) {
    const isDone = unless !== undefined && (await connection.run(unless, [])).rows.length > 0
    if (!isDone) left.push(sql)
  }
  return left
}

/** 0: there are no tables yet. @throws Error when the database was written by a newer version */
async function versionOf(
  { find, versionTable }: MigrationHost,
  connection: PooledConnection,
  migrations: readonly Migration[],
): Promise<number> {
  const [table] = (await connection.run(find, [])).rows
  if (!table) return 0
  const [row] = (await connection.run(`select coalesce(max(version), 0) as version from ${versionTable}`, [])).rows
  const { version } = row as { version: number }
  checkVersion(version, migrations.length)
  return version
}

async function withConnection<T>(pool: ConnectionPool, work: (connection: PooledConnection) => Promise<T>): Promise<T> {
  const connection = await pool.acquire()
  try {
    const result = await work(connection)
    connection.release()
    return result
  } catch (error) {
    // It may hold a lock, or half a transaction
    connection.destroy()
    throw error
  }
}
