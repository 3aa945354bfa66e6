import type { SupportActivity } from '../../../protocol/activity.ts'
import type { MessageRange, SenderType, SupportMessage } from '../../../protocol/types.ts'
import type { OpenTime } from './numbers.ts'
import type { Outbox } from './outbox.ts'

export interface NewMessage {
  /** UUIDv7 */
  id: string
  chat_id: string
  content: string
  sender_type: SenderType
  /** The person's id. A client_id is unique per chat and sender */
  sender_id: string
  sender_name: string | null
  client_id: string | null
  /** Finished uploads of the sender to this chat, which no other message carries. Default: none */
  attachment_ids?: readonly string[]
  created_at: string
  /** When an e-mail about it is due if it is still unread: to the user about a reply, to staff about a user's message; null for none */
  notify_at: string | null
  /** Its sender takes the chat when nobody has it. Default: false */
  takes_chat?: boolean
  /** When the assistant is to look at a user's message, unless a person of staff has the chat. Default: it is not */
  answer_at?: string
  /** A machine wrote it in the name of staff, so no person has the chat by it. Default: false */
  automated?: boolean
  /** It answers the message with this seq, and is stored only while that is the last one, and the assistant has the chat. Default: it is stored in any case */
  answers_seq?: number
  /** The assistant has the chat no more once this is stored, and a person of staff is to answer. Default: false */
  hands_over?: boolean
}

/** The outcome for one message of a batch */
export type AppendOutcome =
  /**
   * `unarchived`: the activity that the chat left the archive by it; null: it was not there.
   * `taken`: the activity that its sender took the chat by it; null: they did not
   * `handed_over`: the activity that the assistant gave the chat to staff by it; undefined: it did not
   */
  | {
      kind: 'stored'
      message: SupportMessage
      unarchived: SupportActivity | null
      taken: SupportActivity | null
      handed_over?: SupportActivity
    }
  /** The sender already sent the same message under this client_id; nothing was written */
  | { kind: 'repeated'; message: SupportMessage }
  /** The sender already used this client_id for another message */
  | { kind: 'conflict' }
  | { kind: 'no_chat' }
  /** It is of the chat's user, who is blocked, and was not sent before; nothing was written */
  | { kind: 'blocked' }
  /** One of the files is not there, or not the sender's; nothing was written */
  | { kind: 'no_attachment' }
  /** The message that it answers is not the last one any more, or a person of staff has the chat; nothing was written */
  | { kind: 'overtaken' }

export interface MessageSlice {
  /** Oldest first. The `url` of each attachment is empty: the server signs it */
  messages: SupportMessage[]
  /** There are more messages beyond the slice, in the requested direction */
  has_more: boolean
}

/** How far a side has read */
export interface ReadMark {
  up_to_seq: number
  /** False when that side had already read as far */
  moved: boolean
}

export interface MessageStore {
  /**
   * The only way to write messages. In one transaction, in this order: seq, message, the chat's counters and last_message_at,
   * unarchive on a user message with the activity of it, the assignment of a chat that a reply takes with the activity of it, one pending notification per chat and kind, the answer that is due to a user's message, and the webhooks of all this. Outcomes are in the order of the
   * batch.
   * @param openTime undefined: no hours are set
   */
  appendMessages(batch: NewMessage[], outbox?: Outbox, openTime?: OpenTime): Promise<AppendOutcome[]>
  messages(chatId: string, range: MessageRange): Promise<MessageSlice>
  /** Marks what the other side sent as read, up to and including `upTo` (undefined: everything). */
  markRead(chatId: string, reader: SenderType, upTo: number | undefined, at: string): Promise<ReadMark>
  /** Staff's messages that the user has not read */
  countUnread(chatId: string): Promise<number>
  newestUnread(chatId: string): Promise<SupportMessage | undefined>
}
