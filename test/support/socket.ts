// A bare WebSocket client that keeps every frame, for tests that go frame by frame.
import { once } from 'node:events'
import { WebSocket, type ClientOptions } from 'ws'
import { until } from './desk.ts'

export const V1 = 'actioncable-v1-json'
export const EXT = 'actioncable-v1-ext-json'

/** Any frame of any dialect */
export interface AnyFrame {
  type?: string
  identifier?: string
  message?: AnyEvent
  reason?: string
  reconnect?: boolean
  offset?: number
  epoch?: string
  stream_id?: string
}
export interface AnyEvent {
  type: string
  message?: {
    id: string
    seq: number
    content: string
    client_id: string | null
    sender_type: string
    created_at: string
  }
  client_id?: string | null
  code?: string
  [field: string]: unknown
}

export class TestSocket {
  readonly ws: WebSocket
  readonly frames: AnyFrame[] = []
  readonly texts: string[] = []
  closed: { code: number; reason: string } | undefined

  constructor(url: string, protocols: string[] = [], options: ClientOptions = {}) {
    this.ws = new WebSocket(url, protocols, options)
    this.ws.on('message', (data: Buffer) => {
      this.texts.push(data.toString())
      this.frames.push(JSON.parse(data.toString()) as AnyFrame)
    })
    this.ws.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }))
    this.ws.on('error', () => undefined)
  }

  static async open(url: string, protocols: string[] = [], options: ClientOptions = {}): Promise<TestSocket> {
    const socket = new TestSocket(url, protocols, options)
    await once(socket.ws, 'open')
    return socket
  }

  send(frame: unknown): void {
    this.ws.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  /** The first frame for which `test` holds, waiting for it */
  frame(test: (frame: AnyFrame) => boolean): Promise<AnyFrame> {
    return until(() => this.frames.find(test))
  }

  /** The events of a subscription, unwrapped */
  events(type?: string, identifier?: string): AnyEvent[] {
    return this.frames
      .filter((frame) => frame.type === undefined && (identifier === undefined || frame.identifier === identifier))
      .flatMap((frame) => (frame.message && (type === undefined || frame.message.type === type) ? [frame.message] : []))
  }

  event(type: string): Promise<AnyEvent> {
    return until(() => this.events(type)[0])
  }

  async subscribe(identifier: string, history?: unknown): Promise<void> {
    this.send({ command: 'subscribe', identifier, history })
    await this.frame((f) => f.type === 'confirm_subscription' && f.identifier === identifier)
  }

  perform(identifier: string, data: unknown): void {
    this.send({ command: 'message', identifier, data: JSON.stringify(data) })
  }

  /**
   * Afterwards all is here that the server had sent to it, and all is done that it had asked for: the answer to one more command
   * comes after them. Over cable alone.
   */
  async fence(): Promise<void> {
    const identifier = chatId(crypto.randomUUID())
    this.send({ command: 'subscribe', identifier })
    const answer = await this.frame((f) => f.type === 'reject_subscription' && f.identifier === identifier)
    const at = this.frames.indexOf(answer)
    this.frames.splice(at, 1)
    this.texts.splice(at, 1)
  }

  /** Afterwards all is here that the server had sent to it, over any dialect */
  async pong(): Promise<void> {
    const pong = once(this.ws, 'pong')
    this.ws.ping()
    await pong
  }

  end(): Promise<{ code: number; reason: string }> {
    return until(() => this.closed)
  }

  close(): void {
    this.ws.terminate()
  }
}

export const chatId = (id: string): string => JSON.stringify({ channel: 'ChatChannel', chat_id: id })
export const ADMIN = JSON.stringify({ channel: 'AdminNotificationChannel' })

/** The answer to a refused upgrade */
export async function refusal(url: string, options: ClientOptions = {}): Promise<{ status: number; body: string }> {
  const ws = new WebSocket(url, options)
  ws.on('error', () => undefined)
  return new Promise((resolve, reject) => {
    ws.on('open', () => {
      ws.terminate()
      reject(new Error('The upgrade was accepted'))
    })
    ws.on('unexpected-response', (_request, response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
  })
}
