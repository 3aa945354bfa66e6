import { CABLE_EXT, CABLE_V1, type DisconnectReason } from '../../protocol/cable.ts'
import { DeskbellError } from '../../protocol/errors.ts'
import { ensureChat, findChat } from '../chats/open.ts'
import type { Core } from '../core.ts'
import { offeredProtocols, type Authenticate } from '../http/authenticate.ts'
import { pageUrl, parse, seqSchema } from '../http/input.ts'
import type { Origins } from '../http/origins.ts'
import { problem } from '../http/problem.ts'
import type { Identity } from '../people/identity.ts'
import type { Socket, SocketHandler } from '../ports/socket.ts'
import { CableConnection, disconnectFrame } from './cable.ts'
import type { Connections } from './connections.ts'
import { PlainConnection } from './plain.ts'

/** A socket that may be opened: the subprotocol to select, and what to do with it */
export interface Accepted {
  protocol: string | undefined
  open: (socket: Socket) => SocketHandler
}

export interface HandshakeOptions {
  core: Core
  authenticate: Authenticate
  origins: Origins
  connections: Connections
  basePath: string
  onError: (error: unknown) => void
}

/** Decides about an Upgrade request, before it is answered: a Response is a refusal. */
export async function handshake(request: Request, options: HandshakeOptions): Promise<Response | Accepted> {
  try {
    if (options.connections.draining) throw new DeskbellError('unavailable', undefined, 1)
    if (options.origins.refuses(request)) throw new DeskbellError('forbidden_origin')
    const { pathname } = new URL(request.url)
    const isCable = pathname === `${options.basePath}/cable`
    if (!isCable && pathname !== `${options.basePath}/ws/chat`) throw new DeskbellError('not_found')
    const { protocol, open } = await (isCable ? cable : plain)(request, options)
    // The server may have begun to stop while the person was being named
    return { protocol, open: (s) => (options.connections.draining ? refuse(s, 'server_restart', true) : open(s)) }
  } catch (error) {
    if (!(error instanceof DeskbellError)) options.onError(error)
    return problem(error)
  }
}

async function cable(request: Request, { core, authenticate, connections }: HandshakeOptions): Promise<Accepted> {
  // The order in which the client offers is its preference; what it also offers (a token, `unsupported`) is never selected
  const protocol = offeredProtocols(request).find((p) => p === CABLE_V1 || p === CABLE_EXT)
  let identity: Identity
  try {
    identity = await authenticate(request)
  } catch (error) {
    // A session store that is away for a moment is no refusal, which would be for good
    if (!(error instanceof DeskbellError)) throw error
    const reason = error.code === 'token_expired' ? 'token_expired' : 'unauthorized'
    // ActionCable clients stop for good on this frame; on a refused upgrade they would try for ever
    return { protocol, open: (socket) => refuse(socket, reason, false) }
  }
  note(core, identity, new URL(request.url).searchParams.get('page'))
  const extended = protocol === CABLE_EXT
  return { protocol, open: (socket) => new CableConnection(core, socket, identity, connections, extended) }
}

async function plain(request: Request, options: HandshakeOptions): Promise<Accepted> {
  const { core, authenticate, connections } = options
  const identity = await authenticate(request)
  const { searchParams } = new URL(request.url)
  const id = searchParams.get('chat_id') ?? searchParams.get('id')
  const after = searchParams.get('after')
  const seq = after === null ? undefined : parse(seqSchema, /^\d{1,15}$/.test(after) ? Number(after) : after)
  const chat = id === null ? await ensureChat(core, identity) : await findChat(core, identity, id).catch(forbid)
  return { protocol: undefined, open: (socket) => new PlainConnection(core, socket, identity, connections, chat, seq) }
}

/** A socket has no 404 of its own: before the upgrade both an unknown and a foreign chat are 403 */
function forbid(error: unknown): never {
  throw error instanceof DeskbellError ? new DeskbellError('forbidden') : error
}

/** A user's name, address and page may have changed since they last came */
function note({ visits }: Core, { id, role, email, name }: Identity, page: string | null): void {
  if (role === 'user') visits.note({ id, email, name, page_url: pageUrl(page) })
}

function refuse(socket: Socket, reason: DisconnectReason, reconnect: boolean): SocketHandler {
  socket.send(disconnectFrame(reason, reconnect))
  socket.close(reconnect ? 1001 : 1000, reason)
  return { receive: () => undefined, alive: () => undefined, closed: () => undefined }
}
