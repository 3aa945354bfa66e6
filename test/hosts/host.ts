// An app with a chat, running, beside another that opens WebSockets on the same server.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import type * as Package from '../../src/entries/node.ts'
import { SECRET } from '../support/desk.ts'
import type { App } from './apps.ts'
import { load } from './frameworks.ts'

export interface Host {
  url: string
  deskbell: Package.Deskbell
  errors: unknown[]
  token: string
  /** A request, by default by the person of `token` */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
  stop(): Promise<void>
}

export async function startHost(app: App): Promise<Host> {
  const { createDeskbell, sqliteStore } = load<typeof Package>('deskbell')
  const store = await sqliteStore(':memory:')
  const errors: unknown[] = []
  const mailer = { send: async () => undefined }
  const onError = (error: unknown): void => void errors.push(error)
  const publicUrl = 'http://localhost/support'
  const deskbell = createDeskbell({ store, mailer, secret: SECRET, publicUrl, onError })
  const { server, listen } = await app(deskbell)
  // Another that opens WebSockets on the same server, as a bundler does for hot reloading
  const others = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    if (request.url === '/hot') others.handleUpgrade(request, socket, head, (ws) => ws.send('"hot"'))
  })
  await (listen ? listen() : once(server.listen(0, '127.0.0.1'), 'listening'))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const claims = { sub: 'ada', email: 'ada@example.com', name: 'Ada' }
  const token = await deskbell.tokens.sign(claims, { audience: 'deskbell', expiresIn: 600 })
  return {
    url,
    deskbell,
    errors,
    token,
    call: (method, path, body, headers) =>
      fetch(url + path, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    async stop() {
      await deskbell.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await store.close()
    },
  }
}
