// NATS: plain publish and subscribe, without JetStream.
import type { Bus } from '../server/ports/bus.ts'
import { type BusOptions, checkedChannel } from './address.ts'
import type { BusLink, LinkEvents } from './link.ts'
import { OwnSockets } from './own-sockets.ts'
import { ServerBus } from './server-bus.ts'
import { driver } from '../server/ports/driver.ts'

/** The part of a connection of `@nats-io/transport-node` or `nats` that is used */
export interface NatsConnection {
  publish(subject: string, payload: string): void
  subscribe(
    subject: string,
    options: { callback: (error: Error | null, message: { string(): string }) => void },
  ): { unsubscribe(): void }
  flush(): Promise<void>
  close(): Promise<void>
  status(): AsyncIterable<{ type: string; error?: Error }>
}

/**
 * Carries hints by NATS.
 *
 * @param server `nats://user:password@host:4222`, `nats://token@host`, `tls://…`, several of them with commas between; or your own
 * connection, which is shared. Make it with `maxReconnectAttempts: -1`: the bus ends with its connection.
 * @throws Error when the URL or the channel cannot be right
 * @example
 * createDeskbell({ …, bus: natsBus('nats://localhost') })
 */
export function natsBus(server: string | NatsConnection, { channel }: BusOptions = {}): Bus {
  const subject = checkedChannel(channel)
  if (typeof server !== 'string')
    return new ServerBus('NATS', (events) => new NatsLink(shared(server), subject, events))
  const options = natsOptions(server)
  return new ServerBus(`nats://${options.servers.join()}`, (events) => new NatsLink(own(options), subject, events))
}

/** How a link gets its connection, and how it gives it up */
interface Source {
  connect(): Promise<NatsConnection>
  release(): void
}

class NatsLink implements BusLink {
  readonly #source: Source
  readonly #subject: string
  readonly #events: LinkEvents
  #connection: NatsConnection | undefined
  #subscription: { unsubscribe(): void } | undefined
  #dropped = false

  constructor(source: Source, subject: string, events: LinkEvents) {
    this.#source = source
    this.#subject = subject
    this.#events = events
  }

  async open(): Promise<void> {
    const connection = await this.#source.connect()
    if (this.#dropped) return
    this.#connection = connection
    this.#follow(connection.status()).catch((error: Error) => this.#events.lost(error))
    this.#subscription = connection.subscribe(this.#subject, {
      callback: (error, message) => (error ? this.#events.lost(error) : this.#events.receive(message.string())),
    })
    await connection.flush()
  }

  async send(hints: readonly string[]): Promise<unknown> {
    for (const hint of hints) this.#connection?.publish(this.#subject, hint)
    return this.#connection?.flush()
  }

  async ping(): Promise<unknown> {
    return this.#connection?.flush()
  }

  drop(): void {
    this.#dropped = true
    this.#subscription?.unsubscribe()
    this.#source.release()
  }

  /** Follows the connection until it is closed. A shared one may reconnect by itself; hints were lost all the same. */
  async #follow(status: AsyncIterable<{ type: string; error?: Error }>): Promise<void> {
    for await (const { type, error } of status) {
      if (this.#dropped) return
      if (type === 'disconnect') this.#events.lost(new Error('the connection broke'))
      // The server reports missing rights only like this
      if (error) this.#events.lost(error)
    }
    this.#events.lost(new Error('the connection was closed'))
  }
}

function shared(connection: NatsConnection): Source {
  return { connect: async () => connection, release: () => undefined }
}

function own(options: NatsOptions): Source {
  const sockets = new OwnSockets()
  let released = false
  let connection: NatsConnection | undefined
  const release = (): void => {
    released = true
    void connection?.close()
    sockets.drop()
  }
  return {
    async connect() {
      const { connect } = await driver('@nats-io/transport-node', import('@nats-io/transport-node'))
      connection = await sockets.during(() => connect({ ...options, reconnect: false, timeout: CONNECT }))
      if (released) release()
      return connection
    },
    release,
  }
}

/** Milliseconds. The session gives up sooner, so this only ends what it gave up */
const CONNECT = 10_000

interface NatsOptions {
  servers: string[]
  user?: string
  pass?: string
  token?: string
  tls?: object
}

/** The driver wants names and passwords apart from the addresses. */
export function natsOptions(list: string): NatsOptions {
  const urls = list.split(',').map((url) => new URL(url))
  const options: NatsOptions = { servers: urls.map((url) => url.host) }
  const { username = '', password = '' } = urls.find((url) => url.username) ?? {}
  if (username && password)
    Object.assign(options, { user: decodeURIComponent(username), pass: decodeURIComponent(password) })
  else if (username) options.token = decodeURIComponent(username)
  if (urls.some((url) => url.protocol === 'tls:')) options.tls = {}
  return options
}
