// The frames of a cable that this client understands, and what a subscription offers.
import type { DisconnectReason, History } from '../../protocol/cable.ts'
import type { ActivityAction, ChatAction } from '../../protocol/events.ts'
import type { Listening } from '../../protocol/listening.ts'
import type { Api } from '../api.ts'

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
  reason?: DisconnectReason
  reconnect?: boolean
  retry_after?: number
}

export type ChannelParams = { channel: string; chat_id?: string | undefined }

export interface SubscriptionHandlers {
  message: (message: unknown) => void
  /** Live; what the cursor asked for follows */
  connected?: (() => void) | undefined
  disconnected?: (() => void) | undefined
  /** The channel is not this person's, or does not exist any more */
  rejected?: (() => void) | undefined
  /** The gap is too wide, or the cursor belongs to another epoch: load over REST, then call `resubscribe()` */
  historyRejected?: (() => void) | undefined
  /** Path of the channel's event stream, relative to the mount point. It is used while no socket can be opened. */
  events: string
  /** Where the server names one */
  service?: ServedChannel | undefined
  /** Where to resume; called at each subscribe */
  cursor?: (() => History | null) | undefined
}

/** A hosted service that tells of what is new in a channel */
export interface ServedChannel {
  listening: Listening
  /** null: all chats, for staff */
  chatId: string | null
  /** Says who may listen */
  api: Api
  /** Asks the server what is new. Resolves to whether it answered; never rejects */
  look: () => Promise<boolean>
}

export interface Subscription {
  /** Subscribed on the socket */
  readonly connected: boolean
  /** Events arrive by themselves, over the socket or over an event stream */
  readonly live: boolean
  /** True when it was sent, over the socket or by what stands in for it */
  perform: (data: ChatAction | ActivityAction) => boolean | undefined
  resubscribe: () => void
  unsubscribe: () => void
}

export function parseFrame(data: unknown): ServerFrame | null {
  try {
    // Other values have none of its fields either
    return JSON.parse(String(data)) as ServerFrame | null
  } catch {
    return null
  }
}
