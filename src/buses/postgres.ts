// PostgreSQL: LISTEN and NOTIFY, for installations that have no other server for it.
import type { Bus } from '../server/ports/bus.ts'
import { type BusOptions, checkedChannel, withoutCredentials } from './address.ts'
import type { BusLink, LinkEvents } from './link.ts'
import { ServerBus } from './server-bus.ts'
import { driver } from '../server/ports/driver.ts'

/** The part of `pg.Pool` that is used: the bus makes connections of its own with the pool's options. */
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
 * Carries hints by PostgreSQL's LISTEN and NOTIFY, over one connection of its own; a second one proves the first and is closed. All
 * notifications of a database cluster go through one queue: Redis and NATS carry more nodes and messages. It needs a connection to
 * the server itself, or through a pooler in session mode.
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
    typeof server === 'string' ? withoutCredentials(server) : 'PostgreSQL',
    (events) => new PostgresLink(options, name, events),
  )
}

class PostgresLink implements BusLink {
  readonly #options: object
  readonly #channel: string
  readonly #events: LinkEvents
  /** One listens and sends, the other proves it */
  #client: PostgresClient | undefined
  #other: PostgresClient | undefined
  #dropped = false

  constructor(options: object, channel: string, events: LinkEvents) {
    this.#options = options
    this.#channel = channel
    this.#events = events
  }

  async open(): Promise<void> {
    const { default: pg } = await driver('pg', import('pg'))
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
   * Over a connection of its own: a pooler in transaction mode gives a lone client the same server connection every time, so that its
   * own hints come back although those of others do not.
   */
  async prove(hint: string): Promise<void> {
    const { default: pg } = await driver('pg', import('pg'))
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
      // `end` waits for the server, which may be silent
      void client.end()
      streamOf(client).destroy()
    }
  }
}

const streamOf = (client: PostgresClient): { destroy(): void } =>
  (client as PostgresClient & { connection: { stream: { destroy(): void } } }).connection.stream
