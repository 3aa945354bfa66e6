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
  /** Undefined: the socket is opened only to send the reason for closing it */
  identity?: Identity
}

export interface DialectContext {
  core: Core
  authenticate: Authenticate
  connections: Connections
}

/** A protocol that clients use over a WebSocket. The handshake has already checked the origin and the address. */
export interface Dialect {
  /** Relative to the base path, such as `/cable` */
  path: string
  /**
   * Identifies the caller and finds what they ask for, before the upgrade is answered.
   * @throws DeskbellError to refuse the upgrade
   */
  accept(request: Request, address: string | undefined, context: DialectContext): Promise<Opening>
}
