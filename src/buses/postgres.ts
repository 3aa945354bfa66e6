// PostgreSQL: LISTEN and NOTIFY, for those who have nothing else.
import type { Bus } from '../server/ports/bus.ts'
import { type BusOptions, checkedChannel, publicUrl } from './address.ts'
import type { Line, LineEvents } from './line.ts'
import { ServerBus } from './server-bus.ts'

/** The part of `pg.Pool` that is used: a connection is made like the pool's own, and is none of them. */
export interface ConfiguredPool {
  readonly options: object
}

/** The part of `pg.Client` that is used */
interface PostgresClient {
  connect(): Promise<unknown>
  query(sql: string, values?: unknown[]): Promise<unknown>
  end(): Promise<void>
  on(event: 'notification', listener: (message: { payload?: string | undefined }) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'end', listener: () => void): unknown
}

/**
 * Carries hints by PostgreSQL's LISTEN and NOTIFY, on one connection of its own, and for a moment a second one, which proves the
 * first. All notifications of a database cluster go
 * through one queue: with many nodes or many messages, Redis or NATS carry more. It needs a connection to the server itself,
 * or through a pooler in session mode.
 *
 * @param server `postgres://user:password@host:5432/database`, or your own `pg.Pool`
 * @throws Error when the URL or the channel cannot be right
 * @example
 * createDeskbell({ …, bus: postgresBus('postgres://localhost/deskbell') })
 */
export function postgresBus(server: string | ConfiguredPool, { channel }: BusOptions = {}): Bus {
  const name = checkedChannel(channel)
  const options = typeof server === 'string' ? { connectionString: server } : server.options
  return new ServerBus(
    typeof server === 'string' ? publicUrl(server) : 'PostgreSQL',
    (events) => new PostgresLine(options, name, events),
  )
}

class PostgresLine implements Line {
  readonly #options: object
  readonly #channel: string
  readonly #events: LineEvents
  /** What listens and sends, and what proves it */
  #client: PostgresClient | undefined
  #other: PostgresClient | undefined
  #dropped = false

  constructor(options: object, channel: string, events: LineEvents) {
    this.#options = options
    this.#channel = channel
    this.#events = events
  }

  async open(): Promise<void> {
    const { default: pg } = await import('pg')
    if (this.#dropped) return
    const client: PostgresClient = new pg.Client(this.#options)
    this.#client = client
    client.on('error', (error) => this.#events.lost(error))
    client.on('end', () => this.#events.lost(new Error('the connection was closed')))
    client.on('notification', ({ payload = '' }) => this.#events.receive(payload))
    await client.connect()
    await client.query(`LISTEN "${this.#channel}"`)
  }

  async send(hints: readonly string[]): Promise<unknown> {
    return this.#client && this.#notify(this.#client, hints)
  }

  /**
   * On a connection of its own: a pooler in transaction mode gives whoever is alone the same connection to the server again and again,
   * on which one's own hints come back, and those of others do not.
   */
  async prove(hint: string): Promise<void> {
    const { default: pg } = await import('pg')
    if (this.#dropped) return
    const client: PostgresClient = new pg.Client(this.#options)
    this.#other = client
    client.on('error', (error) => this.#events.lost(error))
    await client.connect()
    await this.#notify(client, [hint])
    await client.end()
    this.#other = undefined
  }

  #notify(client: PostgresClient, hints: readonly string[]): Promise<unknown> {
    return client.query('SELECT pg_notify($1, hint) FROM unnest($2::text[]) AS hint', [this.#channel, hints])
  }

  async ping(): Promise<unknown> {
    return this.#client?.query('SELECT 1')
  }

  drop(): void {
    this.#dropped = true
    for (const client of [this.#client, this.#other]) {
      if (!client) continue
      // The polite end waits for a server that may be silent
      void client.end()
      streamOf(client).destroy()
    }
  }
}

const streamOf = (client: PostgresClient): { destroy(): void } =>
  (client as PostgresClient & { connection: { stream: { destroy(): void } } }).connection.stream
