/**
 * `deskbell/socket.io`: the chat in a namespace of your own Socket.IO server, for clients that use Socket.IO already; and `admitListeners`, for a
 * Socket.IO server in another process, to which Deskbell publishes.
 *
 * @example
 * import { Server } from 'socket.io'
 * import { attachSocketIo } from 'deskbell/socket.io'
 *
 * attachSocketIo(new Server(server), deskbell)
 *
 * @module
 */
export { attachSocketIo, type SocketIoOptions } from '../socket-io/attach.ts'
export { admitListeners } from '../socket-io/admit-listeners.ts'
