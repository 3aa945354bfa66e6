// Brings a database up to date: at most one node at a time does, the others wait and find it done.
import type { ConnectionPool, PooledConnection } from './connection-pool.ts'
import { checkVersion, LATEST } from './migrations/version.ts'
import { pendingMigrations } from './migrations/migrations.ts'
import type { SchemaEngine } from './schema-engine.ts'

/** What is made while nodes are running, and outside any transaction: it takes as long as the table is big, and nobody waits for it */
export interface SlowStep {
  /** The statements that are left to run; none when it is there */
  pending(connection: PooledConnection): Promise<string[]>
  /** Runs them, on one node at a time; on the others it resolves when that one is done */
  run(connection: PooledConnection): Promise<void>
}

export interface MigrationHost {
  engine: SchemaEngine
  pool: ConnectionPool
  /** Where Deskbell's tables are: what to ask information_schema for, and the record's full name */
  find: string
  versionTable: string
  /** Runs `work` while no other node runs its; what it did not finish is undone where the engine can */
  exclusively(connection: PooledConnection, work: () => Promise<void>): Promise<void>
  /** Run before the first migration */
  prepare: string[]
  /** After the last one */
  slowStep?: SlowStep | undefined
}

/** 0: there are no tables yet. @throws Error when a newer version has been here */
async function versionOf({ find, versionTable }: MigrationHost, connection: PooledConnection): Promise<number> {
  const [table] = (await connection.run(find, [])).rows
  if (!table) return 0
  const [row] = (await connection.run(`select coalesce(max(version), 0) as version from ${versionTable}`, [])).rows
  const { version } = row as { version: number }
  checkVersion(version)
  return version
}

async function withConnection<T>(pool: ConnectionPool, work: (connection: PooledConnection) => Promise<T>): Promise<T> {
  const connection = await pool.acquire()
  try {
    const result = await work(connection)
    connection.release()
    return result
  } catch (error) {
    // A lock or half a transaction may hang on it
    connection.destroy()
    throw error
  }
}

export function migrate(host: MigrationHost): Promise<void> {
  return withConnection(host.pool, async (connection) => {
    // Mostly it is up to date, and finding that out needs no right to change anything
    if ((await versionOf(host, connection)) < LATEST) {
      await host.exclusively(connection, async () => {
        for (const statement of await pending(host, connection)) await connection.exec(statement)
      })
    }
    await host.slowStep?.run(connection)
  })
}

/** What `migrate` would run now */
export function planMigrations(host: MigrationHost): Promise<string[]> {
  return withConnection(host.pool, async (connection) => [
    ...(await pending(host, connection)),
    ...((await host.slowStep?.pending(connection)) ?? []),
  ])
}

async function pending(host: MigrationHost, connection: PooledConnection): Promise<string[]> {
  const version = await versionOf(host, connection)
  return [...(version === 0 ? host.prepare : []), ...pendingMigrations(host.engine, version)]
}
