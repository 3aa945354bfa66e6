// A Socket.IO server, by its client 4. The parts of it that are used are declared here.
import type { ListenerToken, SocketIoListening } from '../../protocol/listening.ts'
import type { RealtimeHint, RealtimeTyping } from '../../protocol/publication.ts'
import type { Join } from './join.ts'
import { renewIn } from './renewal.ts'
import { SharedClients } from './shared-clients.ts'

type Connect = (url: string, options: { path?: string; transports: 'websocket'[]; forceNew: true }) => Socket

interface Socket {
  connected: boolean
  /** It comes back by itself */
  active: boolean
  on: (event: string, listener: (data: never) => void) => unknown
  off: (event: string, listener: (data: never) => void) => unknown
  emit: (event: string, data: object) => unknown
  timeout: (ms: number) => { emitWithAck: (event: string, data: object) => Promise<{ ok: boolean }> }
  disconnect: () => unknown
}

/** How long (ms) the server may take to answer */
const ANSWERS = 10_000

const sockets = new SharedClients<Socket>((socket) => socket.disconnect())

export const joinSocketIo =
  (load: () => Promise<{ io: unknown }>): Join<SocketIoListening> =>
  async ({ listening, signal, owner, authorize, joined, lost, refused, hinted, typing }) => {
    const { io } = (await load()) as { io: Connect }
    if (signal.aborted) return undefined
    const { url, path, room, event } = listening
    const socket = sockets.use(owner, [url, path].join(), signal, () =>
      // By WebSocket alone: requests of one connection would have to reach the same node each time
      io(url, { ...(path !== undefined && { path }), transports: ['websocket'], forceNew: true }),
    )
    // One connection hears all rooms that its channels are in
    const isOwn = (data: unknown): boolean =>
      room === 'support-staff' || room === `support-chat-${(Object(data) as RealtimeHint).chat_id}`
    let next: ReturnType<typeof setTimeout> | undefined
    const enter = async (): Promise<void> => {
      clearTimeout(next)
      try {
        const { token, expires_at } = (await authorize()) as ListenerToken
        // Who has come back meanwhile has entered anew
        if (signal.aborted || !socket.connected) return
        const { ok } = await socket.timeout(ANSWERS).emitWithAck('listen', { room, token })
        if (signal.aborted) return
        if (!ok) return refused()
        clearTimeout(next)
        next = setTimeout(() => void enter(), renewIn(expires_at))
        joined()
      } catch {
        // Without a connection the next one enters
        if (socket.connected) refused()
      }
    }
    const left = (): void => (socket.active ? lost() : refused())
    const listeners: Record<string, (data: never) => void> = {
      connect: () => void enter(),
      disconnect: left,
      connect_error: left,
      unlisten: (data: { room?: unknown }) => data.room === room && refused(),
      [event]: (data: unknown) => isOwn(data) && hinted(Object(data) as Partial<RealtimeHint>),
      typing: (data: unknown) => isOwn(data) && typing(Object(data) as RealtimeTyping),
    }
    for (const [name, listener] of Object.entries(listeners)) socket.on(name, listener)
    signal.addEventListener('abort', () => {
      clearTimeout(next)
      for (const [name, listener] of Object.entries(listeners)) socket.off(name, listener)
      if (socket.connected) socket.emit('unlisten', { room })
    })
    if (socket.connected) await enter()
    return undefined
  }
