// What every engine does with a message that comes in.
import type { SupportMessage } from '../../protocol/types.ts'
import { isVisitor } from '../../protocol/visitor.ts'
import type { NewMessage } from '../../server/ports/store/messages.ts'

/** The part of a chat's row that a batch changes; written once per batch */
export interface Head {
  user_id: string
  last_seq: number
  last_user_seq: number
  last_message_at: string | null
  archived_at: string | null
  /** The last message of this batch */
  last: NewMessage | null
}

/** A visitor whose chat has gone to an account may still be writing to it */
export const isTheirChat = ({ sender_id }: NewMessage, { user_id }: Pick<Head, 'user_id'>): boolean =>
  !isVisitor(sender_id) || sender_id === user_id

/** The message as it is stored if it is new */
export function place(
  { id, content, sender_type, sender_name, client_id, created_at }: NewMessage,
  chat: Head,
): SupportMessage {
  const seq = chat.last_seq + 1
  return {
    id,
    seq,
    content,
    sender_type,
    sender_name,
    client_id,
    read_at: null,
    created_at: later(created_at, chat.last_message_at),
  }
}

/** Updates the chat for a message that was placed. @returns whether the chat left the archive */
export function advance(chat: Head, sent: NewMessage, { seq, created_at }: SupportMessage): boolean {
  const isUsers = sent.sender_type === 'user'
  const unarchived = isUsers && chat.archived_at !== null
  chat.last_seq = seq
  chat.last_message_at = created_at
  chat.last = sent
  if (isUsers) {
    chat.last_user_seq = seq
    chat.archived_at = null
  }
  return unarchived
}

/**
 * The sender repeats a message under its client_id, and does not use the client_id for another one. Compares all that the sender
 * wrote; a changed name does not make another message.
 */
export const isSameMessage = (stored: SupportMessage, sent: NewMessage): boolean => stored.content === sent.content

/**
 * Strictly ascending within a chat, also when the clock goes back: a client that polls by `since` would miss the second of two
 * messages with the same time.
 */
const later = (time: string, last: string | null): string =>
  last === null || time > last ? time : new Date(Date.parse(last) + 1).toISOString()
