import type { DisconnectReason } from '../../../protocol/cable.ts'
import type { Core } from '../../core.ts'
import type { Authenticate } from '../../http/authenticate.ts'
import type { Identity } from '../../people/identity.ts'
import type { Socket, SocketHandler } from '../../ports/socket.ts'
import type { Connections } from './connections.ts'

/** A socket that may be opened: the subprotocol to select, and what to do with it */
export interface Accepted {
  protocol: string | undefined
  open: (socket: Socket) => SocketHandler
}

export interface Opening extends Accepted {
  /** Undefined: the person says later who they are, or the socket is opened only to send the reason for closing it */
  identity?: Identity
  /** Tells a client why its socket is closed again. Default: with the frame of ActionCable */
  refuse?: Refuse
}

/** @param retryAfter seconds within which the client should come back, if its dialect can say it */
export type Refuse = (
  socket: Socket,
  reason: DisconnectReason,
  reconnect: boolean,
  retryAfter?: number,
) => SocketHandler

export interface DialectContext {
  core: Core
  authenticate: Authenticate
  connections: Connections
  onError: (error: unknown) => void
}

/** A protocol that clients use over a WebSocket, or what stands in for one. The handshake has already checked the origin and the address. */
export interface Dialect {
  /** Relative to the base path, such as `/cable` */
  path: string
  /** Paths that are this dialect's too, unless others on the same server have them: to tell their clients what is wrong */
  alsoTakes?: RegExp
  /**
   * Identifies the caller and finds what they ask for, before the upgrade is answered.
   * @throws DeskbellError to refuse the upgrade
   */
  accept(request: Request, address: string | undefined, context: DialectContext): Promise<Opening>
}
