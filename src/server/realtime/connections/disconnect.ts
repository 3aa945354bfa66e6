import type { CableFrame, DisconnectReason } from '../../../protocol/cable.ts'
import { encode } from '../../../protocol/encode.ts'
import { Frame, type Socket, type SocketHandler } from '../../ports/socket.ts'

/** What ActionCable says before it closes a socket */
export const disconnectFrame = (reason: DisconnectReason, reconnect: boolean): Frame =>
  new Frame(encode<CableFrame>({ type: 'disconnect', reason, reconnect }))

/** Opens a socket only to say why it is closed: a client can read a frame, and cannot read the answer to an upgrade */
export function refuse(socket: Socket, reason: DisconnectReason, reconnect: boolean): SocketHandler {
  socket.send(disconnectFrame(reason, reconnect))
  socket.close(reconnect ? 1001 : 1000, reason)
  return { receive: () => undefined, alive: () => undefined, closed: () => undefined }
}
