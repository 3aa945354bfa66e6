// Deskbell on Node's HTTP server.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import { createDeskbellCore } from '../server/create-deskbell.ts'
import type { DeskbellCore } from '../server/deskbell-core.ts'
import type { DeskbellOptions } from '../server/options.ts'
import { assetSource } from './assets.ts'
import { nodeUpgrade, peerOf } from './node-socket.ts'

export interface Deskbell extends DeskbellCore {
  /** For `http.createServer(deskbell.listener)`, or for `app.use` in Express */
  listener: (request: IncomingMessage, response: ServerResponse) => Promise<void>
  /** For `server.on('upgrade', deskbell.upgrade)` */
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

/**
 * Mounts the chat in a Node server.
 *
 * @throws Error when an option is invalid
 * @example
 * const deskbell = createDeskbell({
 *   store: await sqliteStore('deskbell.db'),
 *   secret: process.env.DESKBELL_SECRET,
 *   publicUrl: 'https://example.com',
 *   mailer: smtpMailer({ url: 'smtp://localhost', from: { name: 'Example Support', address: 'support@example.com' } }),
 *   authenticate: async (request) => personOfSession(request.headers.get('cookie')),
 * })
 * createServer(deskbell.listener).on('upgrade', deskbell.upgrade).listen(3000)
 */
export function createDeskbell(options: DeskbellOptions): Deskbell {
  const dist = fileURLToPath(new URL('../../dist', import.meta.url))
  const core = createDeskbellCore({ assets: assetSource(dist), ...options })
  return {
    ...core,
    listener: getRequestListener((request, env) => core.fetch(request, peerOf(env)), {
      overrideGlobalObjects: false,
    }),
    upgrade: nodeUpgrade(core),
  }
}
