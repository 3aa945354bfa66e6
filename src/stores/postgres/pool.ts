// The part of PostgreSQL's driver that is used. It is described by its shape, since a host hands in a pool of its own version.
import { createHash } from 'node:crypto'
import { ConnectionPool, type PooledConnection, type Result } from '../sql/connection-pool.ts'
import { DRIVER_CONNECTS_WITHIN } from '../sql/timeouts.ts'
import { cancel, type Backend } from './cancel.ts'
import { driver } from '../../server/ports/driver.ts'

/** The part of `pg.Pool` that is used */
export interface PostgresPool {
  connect(): Promise<PostgresClient>
  end(): Promise<void>
}

export interface PostgresClient extends Partial<Backend> {
  query(query: PostgresQuery, answered: Answered): Promise<PostgresAnswer> | void
  release(destroy?: boolean): void
  on(event: 'error', listener: (error: Error) => void): unknown
  off(event: 'error', listener: (error: Error) => void): unknown
}

export interface PostgresAnswer {
  rows: unknown[]
  rowCount: number | null
}

type Answered = (error: Error | null | undefined, answer: PostgresAnswer) => void

export interface PostgresQuery {
  text: string
  name?: string
  values?: unknown[]
  types?: { getTypeParser(oid: number): (text: string) => unknown }
}

/** Types by their number in PostgreSQL's catalogue (pg_type.dat) */
const INT8 = 20
const INT2 = 21
const INT4 = 23
const TIMESTAMPTZ = 1184

const keep = (text: string): string => text
const PARSERS = new Map<number, (text: string) => unknown>([
  [INT8, Number],
  [INT2, Number],
  [INT4, Number],
  [TIMESTAMPTZ, isoTime],
])
/** Set for each query, since those of the driver are global and may be the host's */
const types = { getTypeParser: (oid: number) => PARSERS.get(oid) ?? keep }

/** `2026-03-02 09:00:00.5+00` as `2026-03-02T09:00:00.500Z`; or another zone, where the host's sessions have one */
export function isoTime(text: string): string {
  const [, date, time, fraction = '', zone = ''] = /^(\S+) (\d\d:\d\d:\d\d)(?:\.(\d+))?([+-].*)$/.exec(text) ?? []
  if (date === undefined) throw new Error(`Not a time of PostgreSQL: ${text}`)
  const iso = `${date}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}`
  return zone === '+00' ? `${iso}Z` : new Date(`${iso}${zone.length === 3 ? `${zone}:00` : zone}`).toISOString()
}

/** Marks a statement that is not prepared, so that it is planned each time with its values */
export const PLAN_ANEW = '/* plan anew */'

/**
 * There are few statements, and each is parsed and planned once per connection. A statement's name is its hash, so that a name means
 * the same on a connection that a pooler hands from node to node.
 */
const names = new Map<string, string>()
function nameOf(statement: string): string {
  let name = names.get(statement)
  if (name === undefined) {
    name = `deskbell_${createHash('sha256').update(statement).digest('hex').slice(0, 32)}`
    names.set(statement, name)
  }
  return name
}

/** @param prepare false behind a pooler that does not support prepared statements */
export function postgresConnectionPool(pool: PostgresPool, isOurs: boolean, prepare: boolean): ConnectionPool {
  return new ConnectionPool({
    async connect() {
      const client = await pool.connect()
      // Between two statements there is no other listener, and an error without a listener ends the process
      const ignore = (): void => undefined
      client.on('error', ignore)
      return {
        async run(text, parameters): Promise<Result> {
          const named = prepare && !text.includes(PLAN_ANEW) ? { name: nameOf(text) } : {}
          const { rows, rowCount } = await ask(client, { text, values: [...parameters], types, ...named })
          return { rows, changed: rowCount ?? 0 }
        },
        async exec(text) {
          await ask(client, { text })
        },
        release() {
          client.release()
          client.off('error', ignore)
        },
        // Keeps the listener: what it reports while it ends is ignored too
        destroy() {
          cancel(client)
          client.release(true)
        },
      } satisfies PooledConnection
    },
    async end() {
      if (isOurs) await pool.end()
    },
  })
}

/**
 * By a callback: of a query that returns a promise, V8 frees what was sent only when it collects the whole heap, which then happens each second
 * under load. A host's wrapper of a pool may know promises alone
 */
const ask = (client: PostgresClient, query: PostgresQuery): Promise<PostgresAnswer> =>
  new Promise((resolve, reject) => {
    const promised = client.query(query, (error, answer) => (error ? reject(error) : resolve(answer)))
    promised?.then(resolve, reject)
  })

/** A pool of our own */
export async function connectPostgres(url: string): Promise<PostgresPool> {
  const { default: pg } = await driver('pg', import('pg'))
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: DRIVER_CONNECTS_WITHIN,
    keepAlive: true,
    application_name: 'deskbell',
  })
  // An idle connection that broke is replaced when it is needed
  pool.on('error', () => undefined)
  return pool
}
