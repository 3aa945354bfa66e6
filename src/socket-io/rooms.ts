// Rooms of Socket.IO that a socket is in while it is subscribed. The host may send events of its own to them; the chat sends nothing
// through them, because the hub sends each subscription what it misses, in order.
import type { Socket } from 'socket.io'

const CHAT_ROOM = 'support-chat-'
export const STAFF_ROOM = 'support-staff'

export const roomOf = (chatId: string): string => CHAT_ROOM + chatId

/** Whether it can be one of these rooms */
export const isRoom = (room: string): boolean => room === STAFF_ROOM || /^support-chat-[0-9a-f-]{36}$/.test(room)

type OnError = (error: unknown) => void

/** Never throws. @param onError gets the failure of the host's adapter, whose server may be away: only the host's own events need the room */
export const joinRoom = (socket: Socket, room: string, onError: OnError): void =>
  void settled(() => socket.join(room)).catch(onError)

/** Never throws. @param onError as of `joinRoom` */
export const leaveRoom = (socket: Socket, room: string, onError: OnError): void =>
  void settled(() => socket.leave(room)).catch(onError)

/** A recovered socket is in the rooms that it was in before. Never throws. @param onError as of `joinRoom` */
export function leaveRooms(socket: Socket, onError: OnError): void {
  for (const room of socket.rooms)
    if (room === STAFF_ROOM || room.startsWith(CHAT_ROOM)) leaveRoom(socket, room, onError)
}

const settled = async (change: () => Promise<void> | void): Promise<void> => change()
