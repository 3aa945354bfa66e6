// A bare client of the Pusher protocol that keeps every frame, for tests that go frame by frame.
import { once } from 'node:events'
import { WebSocket, type ClientOptions } from 'ws'
import { until, type Desk } from './desk.ts'

export const KEY = 'desk-key'
export const chatChannel = (chatId: string): string => `private-support-chat-${chatId}`
export const STAFF = 'private-support-staff'

export interface PusherFrame {
  event: string
  channel?: string
  /** As it came: JSON in a string */
  data: string
}

type Server = Pick<Desk, 'url' | 'wsUrl'>

/** What the server says about a subscription. @param path of either endpoint */
export async function authorize(
  { url }: Server,
  token: string | undefined,
  fields: Record<string, string>,
  path = '/pusher/auth',
): Promise<{ status: number; auth: string }> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    body: new URLSearchParams(fields),
  })
  const { auth = '' } = (await response.json()) as { auth?: string }
  return { status: response.status, auth }
}

export class PusherSocket {
  readonly ws: WebSocket
  readonly frames: PusherFrame[] = []
  readonly texts: string[] = []
  readonly #server: Server
  closed: { code: number; reason: string } | undefined

  private constructor(server: Server, path: string, options: ClientOptions) {
    this.#server = server
    this.ws = new WebSocket(server.wsUrl + path, options)
    this.ws.on('message', (data: Buffer) => {
      this.texts.push(data.toString())
      this.frames.push(JSON.parse(data.toString()) as PusherFrame)
    })
    this.ws.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }))
    this.ws.on('error', () => undefined)
  }

  static async open(
    server: Server,
    path = `/app/${KEY}?protocol=7&client=js&version=8.6.0`,
    options: ClientOptions = {},
  ): Promise<PusherSocket> {
    const socket = new PusherSocket(server, path, options)
    await once(socket.ws, 'open')
    return socket
  }

  send(event: string, data: unknown, channel?: string): void {
    this.ws.send(JSON.stringify({ event, data, channel }))
  }

  /** The data of all such events */
  all<Data = Record<string, unknown>>(event: string, channel?: string): Data[] {
    return this.frames
      .filter((frame) => frame.event === event && (channel === undefined || frame.channel === channel))
      .map(({ data }) => JSON.parse(data) as Data)
  }

  event<Data = Record<string, unknown>>(event: string, channel?: string): Promise<Data> {
    return until(() => this.all<Data>(event, channel)[0])
  }

  async socketId(): Promise<string> {
    return (await this.event<{ socket_id: string }>('pusher:connection_established')).socket_id
  }

  /** Asks for a channel as clients do, and waits until the server has decided. @returns whether it may be heard */
  async subscribe(channel: string, token: string): Promise<boolean> {
    const fields = { socket_id: await this.socketId(), channel_name: channel }
    return this.claim(channel, (await authorize(this.#server, token, fields)).auth)
  }

  /** Subscribes with what it was given */
  async claim(channel: string, auth: string | undefined): Promise<boolean> {
    const answers = (): boolean[] =>
      this.frames.flatMap((frame) => {
        if (frame.channel !== channel) return []
        if (frame.event === 'pusher:subscription_error') return [false]
        return frame.event === 'pusher_internal:subscription_succeeded' ? [true] : []
      })
    const before = answers().length
    this.send('pusher:subscribe', { channel, auth })
    return until(() => (answers().length > before ? { answer: answers().at(-1) === true } : undefined)).then(
      ({ answer }) => answer,
    )
  }

  /** Afterwards all is here that the server had sent to it, or it is closed */
  async fence(): Promise<void> {
    const before = this.all('pusher:pong').length
    this.send('pusher:ping', {})
    await until(() => this.closed ?? this.all('pusher:pong').length > before)
  }

  end(): Promise<{ code: number; reason: string }> {
    return until(() => this.closed)
  }

  close(): void {
    this.ws.terminate()
  }
}
