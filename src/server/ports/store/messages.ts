import type { MessageRange, SenderType, SupportMessage } from '../../../protocol/types.ts'
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
  created_at: string
  /** When an e-mail about it is due if it is still unread: to the user about a reply, to staff about a user's message; null for none */
  notify_at: string | null
}

/** The outcome for one message of a batch */
export type AppendOutcome =
  | { kind: 'stored'; message: SupportMessage; unarchived: boolean }
  /** The sender already sent the same message under this client_id; nothing was written */
  | { kind: 'repeated'; message: SupportMessage }
  /** The sender already used this client_id for another message */
  | { kind: 'conflict' }
  | { kind: 'no_chat' }

export interface MessageSlice {
  /** Oldest first */
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
   * unarchive on a user message, one pending notification per chat and kind, and the webhooks of all this. Outcomes are in the order of the
   * batch.
   */
  appendMessages(batch: NewMessage[], outbox?: Outbox): Promise<AppendOutcome[]>
  messages(chatId: string, range: MessageRange): Promise<MessageSlice>
  /** Marks what the other side sent as read, up to and including `upTo` (undefined: everything). */
  markRead(chatId: string, reader: SenderType, upTo: number | undefined, at: string): Promise<ReadMark>
  /** Staff's messages that the user has not read */
  countUnread(chatId: string): Promise<number>
  newestUnread(chatId: string): Promise<SupportMessage | undefined>
}
