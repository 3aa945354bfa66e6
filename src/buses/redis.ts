// Redis and Valkey: pub/sub.
import type { Bus } from '../server/ports/bus.ts'
import { type BusOptions, checkedChannel, withoutCredentials } from './address.ts'
import type { BusLink, LinkEvents } from './link.ts'
import { ServerBus } from './server-bus.ts'
import { driver } from '../server/ports/driver.ts'

/** The part of a connection of `redis` or `@redis/client` that is used */
export interface RedisConnection {
  connect(): Promise<unknown>
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>
  publish(channel: string, message: string): Promise<unknown>
  ping(): Promise<unknown>
  destroy(): void
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** A client of `redis` or `@redis/client`, version 5 or later. The bus makes connections of its own with its options. */
export interface RedisClient {
  readonly options?: { socket?: object } | undefined
  duplicate(overrides: object): RedisConnection
}

/**
 * Carries hints by pub/sub of Redis 6 or later, or Valkey. The databases of one server share their channels, so installations that share
 * a server need different channels.
 *
 * @param server `redis://user:password@host:6379`, `rediss://…` for TLS, or your own client
 * @throws Error when the URL or the channel cannot be right
 * @example
 * createDeskbell({ …, bus: redisBus('redis://localhost') })
 */
export function redisBus(server: string | RedisClient, { channel }: BusOptions = {}): Bus {
  const topic = checkedChannel(channel)
  const name = typeof server === 'string' ? withoutCredentials(server) : 'Redis'
  return new ServerBus(name, (events) => new RedisLink(server, topic, events))
}

class RedisLink implements BusLink {
  readonly #server: string | RedisClient
  readonly #channel: string
  readonly #events: LinkEvents
  readonly #dropped = new AbortController()
  #connection: RedisConnection | undefined

  constructor(server: string | RedisClient, channel: string, events: LinkEvents) {
    this.#server = server
    this.#channel = channel
    this.#events = events
  }

  async open(): Promise<void> {
    const connection = await this.#make()
    this.#connection = connection
    connection.on('error', (error) => this.#events.lost(error))
    await connection.connect()
    await connection.subscribe(this.#channel, (hint) => this.#events.receive(hint))
  }

  async send(hints: readonly string[]): Promise<unknown> {
    const connection = this.#connection
    return connection && Promise.all(hints.map((hint) => connection.publish(this.#channel, hint)))
  }

  async ping(): Promise<unknown> {
    return this.#connection?.ping()
  }

  drop(): void {
    this.#connection?.destroy()
    // `destroy` does not end a connection attempt
    this.#dropped.abort()
  }

  async #make(): Promise<RedisConnection> {
    if (typeof this.#server !== 'string')
      return this.#server.duplicate(settings(this.#dropped.signal, this.#server.options?.socket))
    const { createClient } = await driver('@redis/client', import('@redis/client'))
    return createClient({ url: this.#server, ...settings(this.#dropped.signal) })
  }
}

const settings = (signal: AbortSignal, socket?: object) =>
  ({
    // Version 3 of the protocol lets one connection listen and publish
    RESP: 3,
    socket: { ...socket, reconnectStrategy: false, signal },
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    // A timer for each hint would cost more than the hint; pings find a silent server
    commandOptions: { timeout: 0 },
  }) as const
