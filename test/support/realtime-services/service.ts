// A real-time service as a server on this machine: it checks what the real one checks, tells its sockets, and misbehaves when told to.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'

export interface ServiceRequest {
  method: string
  /** Without its query */
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  body: string
}

export interface Answer {
  status: number
  headers?: Record<string, string>
  /** An object becomes JSON */
  body?: object | string
}

/** An event that the service took for a channel, whoever listens to it */
export interface Published {
  channel: string
  event: string
  /** As JSON says */
  data: unknown
}

/** What one service does with requests and sockets */
export interface ServiceRules {
  handle: (request: ServiceRequest) => Answer | Promise<Answer>
  /** @param socket is open */
  connect: (socket: WebSocket, request: ServiceRequest) => void
  /** Takes sockets by itself, in place of `connect`, and counts them */
  upgrades?: { handle: (request: IncomingMessage, socket: Duplex, head: Buffer) => void; count: () => number }
  /** The subprotocol to select. Default: none */
  protocol?: (offered: Set<string>) => string | false
}

/** How the service misbehaves. A test may change it at any time */
export interface Faults {
  /** What requests get */
  api: 'answers' | 'too many' | 'fails' | 'html' | 'hangs'
  /** Seconds for `Retry-After` of `too many`; null: it does not say */
  retryAfter: number | null
  /** Each event comes so many milliseconds late */
  delay: number
  /** Each event comes twice */
  doubles: boolean
  /** Each event comes after the next one, or half a second late */
  reorders: boolean
  /** The part of events that never come, from 0 to 1 */
  loss: number
  /** It cannot be reached, and everybody was cut off */
  gone: boolean
}

export interface TestService extends Faults {
  host: string
  port: number
  origin: string
  /** All that it took */
  published: Published[]
  /** Requests that it got, whatever it answered */
  requests: ServiceRequest[]
  /** Open connections of listeners */
  readonly sockets: number
  /** Sends to one socket what a fault allows. For the rules, and for events only */
  deliver(send: () => void): void
  stop(): Promise<void>
}

const REORDER_AFTER = 500

/** @param rules gets the service, of which `published` and `deliver` are for it */
export async function startService(rules: (service: TestService) => ServiceRules): Promise<TestService> {
  const connections = new Set<Socket>()
  let held: (() => void)[] = []
  let isGone = false

  const server = createServer((request, response) => void receive(request, response).catch(() => response.destroy()))
  server.on('connection', (socket) => {
    if (isGone) return socket.destroy()
    connections.add(socket)
    socket.on('close', () => connections.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  function cut(): void {
    for (const socket of connections) socket.destroy()
  }

  const service: TestService = {
    host: '127.0.0.1',
    port,
    origin: `http://127.0.0.1:${port}`,
    published: [],
    requests: [],
    api: 'answers',
    retryAfter: null,
    delay: 0,
    doubles: false,
    reorders: false,
    loss: 0,
    get gone() {
      return isGone
    },
    set gone(gone) {
      isGone = gone
      if (gone) cut()
    },
    get sockets() {
      return upgrades?.count() ?? sockets.clients.size
    },
    deliver(send) {
      if (Math.random() < service.loss) return
      const all = service.doubles ? [send, send] : [send]
      for (const one of all) later(service.delay, service.reorders ? () => swap(one) : one)
    },
    async stop() {
      sockets.close()
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }

  /** Lets the next event pass before this one */
  function swap(send: () => void): void {
    if (held.length > 0) {
      send()
      return release()
    }
    held.push(send)
    setTimeout(release, REORDER_AFTER)
  }
  function release(): void {
    const sends = held
    held = []
    for (const send of sends) send()
  }

  const { handle, connect, upgrades, protocol = () => false } = rules(service)
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: protocol })
  server.on('upgrade', (request, socket, head) => {
    if (upgrades) return upgrades.handle(request, socket, head)
    sockets.handleUpgrade(request, socket, head, (ws) => {
      ws.on('error', () => undefined)
      connect(ws, requestOf(request, ''))
    })
  })

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A client that goes away in the middle has asked nothing
    request.on('error', () => undefined)
    // Browsers ask before they send headers of their own
    if (request.method === 'OPTIONS')
      return reply(response, { status: 204, headers: { 'access-control-allow-headers': '*' } })
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const asked = requestOf(request, Buffer.concat(chunks).toString())
    service.requests.push(asked)
    const answer = faulty(service) ?? (service.api === 'hangs' ? undefined : await handle(asked))
    if (answer) reply(response, answer)
  }
  return service
}

function requestOf({ method = '', url = '', headers }: IncomingMessage, body: string): ServiceRequest {
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  return { method, path: pathname, query: searchParams, headers, body }
}

function faulty({ api, retryAfter }: TestService): Answer | undefined {
  switch (api) {
    case 'too many':
      return {
        status: 429,
        headers: retryAfter === null ? {} : { 'retry-after': String(retryAfter) },
        body: 'Too many requests',
      }
    case 'fails':
      return { status: 500, body: { error: 'Something went wrong' } }
    case 'html':
      return { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Welcome to the hotel’s Wi-Fi</h1>' }
    default:
      return undefined
  }
}

const later = (ms: number, task: () => void): void => void (ms > 0 ? setTimeout(task, ms) : task())

function reply(response: ServerResponse, { status, headers = {}, body = '' }: Answer): void {
  const isJson = typeof body === 'object'
  response.writeHead(status, {
    ...(isJson ? { 'content-type': 'application/json' } : {}),
    // Clients in browsers come from other origins
    'access-control-allow-origin': '*',
    ...headers,
  })
  response.end(isJson ? JSON.stringify(body) : body)
}
