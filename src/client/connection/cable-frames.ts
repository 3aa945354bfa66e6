// The frames of a cable that this client understands, and what a subscription offers.
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
  /** `position` is null unless the message is a stored one */
  message: (message: unknown, position: StreamPosition | null) => void
  /** Live; what the cursor asked for follows */
  connected?: () => void
  disconnected?: () => void
  /** The channel is not this person's, or does not exist any more */
  rejected?: () => void
  /** The gap is too wide, or the cursor belongs to another epoch: load over REST, then call `resubscribe()` */
  historyRejected?: () => void
  /** Path of the channel's event stream, relative to the mount point. It is used while no socket can be opened. */
  events: string
  /** Where to resume; called at each subscribe */
  cursor?: () => History | null
}

export interface Subscription {
  /** Subscribed on the socket */
  readonly connected: boolean
  /** Events arrive by themselves, over the socket or over an event stream */
  readonly live: boolean
  /** Returns false when the socket is down and nothing was sent */
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
