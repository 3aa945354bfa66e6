// Lets browsers into the rooms to which `socketIoPublisher` publishes, on a Socket.IO server that may be another process than Deskbell's.
import { jwtVerify } from 'jose'
import type { Namespace, Socket } from 'socket.io'
import { LISTENERS, MIN_SECRET, type ListenerClaims } from '../protocol/socket-io-listeners.ts'
import { isRoom, leaveRoom, STAFF_ROOM } from './rooms.ts'

/** Rooms of one socket */
const MAX_ROOMS = 1_000
/** Wishes of one socket within a minute; more end it */
const MAX_WISHES = 2_000
const MINUTE = 60_000

/**
 * Lets sockets of a namespace listen to what `socketIoPublisher(emitter, { url, secret })` publishes there: each to the rooms for which Deskbell gave it a
 * token, for as long as the token says.
 *
 * @param namespace that of `url`. It needs the adapter that belongs to the emitter
 * @param options `secret`: the same as the publisher's
 * @throws Error when the secret has fewer than 32 characters
 * @example admitListeners(io.of('/desk'), { secret })
 */
export function admitListeners(namespace: Namespace, { secret }: { secret: string }): void {
  if (secret.length < MIN_SECRET) throw new Error(`The secret of listeners needs ${MIN_SECRET} characters`)
  const key = new TextEncoder().encode(secret)
  namespace.on('connection', (socket) => admit(socket, key))
}

function admit(socket: Socket, key: Uint8Array): void {
  /** When it has to leave a room */
  const ends = new Map<string, ReturnType<typeof setTimeout>>()
  let wishes = 0
  const counting = setInterval(() => (wishes = 0), MINUTE)
  counting.unref()

  function leave(room: string): void {
    clearTimeout(ends.get(room))
    ends.delete(room)
    // Nobody may hear a room for longer than their token says
    leaveRoom(socket, room, () => socket.disconnect(true))
  }
  async function enter({ room, token }: { room?: unknown; token?: unknown }): Promise<boolean> {
    if (typeof room !== 'string' || typeof token !== 'string' || !isRoom(room)) return false
    const end = await endOf(token, room, key)
    const isFull = !ends.has(room) && ends.size >= MAX_ROOMS
    if (end === null || isFull || !socket.connected) return false
    try {
      await socket.join(room)
    } catch {
      // The server of the adapter is away. The socket may be in the room all the same
      leave(room)
      return false
    }
    clearTimeout(ends.get(room))
    const leaveAtEnd = (): void => {
      leave(room)
      socket.emit('unlisten', { room })
    }
    ends.set(room, setTimeout(leaveAtEnd, end - Date.now()))
    return true
  }

  socket.on('listen', (wish: unknown, answer: unknown) => {
    if (++wishes > MAX_WISHES) return void socket.disconnect(true)
    void enter(Object(wish) as object).then((ok) => {
      if (typeof answer === 'function') (answer as (result: { ok: boolean }) => void)({ ok })
    })
  })
  socket.on('unlisten', (wish: unknown) => {
    const { room } = Object(wish) as { room?: unknown }
    if (typeof room === 'string' && ends.has(room)) leave(room)
  })
  socket.on('disconnect', () => {
    clearInterval(counting)
    for (const room of ends.keys()) clearTimeout(ends.get(room))
    ends.clear()
  })
}

/** @returns until when a token lets into a room (ms since 1970); null: it does not */
async function endOf(token: string, room: string, key: Uint8Array): Promise<number | null> {
  try {
    const { payload } = await jwtVerify<ListenerClaims>(token, key, {
      algorithms: ['HS256'],
      audience: LISTENERS,
      requiredClaims: ['exp'],
    })
    const { support_room, exp = 0 } = payload
    return support_room === room || support_room === STAFF_ROOM ? exp * 1_000 : null
  } catch {
    return null
  }
}
