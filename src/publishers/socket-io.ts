// A Socket.IO server elsewhere, by the host's emitter: https://socket.io/docs/v4/redis-adapter/#emitter
import { SignJWT } from 'jose'
import { DeskbellError } from '../protocol/errors.ts'
import type { SocketIoListening } from '../protocol/listening.ts'
import { LISTENERS, MIN_SECRET, type ListenerClaims } from '../protocol/socket-io-listeners.ts'
import type { PublishedTopic, Publisher } from '../server/ports/publisher.ts'
import { checkCredentials } from '../services/credentials.ts'
import { serviceUrl } from '../services/service-url.ts'
import { tokenEnd } from './token-end.ts'

/** As much of `Emitter` of `@socket.io/redis-emitter`, or of another adapter's, as publishing needs. Its namespace is that of `emitter.of(…)` */
export interface SocketIoEmitter {
  to(rooms: string[]): { emit(event: string, data: object): unknown }
}

/** How browsers listen. The server elsewhere lets them in by `admitListeners` of `deskbell/socket.io` */
export interface SocketIoListeners {
  /** Of the namespace, such as `https://io.example.com/desk` */
  url: string
  /** Where Socket.IO is on that server. Default: `/socket.io` */
  path?: string | undefined
  /** At least 32 characters, which both servers know: it signs the tokens of listeners */
  secret: string
}

/** Bytes: https://socket.io/docs/v4/server-options/#maxhttpbuffersize is 1 MB, for what clients send; it is a good limit here too */
const MAX_DATA = 1_000_000

/**
 * Publishes to the rooms `support-chat-ID` and `support-staff` of a Socket.IO server in another process. An emitter does not say whether an event
 * arrived.
 *
 * @param listeners so that widget, dashboard and `deskbell/client` listen there. Without it, that server itself decides which of its sockets joins which room
 * @throws Error when `url` is no `https:` URL, or one of this machine, or the secret is too short
 * @example createDeskbell({ …, publisher: socketIoPublisher(new Emitter(redis).of('/desk'), { url: 'https://io.example.com/desk', secret }) })
 */
export function socketIoPublisher(emitter: SocketIoEmitter, listeners?: SocketIoListeners): Publisher {
  if (listeners) checkCredentials('socketIoPublisher', { secret: listeners.secret })
  const url = listeners && serviceUrl(listeners.url)
  if (listeners && listeners.secret.length < MIN_SECRET)
    throw new Error(`The secret of listeners needs ${MIN_SECRET} characters`)
  const key = new TextEncoder().encode(listeners?.secret)
  return {
    service: 'socket.io',
    maxData: MAX_DATA,
    async publish({ topics, event, data }) {
      emitter.to(topics.map(roomOf)).emit(event, data)
    },
    listen(topic): SocketIoListening | null {
      if (url === undefined) return null
      const { path } = listeners ?? {}
      return {
        service: 'socket.io',
        url,
        ...(path === undefined ? {} : { path }),
        room: roomOf(topic),
        event: 'new-message',
      }
    },
    async authorize(topic, { expiresAt }) {
      if (!listeners) throw new DeskbellError('not_found', 'The Socket.IO server decides who joins a room')
      const claims: ListenerClaims = { support_room: roomOf(topic) }
      const end = tokenEnd(expiresAt)
      const token = await new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setAudience(LISTENERS)
        .setIssuedAt()
        .setExpirationTime(end)
        .sign(key)
      return { token, expires_at: end.toISOString() }
    },
  }
}

const roomOf = (topic: PublishedTopic): string =>
  topic.type === 'staff' ? 'support-staff' : `support-chat-${topic.chatId}`
