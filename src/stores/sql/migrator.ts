// Brings a database up to date. One node at a time does it; the others wait and find it done. Nodes of the version before go on writing,
// so each migration is committed by itself, and none makes them wait for long.
import { StoreUnavailable } from '../../server/ports/store/store-unavailable.ts'
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
  /**
   * Runs `work` on one node at a time, in a transaction where schema statements can be part of one. Its statements wait for a table for
   * LOCK_WAIT at most. When it rejects, the connection holds no lock of it.
   */
  exclusively(connection: PooledConnection, work: () => Promise<void>): Promise<void>
  /** A statement of `work` waited too long for a table, or was aborted in favour of another transaction */
  isHeldUp(error: unknown): boolean
  /** Where an operator finds the transaction that holds a table */
  transactions: string
  /** Run before the first migration */
  prepare: string[]
  /** After the last one */
  slowStep?: SlowStep | undefined
}

/**
 * How long a migration waits for a table that another transaction uses (s). Whoever wants the table meanwhile waits behind it, and gives
 * up after LOCK_TIMEOUT, which is longer.
 */
export const LOCK_WAIT = 3
/** Then those that waited get the table first (ms) */
const PAUSE = 1_500
const TRIES = 7

/**
 * @param migrations other ones than Deskbell's, for tests
 * @throws StoreUnavailable when another transaction holds a table for half a minute
 */
export function migrate(host: MigrationHost, migrations = MIGRATIONS): Promise<void> {
  return withConnection(host.pool, async (connection) => {
    // Mostly it is up to date, and to find that out needs no right to change anything
    while ((await versionOf(host, connection, migrations)) < migrations.length)
      await applyNext(host, connection, migrations)
    await host.slowStep?.run(connection)
  })
}

/** All of them where there are no tables yet, since nobody waits for those; or else the next one */
function applyNext(host: MigrationHost, connection: PooledConnection, migrations: readonly Migration[]): Promise<void> {
  return insist(host, connection, async () => {
    // Read again: another node may have migrated meanwhile
    const version = await versionOf(host, connection, migrations)
    const next = version === 0 ? migrations : migrations.slice(0, version + 1)
    for (const statement of await pending(host, connection, version, next)) await connection.exec(statement)
  })
}

/**
 * Runs `work` exclusively, again while it is held up.
 * @throws StoreUnavailable when another transaction holds a table for half a minute
 */
export async function insist(
  host: MigrationHost,
  connection: PooledConnection,
  work: () => Promise<void>,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await host.exclusively(connection, work)
    } catch (error) {
      if (!host.isHeldUp(error)) throw error
      if (tries === TRIES) throw new StoreUnavailable(heldUp(host), { cause: error })
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
    }
  }
}

const heldUp = ({ transactions }: MigrationHost): string =>
  `The tables were not brought up to date: another transaction has used them for half a minute. ${transactions} shows it. Once it has ended, start again`

/** What `migrate` would run now */
export function planMigrations(host: MigrationHost, migrations = MIGRATIONS): Promise<string[]> {
  return withConnection(host.pool, async (connection) => [
    ...(await pending(host, connection, await versionOf(host, connection, migrations), migrations)),
    ...((await host.slowStep?.pending(connection)) ?? []),
  ])
}

async function pending(
  host: MigrationHost,
  connection: PooledConnection,
  version: number,
  migrations: readonly Migration[],
): Promise<string[]> {
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
