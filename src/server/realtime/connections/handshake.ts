import { CABLE_EXT, CABLE_V1, type DisconnectReason } from '../../../protocol/cable.ts'
import { DeskbellError } from '../../../protocol/errors.ts'
import { ensureChat, findChat } from '../../chats/open.ts'
import type { Core } from '../../core.ts'
import { offeredProtocols, type Authenticate } from '../../http/authenticate.ts'
import { pageUrl, parse, seqSchema } from '../../http/input.ts'
import type { Origins } from '../../http/origins.ts'
import { reported } from '../../http/problem.ts'
import type { Identity } from '../../people/identity.ts'
import type { Socket, SocketHandler } from '../../ports/socket.ts'
import { admit, Place } from './admission.ts'
import { CableConnection, disconnectFrame } from '../dialects/cable.ts'
import type { Connections } from './connections.ts'
import { PlainConnection } from '../dialects/plain.ts'

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
export async function handshake(
  request: Request,
  address: string | undefined,
  options: HandshakeOptions,
): Promise<Response | Accepted> {
  const { addresses, revocations } = options.core
  try {
    if (options.connections.draining) throw new DeskbellError('unavailable', undefined, 1)
    addresses?.attempt(address)
    if (options.origins.refuses(request)) throw new DeskbellError('forbidden_origin')
    const { pathname } = new URL(request.url)
    const isCable = pathname === `${options.basePath}/cable`
    if (!isCable && pathname !== `${options.basePath}/ws/chat`) throw new DeskbellError('not_found')
    const { protocol, identity, open } = await (isCable ? cable : plain)(request, address, options)
    if (identity) admit(options.core, identity)
    return {
      protocol,
      open(socket) {
        // What was so when the person was named need not be so any more
        if (options.connections.draining) return refuse(socket, 'server_restart', true)
        if (identity && revocations.covers(identity)) return refuse(socket, 'unauthorized', false)
        const place = Place.take(options.core, address, identity)
        return place ? new PlacedHandler(open(socket), place) : refuse(socket, 'remote', true)
      },
    }
  } catch (error) {
    return reported(error, options.onError)
  }
}

/** Leaves its place when the socket is gone, whoever ended it */
class PlacedHandler implements SocketHandler {
  readonly #handler: SocketHandler
  readonly #place: Place

  constructor(handler: SocketHandler, place: Place) {
    this.#handler = handler
    this.#place = place
  }

  receive(text: string): void {
    this.#handler.receive(text)
  }

  alive(): void {
    this.#handler.alive()
  }

  closed(): void {
    this.#place.leave()
    this.#handler.closed()
  }
}

/** @throws DeskbellError */
type Opening = (request: Request, address: string | undefined, options: HandshakeOptions) => Promise<Opened>
/** Without an identity, the socket is opened only to be told why not */
interface Opened extends Accepted {
  identity?: Identity
}

const cable: Opening = async (request, address, { core, authenticate, connections }) => {
  // The order in which the client offers is its preference; what it also offers (a token, `unsupported`) is never selected
  const protocol = offeredProtocols(request).find((p) => p === CABLE_V1 || p === CABLE_EXT)
  let identity: Identity
  try {
    identity = await authenticate(request, address)
  } catch (error) {
    // A session store that is away for a moment is no refusal, which would be for good
    if (!(error instanceof DeskbellError) || error.status !== 401) throw error
    const reason = error.code === 'token_expired' ? 'token_expired' : 'unauthorized'
    // ActionCable clients stop for good on this frame; on a refused upgrade they would try for ever
    return { protocol, open: (socket) => refuse(socket, reason, false) }
  }
  note(core, identity, new URL(request.url).searchParams.get('page'))
  const extended = protocol === CABLE_EXT
  return { protocol, identity, open: (socket) => new CableConnection(core, socket, identity, connections, extended) }
}

const plain: Opening = async (request, address, options) => {
  const { core, authenticate, connections } = options
  const identity = await authenticate(request, address)
  const { searchParams } = new URL(request.url)
  const id = searchParams.get('chat_id') ?? searchParams.get('id')
  const after = searchParams.get('after')
  const seq = after === null ? undefined : parse(seqSchema, /^\d{1,15}$/.test(after) ? Number(after) : after)
  const chat = id === null ? await ensureChat(core, identity) : await findChat(core, identity, id).catch(forbid)
  return {
    protocol: undefined,
    identity,
    open: (socket) => new PlainConnection(core, socket, identity, connections, chat, seq),
  }
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
