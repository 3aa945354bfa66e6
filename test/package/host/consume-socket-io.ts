// The chat in somebody's Socket.IO server, whose events have types; it is compiled, not run.
import { createServer } from 'node:http'
import type { Deskbell } from 'deskbell'
import { admitListeners, attachSocketIo, type SocketIoOptions } from 'deskbell/socket.io'
import { Server, type DefaultEventsMap } from 'socket.io'

interface ClientEvents {
  place_order: (id: number, placed: (isPlaced: boolean) => void) => void
}
interface ServerEvents {
  order_shipped: (order: { id: number }) => void
}

export function serve(deskbell: Deskbell, options: SocketIoOptions): void {
  const server = createServer(deskbell.listener).on('upgrade', deskbell.upgrade)
  const io = new Server<ClientEvents, ServerEvents, DefaultEventsMap, { shop: string }>(server)
  attachSocketIo(io, deskbell)
  admitListeners(io.of('/desk'), { secret: 'which the two servers know' })
  attachSocketIo(new Server(server), deskbell, options)
  // @ts-expect-error: a namespace has a name
  attachSocketIo(io, deskbell, { namespace: 7 })
}
