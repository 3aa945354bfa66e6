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
  /** Undefined: the socket is opened only to say why it is closed */
  identity?: Identity
}

export interface DialectContext {
  core: Core
  authenticate: Authenticate
  connections: Connections
}

/** How clients talk over a WebSocket. The handshake has made sure that the origin and the address may. */
export interface Dialect {
  /** Below the mount, such as `/cable` */
  path: string
  /**
   * Names the caller and finds what they ask for, before the upgrade is answered.
   * @throws DeskbellError to refuse the upgrade
   */
  accept(request: Request, address: string | undefined, context: DialectContext): Promise<Opening>
}
