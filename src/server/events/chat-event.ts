import type { SupportActivity } from '../../protocol/activity.ts'
import type { SenderType, SupportMessage } from '../../protocol/types.ts'
import type { ChatRecord } from '../ports/store/chats.ts'

/** The chat of an event, with its user */
export type EventChat = Readonly<Pick<ChatRecord, 'id' | 'user_id' | 'user_email'>>

/** Something that was committed to a chat. Times are ISO 8601. */
export type ChatEvent =
  /** A message was stored. If its sender repeats it, it is still stored and reported once */
  | { readonly type: 'message'; readonly chat: EventChat; readonly message: Readonly<SupportMessage> }
  /** `reader` has read what the other side sent, up to and including `up_to_seq` */
  | {
      readonly type: 'read'
      readonly chat: EventChat
      readonly reader: SenderType
      readonly up_to_seq: number
      readonly read_at: string
    }
  | { readonly type: 'archived'; readonly chat: EventChat; readonly at: string }
  /** By staff, or by a user's message, whose `message` event comes right before */
  | { readonly type: 'unarchived'; readonly chat: EventChat; readonly at: string }
  /** Something that only staff may know: a note, or who archived the chat */
  | { readonly type: 'activity'; readonly chat: EventChat; readonly activity: Readonly<SupportActivity> }
