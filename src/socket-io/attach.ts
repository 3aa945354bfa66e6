// Deskbell as a namespace of the host's own Socket.IO server.
import type { Server, Socket } from 'socket.io'
import { toRequest } from '../adapters/to-request.ts'
import type { DeskbellCore } from '../server/deskbell-core.ts'
import type { Accepted, Dialect } from '../server/realtime/connections/dialect.ts'
import { refuse } from '../server/realtime/connections/disconnect.ts'
import { noteVisit } from '../server/realtime/connections/note-visit.ts'
import { SocketIoConnection } from './connection.ts'
import { SocketIoPort } from './port.ts'
import { Refusal, refusalOf } from './refusal.ts'

export interface SocketIoOptions {
  /** Default: `/support` */
  namespace?: string | undefined
}

/**
 * Serves the chat in a namespace of your Socket.IO server (4.6 or later), beside your own namespaces. Clients come with
 * `auth: { token }` (a token of `deskbell.tokens`, or a visitor's), or with your own session, about which `authenticate` is asked as
 * everywhere. What they emit and hear is in docs/realtime.md. `deskbell.close()` lets them go.
 *
 * @param io before or after it is attached to a server
 * @throws Error with `serverless`, where no process lives on to hold sockets
 * @example
 * const io = new Server(server)
 * attachSocketIo(io, deskbell)
 */
export function attachSocketIo(
  io: Server,
  deskbell: DeskbellCore,
  { namespace = '/support' }: SocketIoOptions = {},
): void {
  if (deskbell.socketPaths.length === 0)
    throw new Error(
      'attachSocketIo needs a process that lives on. With `serverless`, use a `publisher`: docs/serverless.md',
    )
  const opened = new WeakMap<Socket, () => void>()
  const decide = async (socket: Socket): Promise<() => void> => {
    const port = new SocketIoPort(socket)
    const accepted = await admit(deskbell, port, namespace)
    return () => open(port, accepted)
  }

  io.of(namespace)
    .use((socket, next) => {
      decide(socket).then(
        (open) => {
          opened.set(socket, open)
          next()
        },
        (error: Refusal) => next(error),
      )
    })
    .on('connection', (socket) => {
      const open = opened.get(socket)
      if (open) open()
      // Socket.IO can let recovered sockets in without asking anybody
      else
        decide(socket).then(
          (open) => open(),
          (error: Refusal) => {
            const { reason, reconnect } = error.parting
            refuse(new SocketIoPort(socket), reason, reconnect)
          },
        )
    })
}

/** @throws Refusal */
async function admit(deskbell: DeskbellCore, port: SocketIoPort, path: string): Promise<Accepted> {
  const { io } = port
  let answer: Accepted | Response
  try {
    answer = await deskbell.handshake(requestOf(io), { address: io.handshake.address }, dialectOf(port, path))
  } catch {
    throw new Refusal({ code: 'invalid_request' })
  }
  if (answer instanceof Response) throw await refusalOf(answer)
  return answer
}

function open(port: SocketIoPort, accepted: Accepted): void {
  // It may have left while it was decided about
  if (!port.io.connected) return
  const handler = accepted.open(port)
  port.io.on('disconnect', () => handler.closed())
}

const dialectOf = (port: SocketIoPort, path: string): Dialect => ({
  path,
  async accept(request, address, { core, authenticate, connections, onError }) {
    const { identity, hostRequest } = await authenticate(request, address)
    const { page } = port.io.handshake.auth
    noteVisit(core.visits, identity, typeof page === 'string' ? page : null)
    return {
      protocol: undefined,
      identity,
      open: () => new SocketIoConnection({ core, socket: port, identity, hostRequest, connections }, port, onError),
    }
  },
})

/** The request that opened the connection, by the person that the client names in `auth` */
function requestOf({ request, handshake }: Socket): Request {
  const whole = toRequest(request)
  const { token } = handshake.auth
  if (typeof token === 'string') whole.headers.set('authorization', `Bearer ${token}`)
  return whole
}
