// Frames of the Pusher Channels protocol, version 7: https://pusher.com/docs/channels/library_auth_reference/pusher-websockets-protocol
// `data` is JSON in a JSON string.
import type { DisconnectReason } from '../../../protocol/cable.ts'
import { encode, type EncodedEvent } from '../../../protocol/encode.ts'
import { Frame, type Socket, type SocketHandler } from '../../ports/socket.ts'
import type { Envelope } from '../streams/subscription.ts'

/** Seconds of silence after which a client asks whether the server is there */
const ACTIVITY_TIMEOUT = 30

/**
 * A close code, and why in words. Clients never come back after 4000 to 4099, after a second from 4100 to 4199, and at once from 4200 to
 * 4299; they stay connected after 4301.
 */
export type Ending = readonly [code: number, message: string]

export const UNKNOWN_KEY: Ending = [4001, 'There is no app with this key here']
export const OTHER_PROTOCOL: Ending = [4007, 'This server speaks the versions 5 to 7 of the protocol']
export const NO_PROTOCOL: Ending = [4008, 'The query says no version of the protocol']
export const OVER_CAPACITY: Ending = [4100, 'There are too many connections']
export const UNAVAILABLE: Ending = [4100, 'The server cannot say now who may hear the channel']

export const ENDINGS: Record<DisconnectReason, Ending> = {
  unauthorized: [4009, 'The credentials were revoked'],
  // The client has better ones by now, or is refused when it asks for its channels
  token_expired: [4200, 'The credentials have expired'],
  invalid_request: [4009, 'The request is not valid'],
  server_restart: [4200, 'The server restarts'],
  remote: [4100, 'The server closed the connection'],
  idle_timeout: [4202, 'The connection was idle'],
  too_slow: [4100, 'The client reads too slowly'],
}

const frameOf = (event: string, data: object, channel?: string): Frame =>
  new Frame(encode({ event, channel, data: encode(data) }))

export const established = (socketId: string): Frame =>
  frameOf('pusher:connection_established', { socket_id: socketId, activity_timeout: ACTIVITY_TIMEOUT })

export const PONG: Frame = frameOf('pusher:pong', {})

export const subscriptionSucceeded = (channel: string): Frame =>
  frameOf('pusher_internal:subscription_succeeded', {}, channel)

/** @param status as the auth endpoint would have answered */
export const subscriptionError = (channel: string, error: string, status: 403 | 429): Frame =>
  frameOf('pusher:subscription_error', { type: status === 403 ? 'AuthError' : 'LimitReached', error, status }, channel)

/** The connection stays open. @param code null: the protocol has none for it */
export const errorFrame = (code: number | null, message: string): Frame => frameOf('pusher:error', { code, message })

/** For a socket that is opened only to say why it is closed: clients cannot read the answer to a refused upgrade */
export function refuseSocket(socket: Socket, [code, message]: Ending): SocketHandler {
  socket.send(errorFrame(code, message))
  socket.close(code, message)
  return { receive: () => undefined, alive: () => undefined, closed: () => undefined }
}

/** `new_message` carries the message itself, as in the specification; every other event is what it is in the other dialects */
export class PusherEnvelope implements Envelope {
  readonly key: string
  readonly #channel: string

  constructor(channel: string) {
    this.key = `pusher ${channel}`
    this.#channel = channel
  }

  wrap({ type, json, message }: EncodedEvent): string {
    return encode({ event: NAMES[type] ?? type.replaceAll('_', '-'), channel: this.#channel, data: message ?? json })
  }
}

/** Who is typing is told by client events, so that those who listen to them hear of everybody */
const NAMES: Partial<Record<EncodedEvent['type'], string>> = { typing: 'client-typing' }
