// The types of a chat's data as clients see them. Names and types are the specification's, with `seq`, `client_id` and a few others added.
import type { ActivitySlice } from './activity.ts'
import type { DeskAssistant } from './assistant.ts'
import type { AttachmentLimits, SupportAttachment } from './attachments.ts'
import type { Listening } from './listening.ts'
import type { SupportRating } from './ratings.ts'

export type SenderType = 'user' | 'admin'

export interface SupportMessage {
  /** UUIDv7, made by the server */
  id: string
  /** Position in its chat: 1..n without gaps, in commit order */
  seq: number
  /** Plain text, at most 10,000 characters. Not empty, unless there are attachments */
  content: string
  sender_type: SenderType
  /** Name of the person who sent it, when known */
  sender_name: string | null
  /** The id that the sender's client gave it; null without one */
  client_id: string | null
  /** When the other side read it, ISO 8601; null while unread */
  read_at: string | null
  /** ISO 8601; never earlier than that of the previous message */
  created_at: string
  /** Files, in the order in which the sender named them */
  attachments: SupportAttachment[]
  /** Not a person wrote it, but a machine in the name of staff. Left out where a person did */
  automated?: true
}

/** `GET support_chat` */
export interface SupportChat {
  id: string
  /** The newest page, oldest first */
  messages: SupportMessage[]
  /** Older messages exist before the first one here */
  has_more: boolean
  /** Changes when the database is restored: a position (`seq`) is valid only within one epoch */
  epoch: string
  /** Admin messages that the user has not read, in the whole chat */
  unread_count: number
  /** Replies that the user does not read go to them by e-mail: they have an address, and want mails */
  replies_by_email: boolean
  /** Files that a message may carry; null: none */
  attachments: AttachmentLimits | null
  /** When nobody of staff answers: the time that has begun, or the next one. Null: the host has set no hours */
  closed: ClosedPeriod | null
  /** What to listen to instead of connecting to this server */
  realtime?: Listening
}

/** A time outside the hours of staff, ISO 8601 */
export interface ClosedPeriod {
  from: string
  /** When they are back */
  until: string
}

/** `GET` and `POST support_chat/contact`: how the user can be reached. What a visitor says is unverified */
export interface VisitorContact {
  /** Empty: none */
  email: string
  name: string | null
}

/** `GET support_chat/unread` */
export interface OwnUnread {
  /** Null: the user has no chat yet */
  chat_id: string | null
  /** Admin messages that the user has not read */
  unread_count: number
  /** The newest of them */
  newest_unread: SupportMessage | null
}

/** `PATCH support_chat/mark_read`, `POST admin/chats/:id/mark_viewed` */
export interface MarkedRead {
  /** The caller has read what the other side sent, up to this seq */
  up_to_seq: number
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

/** Who of staff a chat is assigned to. Only staff see it */
export interface Assignee {
  /** As the host names them */
  id: string
  /** As it was when the chat was assigned to them; null: unknown */
  name: string | null
}

/** Who of staff wrote a message. Only staff see it */
export interface StaffSender {
  /** As the host names them */
  id: string
  /** As it was when they wrote; null: unknown */
  name: string | null
  /** Not a person wrote, but a machine in the name of staff. Left out where a person did */
  automated?: true
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
  /** Who of staff wrote the last message; null: the user did, or nobody */
  last_message_by: StaffSender | null
  message_count: number
  /** The user sent a message after staff last viewed the chat */
  unread: boolean
  archived: boolean
  /** Null: nobody has it */
  assignee: Assignee | null
  /** In order of their characters */
  tags: string[]
  /** How the user rated the help last; null: they did not */
  rating: SupportRating | null
  /** Since when nothing of the user is taken in, ISO 8601; null: it is */
  blocked_at: string | null
  /** When the first message was written that nobody of staff has answered, ISO 8601; null: none waits */
  waiting_since: string | null
}

/** `GET admin/chats/:id` */
export interface AdminSupportChat {
  id: string
  user_id: string
  user_email: string
  archived: boolean
  /** Null: nobody has it */
  assignee: Assignee | null
  /** In order of their characters */
  tags: string[]
  /** How the user rated the help last; null: they did not */
  rating: SupportRating | null
  /** Since when nothing of the user is taken in, ISO 8601; null: it is */
  blocked_at: string | null
  messages: SupportMessage[]
  has_more: boolean
  epoch: string
  user: SupportUser
  /** Why the user's address gets no e-mails; null: it does */
  mail_block: MailBlock | null
  /** Since when the user wants no e-mails, ISO 8601; null: they did not unsubscribe */
  unsubscribed_at: string | null
  user_online: boolean
  /** The user has read admin messages up to this seq */
  user_read_seq: number
  /** The newest page of what only staff see, oldest first */
  activity: ActivitySlice
  /** Files that a message may carry; null: none */
  attachments: AttachmentLimits | null
  /** What to listen to instead of connecting to this server */
  realtime?: Listening
  /** Left out where there is none */
  assistant?: DeskAssistant
}

/** `POST admin/chats/:id/archive`, `POST admin/chats/:id/unarchive` */
export interface ArchivedChat {
  id: string
  archived: boolean
}

/** `POST admin/users/:id/block`, `POST admin/users/:id/unblock` */
export interface BlockedUser {
  /** The user's, as the host names them */
  id: string
  chat_id: string
  /** ISO 8601; null: they are not blocked */
  blocked_at: string | null
}

/** `POST admin/chats/:id/assign`: who has the chat now, which a colleague may have decided meanwhile */
export interface AssignedChat {
  id: string
  assignee: Assignee | null
}

/** Somebody who was here with the role of staff */
export interface Colleague {
  id: string
  name: string | null
  /** They have the desk open */
  online: boolean
}

/** `GET admin/staff` */
export interface Colleagues {
  /** By name; of more than 200, those who were here last */
  staff: Colleague[]
}

/** What the host says about a person beside their name, such as `{ plan: 'Pro', seats: 12 }`, in the order to show it. Only staff see it */
export type Attributes = Record<string, string | number | boolean>

/** The user of a chat, as far as the host has described them. Only staff see it */
export interface SupportUser {
  id: string
  email: string
  name: string | null
  /** ISO 8601 */
  first_seen_at: string
  /** ISO 8601; accurate to the minute */
  last_seen_at: string
  /** The page on which the person last used the chat, http(s) only */
  page_url: string | null
  /** What the host says about the person, such as their plan, in the order to show it */
  attributes: Attributes
}

/** Somebody who was here as a user, or of whom the host told */
export interface FoundPerson {
  /** As the host names them */
  id: string
  /** Empty: unknown */
  email: string
  name: string | null
  /** ISO 8601; accurate to the minute */
  last_seen_at: string
  /** Null: they have no chat yet */
  chat_id: string | null
}

/** `GET admin/people?q=…` */
export interface FoundPeople {
  /** At most 20: by name first, then by address, then by another word of the name */
  people: FoundPerson[]
}

/** Why no e-mails go to an address any more. Only staff see it */
export interface MailBlock {
  /** A mail came back for good, was reported as spam, or was held back by the mail service because of one of these */
  kind: 'bounced' | 'complained' | 'suppressed'
  /** ISO 8601 */
  at: string
  /** What the mail service said */
  reason: string | null
}

/** `POST admin/chats/:id/unblock_mail` */
export interface UnblockedMail {
  id: string
  mail_block: null
}

/** `POST admin/chats/:id/resubscribe` */
export interface ResubscribedUser {
  id: string
  unsubscribed_at: null
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
  /** The newest matching message */
  message: SupportMessage
}

/** `GET admin/messages?q=…`: chats in order of their newest match. A later page may repeat a chat with an older match */
export interface FoundPage {
  found: FoundMessage[]
  /** Pass it as `cursor` to get older matches; null on the last page */
  next: string | null
  /**
   * ISO 8601; how far back the search looked when it stopped before the page was full, because the words are too common. Request
   * the next page to continue from there. Null when it did not stop early.
   */
  searched_to: string | null
}

/** `POST support_chat/visitor` */
export interface MergedVisitor {
  /** False: there was nothing to merge, or it was merged before */
  merged: boolean
}
