import type { SenderType, SupportMessage } from '../../protocol/types.ts'
import type { ChatRecord } from '../ports/store/chats.ts'

/** The chat that an event is about, and whose it is */
export type EventChat = Readonly<Pick<ChatRecord, 'id' | 'user_id' | 'user_email'>>

/** Something that was committed to a chat. Times are ISO 8601. */
export type ChatEvent =
  /** A message was stored. One that its sender repeats is stored once, and reported once */
  | { readonly type: 'message'; readonly chat: EventChat; readonly message: Readonly<SupportMessage> }
  /** `reader` (the user, or staff) has now read what the other side sent, up to and with `up_to_seq` */
  | {
      readonly type: 'read'
      readonly chat: EventChat
      readonly reader: SenderType
      readonly up_to_seq: number
      readonly read_at: string
    }
  /** By staff; `unarchived` also by a message of the user, whose event comes right before */
  | { readonly type: 'archived' | 'unarchived'; readonly chat: EventChat; readonly at: string }
