// What a chat is made of, as every client sees it. Names and types are the specification's; `seq`, `client_id` and a few more are added.

export type SenderType = 'user' | 'admin'

export interface SupportMessage {
  /** UUIDv7, made by the server */
  id: string
  /** Place in its chat: 1..n without holes, in commit order */
  seq: number
  /** Plain text, 1 to 10,000 characters */
  content: string
  sender_type: SenderType
  /** Name of the person who sent it, when known */
  sender_name: string | null
  /** What the sender called it before the server knew it; null when the sender's client did not say */
  client_id: string | null
  /** ISO 8601; when the other side read it; null while unread */
  read_at: string | null
  /** ISO 8601; never earlier than that of the message before it */
  created_at: string
}

/** `GET support_chat` */
export interface SupportChat {
  id: string
  /** The newest page, oldest first */
  messages: SupportMessage[]
  /** Older messages exist before the first one here */
  has_more: boolean
  /** The database incarnation; a cursor (`seq`) holds only within one epoch */
  epoch: string
  /** Admin messages that the user has not read, in the whole chat */
  unread_count: number
}

/** A part of a chat: at most `limit` messages after or before a seq, or created after a time (ISO 8601) */
export type MessageRange =
  { after: number; limit: number } | { before: number; limit: number } | { since: string; limit: number }

/** `GET support_chat/messages`, `GET admin/chats/:id/messages`: a page, oldest first */
export interface MessagePage {
  messages: SupportMessage[]
  has_more: boolean
  epoch: string
  /** The user has read admin messages up to this seq */
  user_read_seq: number
  user_read_at: string | null
  /** Staff has read user messages up to this seq */
  admin_viewed_seq: number
  admin_viewed_at: string | null
  archived: boolean
}

/** A row of `GET admin/chats` */
export interface SupportChatListItem {
  id: string
  user_id: string
  user_email: string
  user_name: string | null
  last_message_at: string | null
  /** At most 100 characters */
  last_message_preview: string | null
  last_message_sender: SenderType | null
  message_count: number
  /** A user message came after the last time that an admin viewed the chat */
  unread: boolean
  archived: boolean
}

/** `GET admin/chats/:id` */
export interface AdminSupportChat {
  id: string
  user_id: string
  user_email: string
  archived: boolean
  messages: SupportMessage[]
  has_more: boolean
  epoch: string
  user: SupportUser
  user_online: boolean
  /** The user has read admin messages up to this seq */
  user_read_seq: number
}

/** Who the user of a chat is, as far as the host said */
export interface SupportUser {
  id: string
  email: string
  name: string | null
  /** ISO 8601 */
  first_seen_at: string
  /** ISO 8601; to the minute */
  last_seen_at: string
  /** The page on which the person last had the chat, http(s) only */
  page_url: string | null
}

/** `GET admin/unread_count` */
export interface UnreadCount {
  /** Active chats with something unread, at most 1,000 */
  unread_chats: number
}

/** A chat in which a message was found */
export interface FoundMessage {
  chat_id: string
  user_id: string
  user_email: string
  user_name: string | null
  archived: boolean
  /** The newest that matches */
  message: SupportMessage
}

/** `GET admin/messages?q=…`: chats in order of their newest match; a later page may have one again, with an older match */
export interface FoundPage {
  found: FoundMessage[]
  /** Give it back as `cursor` for what is older; null when that was all */
  next: string | null
  /**
   * ISO 8601; where it stopped looking before the page was full, because the words are too common to look further at once: ask for
   * the next page to go on from there. Null when it did not.
   */
  searched_to: string | null
}
