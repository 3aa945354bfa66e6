// Rooms of Socket.IO that a socket is in while it is subscribed. The host may send events of its own to them; the chat sends nothing
// through them, because the hub sends each subscription what it misses, in order.
import type { Socket } from 'socket.io'

const CHAT_ROOM = 'support-chat-'
export const STAFF_ROOM = 'support-staff'

export const roomOf = (chatId: string): string => CHAT_ROOM + chatId

/** Whether it can be one of these rooms */
export const isRoom = (room: string): boolean => room === STAFF_ROOM || /^support-chat-[0-9a-f-]{36}$/.test(room)

/** A recovered socket is in the rooms that it was in before */
export function leaveRooms(socket: Socket): void {
  for (const room of socket.rooms) if (room === STAFF_ROOM || room.startsWith(CHAT_ROOM)) void socket.leave(room)
}
