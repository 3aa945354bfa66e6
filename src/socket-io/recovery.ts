// Connection state recovery (https://socket.io/docs/v4/connection-state-recovery): Socket.IO keeps the `data` of a socket whose
// connection broke, and sends what the old one did not receive. What the chat sent, and to which subscriptions, is kept there.
import type { Socket } from 'socket.io'
import { personKey, type Identity } from '../server/people/identity.ts'

/** JSON alone: adapters may store it */
export interface Kept {
  person: string
  /** Of the database, in which a seq is good */
  epoch: string
  followsDesk: boolean
  /** Chats, and the last seq that was sent of each */
  chats: Record<string, number>
}

interface Data {
  deskbell?: Kept
}

/** What the socket had before its connection broke, if it was the same person's */
export function keptOf(socket: Socket, identity: Identity): Kept | undefined {
  const { deskbell } = socket.data as Data
  return socket.recovered && deskbell?.person === personKey(identity) ? deskbell : undefined
}

export function startKeeping(socket: Socket, identity: Identity, epoch: string): Kept {
  const kept: Kept = { person: personKey(identity), epoch, followsDesk: false, chats: {} }
  const data = socket.data as Data
  data.deskbell = kept
  return kept
}
