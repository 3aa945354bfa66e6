// The HTTP server itself: what it answers before there is anything to serve, and how long it waits for slow peers.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { UPLOAD_WITHIN } from '../server/attachments/uploads.ts'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import type { Deskbell } from '../adapters/node.ts'
import { problem } from '../server/http/problem.ts'
import { Gate } from '../server/stop/gate.ts'
import { mountReadiness } from './operations.ts'
import type { Health } from './readiness.ts'
import { SettingsError, type Settings } from './settings.ts'

export interface Door {
  server: Server
  /** Requests under way */
  requests: Gate
  serve(app: Hono, deskbell: Deskbell): void
}

/** Milliseconds that a body may take */
const BODY_WITHIN = 30_000

/** A file may come by a slow line. The chat ends uploads that stand still, or take an hour */
const isUpload = ({ method, url }: IncomingMessage): boolean =>
  method === 'POST' && /\/attachments(\?|$)/.test(url ?? '')

/** Node has one limit for all requests, which is that of uploads */
function endLateBody(request: IncomingMessage, response: ServerResponse): void {
  const { 'content-length': length = '0', 'transfer-encoding': coding } = request.headers
  if (length === '0' && coding === undefined) return
  const timer = setTimeout(() => {
    if (request.complete) return
    if (!response.headersSent) request.socket.write('HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n\r\n')
    request.destroy()
  }, BODY_WITHIN)
  timer.unref()
  request.once('close', () => clearTimeout(timer))
}

/** An HTTP server that answers 503 until there is something to serve */
export function openDoor(health: Health): Door {
  const requests = new Gate()
  const starting = new Hono()
  mountReadiness(starting, health)
  // It lives: a supervisor that restarts dead servers must not break off a long migration
  starting.get('/healthz', (c) => c.text('starting'))
  starting.all('*', (c) => c.text('starting', 503, { 'retry-after': '1' }))
  let app = starting
  let upgrade: Deskbell['upgrade'] = (_request, socket) =>
    void socket.end('HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\n\r\n')
  const server = createServer(
    // How often Node looks for slow senders. The default of 30 s would double the timeouts below
    { connectionsCheckingInterval: 1_000 },
    // It replaces the global Request and Response by light ones, of which Node's own cost as much as the rest of a small answer. The process
    // is ours; that of a host is not
    getRequestListener((request, env) => requests.run(() => app.fetch(request, env)).catch(problem)),
  )
  // Slow senders of headers and bodies are cut off, so that they do not hold sockets for good
  server.headersTimeout = 15_000
  server.requestTimeout = UPLOAD_WITHIN
  server.on('request', (request, response) => {
    if (!isUpload(request)) endLateBody(request, response)
  })
  // Longer than proxies keep idle connections (60 s is common): else one may send a request just as this side closes, and answer 502
  server.keepAliveTimeout = 75_000
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Without a listener, an error on the socket would end the process
    socket.on('error', () => undefined)
    upgrade(request, socket, head)
  })
  return {
    server,
    requests,
    serve(served, deskbell) {
      app = served
      upgrade = deskbell.upgrade
    },
  }
}

/**
 * Connections that wait until they are accepted, as far as the system allows. Node's 511 are too few after a restart: Node accepts one in each turn of its
 * loop, and a connection that finds no place is tried again by the system after 1 s, 3 s, 7 s …
 */
const BACKLOG = 65_535

/** @throws SettingsError when the port is taken or cannot be used */
export function listen(server: Server, { port, host }: Settings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is taken; set PORT to another' : `cannot be used: ${error.message}`
      reject(new SettingsError(`Port ${port} ${why}`))
    })
    server.listen({ port, host, backlog: BACKLOG }, resolve)
  })
}

export function portOf(server: Server, { port }: Settings): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : port
}
