// What runs need besides the target: a temporary folder, and database servers of their own, each started when the first target asks
// for it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { Client } from 'pg'
import { onMongodb, startMongodb } from '../../test/support/databases/mongodb.ts'
import { onMysql, startMysql } from '../../test/support/databases/mysql.ts'
import { onPostgres, startPostgres } from '../../test/support/databases/postgres.ts'
import type { DatabaseServer } from '../../test/support/databases/process.ts'
import { parentOf } from '../driver/processes.ts'
import type { DatabaseKind, ServerKind, Target } from '../targets/target.ts'

export interface DatabaseOfRun {
  url: string
  /** Of the server's first process */
  pid: number
  drop(): Promise<void>
}

interface Engine {
  start(): Promise<DatabaseServer | undefined>
  /** Makes an empty database */
  create(server: string, name: string): Promise<void>
  drop(server: string, name: string): Promise<void>
  pid(server: string): Promise<number>
  /** How it ends as by a power cut */
  crash: NodeJS.Signals
  missing: string
}

const urlOf = (server: string, name: string): string => {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

const ENGINES: Record<ServerKind, Engine> = {
  postgres: {
    start: startPostgres,
    create: (server, name) => onPostgres(server, `CREATE DATABASE ${name}`),
    drop: (server, name) => onPostgres(server, `DROP DATABASE ${name} WITH (FORCE)`),
    pid: postgresPid,
    // An immediate shutdown: no checkpoint, recovery from the log at the next start
    crash: 'SIGQUIT',
    missing: 'PostgreSQL is not installed (Debian: apt-get install postgresql)',
  },
  mysql: {
    start: startMysql,
    create: (server, name) => onMysql(server, `CREATE DATABASE ${name}`),
    drop: (server, name) => onMysql(server, `DROP DATABASE ${name}`),
    pid: mysqlPid,
    crash: 'SIGKILL',
    missing: 'MariaDB is not installed (Debian: apt-get install mariadb-server)',
  },
  mongodb: {
    start: () => startMongodb(),
    // Made by whoever writes to it
    create: async () => undefined,
    drop: async (server, name) => void (await onMongodb(urlOf(server, name), (db) => db.dropDatabase())),
    pid: async (server) => Number((await onMongodb(server, (db) => db.command({ serverStatus: 1 })))['pid']),
    crash: 'SIGKILL',
    missing: 'There is neither mongod nor Go, which builds FerretDB',
  },
}

export class Laboratory {
  readonly folder = mkdtempSync(join(tmpdir(), 'deskbell-bench-'))
  readonly #servers = new Map<ServerKind, Promise<DatabaseServer | undefined>>()
  #databases = 0

  /** Undefined, or why the target cannot run on this machine */
  async lacks(target: Target): Promise<string | undefined> {
    const { database } = target
    if (isServer(database) && !(await this.#server(database))) return ENGINES[database].missing
    return target.missing()
  }

  /** A new, empty database; undefined for a target that needs no server. @throws Error where there is no such server */
  async database(kind: DatabaseKind): Promise<DatabaseOfRun | undefined> {
    if (!isServer(kind)) return undefined
    const server = await this.#server(kind)
    if (!server) throw new Error(ENGINES[kind].missing)
    const engine = ENGINES[kind]
    const name = `bench_${++this.#databases}`
    await engine.create(server.url, name)
    return {
      url: urlOf(server.url, name),
      pid: await engine.pid(server.url),
      drop: () => engine.drop(server.url, name),
    }
  }

  /** As a power cut would, and back again */
  async crash(kind: DatabaseKind): Promise<void> {
    if (!isServer(kind)) return
    const server = await this.#server(kind)
    await server?.halt(ENGINES[kind].crash)
    await server?.start()
  }

  async close(): Promise<void> {
    for (const server of this.#servers.values()) await (await server)?.remove()
    rmSync(this.folder, { recursive: true, force: true })
  }

  #server(kind: ServerKind): Promise<DatabaseServer | undefined> {
    const server = this.#servers.get(kind) ?? ENGINES[kind].start()
    this.#servers.set(kind, server)
    return server
  }
}

const isServer = (kind: DatabaseKind): kind is ServerKind => kind in ENGINES

async function postgresPid(url: string): Promise<number> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    return parentOf(rows[0]?.pid ?? 0)
  } finally {
    await client.end()
  }
}

async function mysqlPid(url: string): Promise<number> {
  const connection = await createConnection(url)
  try {
    const [[row]] = await connection.query<(RowDataPacket & { file: string })[]>('SELECT @@pid_file AS file')
    return Number(readFileSync(row?.file ?? '', 'latin1'))
  } finally {
    await connection.end()
  }
}
