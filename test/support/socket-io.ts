// The chat in a host's Socket.IO server, and the real client of Socket.IO.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Server, type ServerOptions } from 'socket.io'
import { io as connect, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client'
import { attachSocketIo } from '../../src/entries/socket.io.ts'
import type { SupportMessage } from '../../src/protocol/types.ts'
import { until, type Desk } from './desk.ts'
import { namedCodeOf } from './documented-code.ts'

/** A Socket.IO server on the server of the desk, with the chat in it. Close it before the desk stops */
export function serveSocketIo(desk: Desk, options: Partial<ServerOptions> = {}): Server {
  const io = new Server(desk.server, options)
  attachSocketIo(io, desk.deskbell)
  return io
}

/** What `socket.emitWithAck` resolves to */
export interface Answer {
  ok: boolean
  code?: string
  detail?: string
  message?: SupportMessage
  repeated?: boolean
  chat_id?: string
  epoch?: string
  continues?: boolean
  retry_after?: number
}

export interface Heard {
  event: string
  chat_id?: string
  message?: SupportMessage
  [field: string]: unknown
}

interface Refused {
  code?: string
  detail?: string
  retry_after?: number
}

/** The client of docs/realtime.md */
export interface DocumentedClient {
  follow: (
    url: string,
    auth: object,
    chat: { chat_id?: string; show: (message: SupportMessage) => void; clear: () => void },
  ) => Socket
  send: (socket: Socket, message: { content: string; chat_id?: string; client_id?: string }) => Promise<Answer>
}

/** As it stands there, but that a test may give its socket more options, and less time (ms) to an answer */
export async function documentedClient(options: ClientOptions = {}, answer = 5_000): Promise<DocumentedClient> {
  const code = namedCodeOf('docs/realtime.md').get('socket-io-client') ?? ''
  // Where its package is found from
  const dir = mkdtempSync(join(import.meta.dirname, '../../node_modules', '.socket-io-'))
  const file = join(dir, 'client.mjs')
  const more = code.replace('{ auth }', `{ auth, ...${JSON.stringify(options)} }`)
  writeFileSync(file, more.replace('timeout(5000)', `timeout(${answer})`))
  const client = (await import(file)) as DocumentedClient
  rmSync(dir, { recursive: true })
  return client
}

type ClientOptions = Partial<ManagerOptions & SocketOptions>

/** A client, and all that it has heard */
export class IoClient {
  readonly heard: Heard[] = []
  readonly socket: Socket
  /** Why it was not let in, and why it was let go */
  readonly refusals: Refused[] = []
  readonly ends: string[] = []

  constructor(url: string, options: ClientOptions = {}) {
    const quick = { forceNew: true, reconnectionDelay: 20, reconnectionDelayMax: 100, ...options }
    this.socket = connect(`${url}/support`, quick)
    this.socket.onAny((event: string, payload: object) => this.heard.push({ event, ...payload }))
    this.socket.on('connect_error', (error) => {
      const { data } = error as { data?: Refused }
      if (data) this.refusals.push(data)
    })
    this.socket.on('disconnect', (reason) => this.ends.push(reason))
  }

  static async open(url: string, token: string, options: ClientOptions = {}): Promise<IoClient> {
    const client = new IoClient(url, { auth: { token }, ...options })
    await until(() => client.socket.connected)
    return client
  }

  async ask(name: string, ...args: unknown[]): Promise<Answer> {
    const { socket } = this
    return (await socket.timeout(120_000).emitWithAck(name, ...args)) as Answer
  }

  of(name: string): Heard[] {
    return this.heard.filter(({ event }) => event === name)
  }

  /** The texts of the chats that it is subscribed to, as they came */
  get texts(): string[] {
    return this.of('new_message').flatMap(({ message }) => message?.content ?? [])
  }

  get seqs(): number[] {
    return this.of('new_message').flatMap(({ message }) => message?.seq ?? [])
  }

  close(): void {
    this.socket.disconnect()
  }
}
