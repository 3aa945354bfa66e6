// ActionCable v1 and AnyCable extended frames.
// Sources: Rails' actioncable/app/javascript, AnyCable's extended protocol (docs.anycable.io/misc/action_cable_protocol).

export const CABLE_V1 = 'actioncable-v1-json'
export const CABLE_EXT = 'actioncable-v1-ext-json'
export const CABLE_UNSUPPORTED = 'actioncable-unsupported'
/** A token may be offered as another subprotocol: this prefix and the JWT. The server never selects or echoes it. */
export const TOKEN_PROTOCOL_PREFIX = 'anycable-token.'

export const CHAT_CHANNEL = 'ChatChannel'
/** The name in the specification's Rails section */
export const CHAT_CHANNEL_ALIAS = 'SupportChatChannel'
/** What only staff see of a chat */
export const ACTIVITY_CHANNEL = 'ChatActivityChannel'
export const ADMIN_CHANNEL = 'AdminNotificationChannel'

/** A client's position in a stream: the last seq it saw, within an epoch */
export interface StreamPosition {
  offset: number
  epoch: string
}
export interface History {
  streams: Record<string, StreamPosition>
}

export type DisconnectReason =
  'unauthorized' | 'token_expired' | 'invalid_request' | 'server_restart' | 'remote' | 'idle_timeout' | 'too_slow'

/** Frames that the server sends besides events */
export type CableFrame =
  | { type: 'welcome' }
  /** @property message seconds since 1970 */
  | { type: 'ping'; message: number }
  /** @property retry_after seconds: clients are asked to come back at a random moment within them */
  | { type: 'disconnect'; reason: DisconnectReason; reconnect: boolean; retry_after?: number | undefined }
  | { identifier: string; type: 'confirm_subscription' | 'reject_subscription' }
  | { type: 'confirm_history' | 'reject_history'; identifier: string }

export const chatStream = (chatId: string): string => `chat:${chatId}`
export const activityStream = (chatId: string): string => `activity:${chatId}`
