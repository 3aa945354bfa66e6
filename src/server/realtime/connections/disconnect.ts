import type { CableFrame, DisconnectReason } from '../../../protocol/cable.ts'
import { encode } from '../../../protocol/encode.ts'
import { Frame, type Socket, type SocketHandler } from '../../ports/socket.ts'

/** The frame that ActionCable sends before it closes a socket */
export const disconnectFrame = (reason: DisconnectReason, reconnect: boolean, retryAfter?: number): Frame =>
  new Frame(encode<CableFrame>({ type: 'disconnect', reason, reconnect, retry_after: retryAfter }))

/** Sends the reason in a frame and closes the socket: browser clients cannot read the answer to a refused upgrade */
export function refuse(
  socket: Socket,
  reason: DisconnectReason,
  reconnect: boolean,
  retryAfter?: number,
): SocketHandler {
  socket.send(disconnectFrame(reason, reconnect, retryAfter))
  socket.close(reconnect ? 1001 : 1000, reason)
  return { receive: () => undefined, alive: () => undefined, closed: () => undefined }
}
