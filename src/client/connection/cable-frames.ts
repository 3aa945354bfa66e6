// What the server says on a cable, as far as we listen.
import type { DisconnectReason, History, StreamPosition } from '../../protocol/cable.ts'

export interface ServerFrame {
  type?:
    | 'welcome'
    | 'ping'
    | 'confirm_subscription'
    | 'reject_subscription'
    | 'confirm_history'
    | 'reject_history'
    | 'disconnect'
  identifier?: string
  message?: unknown
  stream_id?: string
  epoch?: string
  offset?: number
  reason?: DisconnectReason
  reconnect?: boolean
}

export type ChannelParams = { channel: string; chat_id?: string }

export interface SubscriptionHandlers {
  /** `position` is there for stored messages alone */
  message: (message: unknown, position: StreamPosition | null) => void
  /** Live, and whatever the cursor asked for follows */
  connected?: () => void
  disconnected?: () => void
  /** Not ours, or gone */
  rejected?: () => void
  /** The gap is too wide or the cursor is of another epoch: load over REST, then call `resubscribe()` */
  historyRejected?: () => void
  /** The channel as a stream of events, relative to the mount point: what to listen to while no socket comes up */
  events: string
  /** From where to resume, asked at each subscribe */
  cursor?: () => History | null
}

export interface Subscription {
  /** On the socket */
  readonly connected: boolean
  /** What happens comes by itself, over the socket or without */
  readonly live: boolean
  /** false when the socket is down: nothing was sent */
  perform: (data: object) => boolean
  resubscribe: () => void
  unsubscribe: () => void
}

export function parseFrame(data: unknown): ServerFrame | null {
  try {
    const frame: unknown = JSON.parse(String(data))
    return typeof frame === 'object' && frame !== null ? (frame as ServerFrame) : null
  } catch {
    return null
  }
}
