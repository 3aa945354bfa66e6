// Deskbell on Node's HTTP server.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import { fileURLToPath } from 'node:url'
import type { HttpBindings } from '@hono/node-server'
import { assemble } from '../server/create-deskbell.ts'
import type { DeskbellCore } from '../server/deskbell-core.ts'
import type { Peer } from '../server/http/address.ts'
import { checkOptions } from '../server/option-shapes.ts'
import type { DeskbellOptions } from '../server/options.ts'
import { connectSources } from '../server/realtime/publishing/connect-sources.ts'
import { assetSource } from './assets.ts'
import { fastifyPlugin, type FastifyPlugin } from './fastify.ts'
import { guardedPost, guardedPush } from './guarded-post.ts'
import { nodeHmac } from './node-hmac.ts'
import { hostPeer, nodeHandler } from './node-http.ts'
import { nodeUpgrade, type NodeUpgrade } from './node-socket.ts'
import { withOwnBody } from './own-body.ts'

export interface Deskbell extends DeskbellCore {
  /**
   * For `http.createServer(deskbell.listener)`, and for `app.use('/support', deskbell.listener)` in Express, NestJS and their like,
   * before or after body parsers. With `next`, requests that are not the chat's go on untouched.
   */
  listener: (
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
    next?: (error?: unknown) => void,
  ) => Promise<void>
  /** For `server.on('upgrade', deskbell.upgrade)`, also beside others that open WebSockets on this server */
  upgrade: NodeUpgrade
  /** For `app.register(deskbell.fastify)` in Fastify. It opens the WebSockets too */
  fastify: FastifyPlugin
}

/**
 * Mounts the chat in a Node server.
 *
 * @throws Error when an option is invalid
 * @example
 * const deskbell = createDeskbell({
 *   store: await sqliteStore('deskbell.db'),
 *   secret: process.env.DESKBELL_SECRET,
 *   publicUrl: 'https://example.com/support',
 *   mailer: smtpMailer({ url: 'smtp://localhost', from: { name: 'Example Support', address: 'support@example.com' } }),
 *   authenticate: async (request) => personOfSession(request.headers.get('cookie')),
 * })
 * createServer(deskbell.listener).on('upgrade', deskbell.upgrade).listen(3000)
 */
export function createDeskbell(options: DeskbellOptions): Deskbell {
  checkOptions(options)
  // Each by itself: so those who copy what an app needs (Next.js standalone, Nitro, serverless hosts) see that the files belong to it
  const folders = {
    widget: fileURLToPath(new URL('../../dist/widget', import.meta.url)),
    dashboard: fileURLToPath(new URL('../../dist/dashboard', import.meta.url)),
  }
  // Their answers go to Node's response as they are. Frameworks may drop a header on the way, as Next.js does with Content-Encoding
  const direct = new WeakSet<Request>()
  const ownAssets = assetSource({
    folders,
    mayEncode: (request) => direct.has(request),
    sources: connectSources(options.publisher),
  })
  const { assets = ownAssets, postWebhook = guardedPost(), postPush = guardedPush(), hmac = nodeHmac } = options
  const core = assemble({ ...options, assets, postWebhook, postPush, hmac })
  const inNode: DeskbellCore = {
    ...core,
    fetch: (request, peer) => core.fetch(noted(direct, request), peer),
    answer: (request, peer) => core.answer(noted(direct, request), peer),
  }
  const handle = nodeHandler(inNode)
  const upgrade = nodeUpgrade(core)
  return {
    ...core,
    fetch(request, context) {
      const incoming = incomingOf(context)
      return incoming ? inNode.fetch(...fromNode(request, incoming)) : core.fetch(request, context)
    },
    answer(request, context) {
      const incoming = incomingOf(context)
      return incoming ? inNode.answer(...fromNode(request, incoming)) : core.answer(request, context)
    },
    listener: (request, response, next) => handle(request, response, next && { passed: () => next() }),
    upgrade,
    fastify: fastifyPlugin(core, handle, upgrade),
  }
}

function noted(requests: WeakSet<Request>, request: Request): Request {
  requests.add(request)
  return request
}

/** Hono on Node passes Node's own request along, which tells who asks and which path was cut off */
function incomingOf(context: unknown): HttpBindings['incoming'] | undefined {
  const { incoming } = Object(context) as Partial<HttpBindings>
  return incoming?.socket && incoming
}

const fromNode = (request: Request, incoming: HttpBindings['incoming']): [Request, Peer] => [
  withOwnBody(request, incoming),
  hostPeer(incoming, request),
]
