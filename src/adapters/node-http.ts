// The chat as a request listener of Node's HTTP servers, and as a middleware of the frameworks that are built on them.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import { getRequestListener } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { DeskbellError } from '../protocol/errors.ts'
import type { DeskbellCore } from '../server/deskbell-core.ts'
import type { Peer } from '../server/http/address.ts'
import { BODY_WAS_READ } from '../server/http/input.ts'
import { withOwnBody } from './own-body.ts'

type Incoming = IncomingMessage | Http2ServerRequest
type Outgoing = ServerResponse | Http2ServerResponse

/** What frameworks add to a request of Node */
interface Additions {
  /** Express: the path at which it serves a middleware; `url` is the rest */
  baseUrl?: unknown
  /** Connect and middie: the URL as it came */
  originalUrl?: unknown
  /** The body as it came, where the host keeps it */
  rawBody?: unknown
  /** What a body parser made of the body */
  body?: unknown
}

/** What becomes of a request that a host offers to the chat */
export interface Fate {
  /** It is the chat's, and will be answered */
  taken?: () => void
  /** It is not, and nothing was done with it */
  passed: () => void
}

/** @param fate without it, every request is answered */
export type NodeHandler = (incoming: Incoming, outgoing: Outgoing, fate?: Fate) => Promise<void>

export const nodeHandler =
  (core: DeskbellCore): NodeHandler =>
  (incoming, outgoing, fate) =>
    getRequestListener((request) => respond(core, request, incoming, fate), { overrideGlobalObjects: false })(
      incoming,
      outgoing,
    )

async function respond(
  core: DeskbellCore,
  request: Request,
  incoming: Incoming,
  fate: Fate | undefined,
): Promise<Response> {
  const peer = hostPeer(incoming, request)
  const whole = withOwnBody(withReadBody(request, incoming), incoming)
  if (!fate) return core.fetch(whole, peer)
  const response = await core.answer(whole, peer)
  if (response) {
    fate.taken?.()
    return response
  }
  // Outside of this promise, so that what the host throws goes its usual way
  process.nextTick(fate.passed)
  return RESPONSE_ALREADY_SENT
}

/** @param request what a framework made of `incoming` */
export function hostPeer(incoming: Incoming & Additions, request: Request): Peer {
  return { address: incoming.socket.remoteAddress, mountedAt: mountedAt(incoming, new URL(request.url).pathname) }
}

/** @param path of the request as a framework handed it over */
function mountedAt({ baseUrl, originalUrl, url }: Incoming & Additions, path: string): string | undefined {
  if (typeof baseUrl === 'string') return baseUrl
  const [original = ''] = (typeof originalUrl === 'string' ? originalUrl : (url ?? '')).split('?')
  if (path === '/') return original.replace(/\/$/, '')
  return original.endsWith(path) ? original.slice(0, -path.length) : undefined
}

/**
 * The request with a body that the host has read before: its bytes where the host kept them, or parsed JSON, encoded again.
 * Whoever reads any other body is told the cure.
 */
function withReadBody(request: Request, incoming: Incoming & Additions): Request {
  // `getRequestListener` takes a `rawBody` of bytes by itself
  if (!incoming.readableDidRead || incoming.rawBody instanceof Buffer) return request
  const { method, headers } = request
  if (method === 'GET' || method === 'HEAD') return request
  const init = { method, headers, body: bodyOf(incoming) ?? unreadable(), duplex: 'half' as const }
  return new Request(request.url, init)
}

function bodyOf({ rawBody, body, headers }: Incoming & Additions): string | Uint8Array<ArrayBuffer> | undefined {
  if (typeof rawBody === 'string') return rawBody
  if (typeof body === 'string') return body
  if (body instanceof Uint8Array) return new Uint8Array(body)
  const isJson = /^application\/json\b/i.test(headers['content-type'] ?? '')
  return isJson && typeof body === 'object' && body !== null ? JSON.stringify(body) : undefined
}

/** It fails when it is read, because a body that nobody asks for is no fault */
const unreadable = (): ReadableStream<Uint8Array> =>
  new ReadableStream(
    { pull: (controller) => controller.error(new DeskbellError('invalid_request', BODY_WAS_READ)) },
    { highWaterMark: 0 },
  )
