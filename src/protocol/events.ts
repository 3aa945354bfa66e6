// Events on a channel. ActionCable wraps them in {"identifier","message"}; the plain dialect does not.
import type { SupportActivity } from './activity.ts'
import type { SenderType, SupportChatListItem, SupportMessage, SupportUser } from './types.ts'

export type ChatChannelMessage =
  | { type: 'new_message'; message: SupportMessage }
  /** Sent only to a sender that repeated a stored client_id */
  | { type: 'ack'; client_id: string; message: SupportMessage }
  | { type: 'nack'; client_id: string | null; code: string; detail: string }
  /** `reader` has read everything that the other side sent, up to and including `up_to_seq` */
  | { type: 'messages_read'; reader: SenderType; up_to_seq: number; read_at: string }
  | { type: 'typing'; sender_type: SenderType; name: string | null; typing: boolean }
  | { type: 'presence'; user_online: boolean; admins_online: number }
  | { type: 'chat_updated'; archived: boolean }

/** Somebody of staff who has a chat on the screen */
export interface Looking {
  id: string
  name: string | null
  /** What they write in it; null: nothing */
  writing: 'reply' | 'note' | null
}

/** Only staff hear it */
export type ActivityChannelMessage =
  | { type: 'new_activity'; activity: SupportActivity }
  /** Who of staff looks at the chat now, who hears it among them. It is not stored, and comes whenever it changes */
  | { type: 'looking'; staff: readonly Looking[] }

/** An action on ChatActivityChannel. Repeated every `LOOK_REPEATS` while somebody looks, since it runs out after `LOOK_ENDS` */
export type ActivityAction = { action: 'look'; writing?: Looking['writing'] }

export type AdminNotificationMessage =
  | { type: 'new_user_message'; chat_id: string; user_email: string; message: SupportMessage }
  | { type: 'chat_updated'; chat: SupportChatListItem }
  /** The e-mail address, the name or the attributes of the chat's user changed */
  | { type: 'person_updated'; chat_id: string; user: SupportUser }
  /** The chat and its user were erased */
  | { type: 'chat_erased'; chat_id: string }

/** An action on ChatChannel: the `data` of a cable `message` command, or a whole frame of the plain dialect */
export type ChatAction =
  | { action: 'send_message'; content: string; client_id?: string; attachment_ids?: string[] | undefined }
  | { action: 'mark_read'; up_to_seq?: number }
  | { action: 'mark_viewed'; up_to_seq?: number }
  | { action: 'typing'; typing: boolean }
  | { action: 'history'; after: number }
