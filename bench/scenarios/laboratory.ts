// What runs need besides the target: a temporary folder, free ports, and a PostgreSQL server of their own, started when the first
// target asks for it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { onPostgres, startPostgres } from '../../test/support/databases/postgres.ts'
import type { DatabaseServer } from '../../test/support/databases/process.ts'
import { parentOf } from '../driver/processes.ts'
import type { Target } from '../targets/target.ts'

export interface PostgresOfRun {
  url: string
  /** Of the server's first process, whose children serve the connections */
  pid: number
  drop(): Promise<void>
}

export class Laboratory {
  readonly folder = mkdtempSync(join(tmpdir(), 'deskbell-bench-'))
  #postgres: Promise<DatabaseServer | undefined> | undefined
  #databases = 0

  /** Undefined, or why the target cannot run on this machine */
  async lacks(target: Target): Promise<string | undefined> {
    if (target.database === 'postgres' && !(await this.#server())) {
      return 'PostgreSQL is not installed (Debian: apt-get install postgresql)'
    }
    return target.missing()
  }

  /** A new, empty database. @throws Error where there is no PostgreSQL */
  async postgres(): Promise<PostgresOfRun> {
    const server = await this.#server()
    if (!server) throw new Error('There is no PostgreSQL')
    const name = `bench_${++this.#databases}`
    await onPostgres(server.url, `CREATE DATABASE ${name}`)
    const url = new URL(server.url)
    url.pathname = `/${name}`
    return {
      url: url.href,
      pid: await serverPid(server.url),
      drop: () => onPostgres(server.url, `DROP DATABASE ${name} WITH (FORCE)`),
    }
  }

  /** As a power cut would, and back again */
  async crashPostgres(): Promise<void> {
    const server = await this.#server()
    // An immediate shutdown: no checkpoint, recovery from the log at the next start
    await server?.halt('SIGQUIT')
    await server?.start()
  }

  async close(): Promise<void> {
    await (await this.#postgres)?.remove()
    rmSync(this.folder, { recursive: true, force: true })
  }

  #server(): Promise<DatabaseServer | undefined> {
    return (this.#postgres ??= startPostgres())
  }
}

async function serverPid(url: string): Promise<number> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    return parentOf(rows[0]?.pid ?? 0)
  } finally {
    await client.end()
  }
}
