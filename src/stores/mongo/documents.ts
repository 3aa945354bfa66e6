// The documents as they are stored. A chat's document holds what must change together; the rest is small, or history.
import type { CannedReply } from '../../protocol/canned-replies.ts'
import type { StaffMember } from '../../server/ports/store/accounts.ts'
import type { MailBlock, StaffSender } from '../../protocol/types.ts'
import type { SeenColleague } from '../../server/ports/store/colleagues.ts'
import type { NotificationRecord } from '../../server/ports/store/notifications.ts'
import type { WebhookRecord } from '../../server/ports/store/webhooks.ts'
import type { InsertedMessage, MessageRow } from '../message-columns.ts'
import type { ActivityRow } from '../rules/activity.ts'
import type { AnswerRow } from '../rules/answer.ts'
import type { MergeableChat } from '../rules/merge.ts'
import type { NotificationFields } from '../rules/notification.ts'
import type { NumberRow } from '../rules/number-rows.ts'
import type { NewWebhook } from '../rules/webhook.ts'

/** A document that is changed only where its version is as it was read */
export interface Versioned {
  _id: string
  version: number
}

export interface UserDoc extends Versioned {
  email: string
  /** For the search by address */
  email_lower: string
  name: string | null
  /** The name in lower case, from its first four words on; shorter where it has fewer */
  name_keys: { first: string | null; second: string | null; third: string | null; fourth: string | null }
  page_url: string | null
  attributes: string | null
  last_seen_at: string
  unsubscribed_at: string | null
  created_at: string
}

/** A message in its chat's document */
export type MessageDoc = Omit<InsertedMessage, 'chat_id'> & Pick<MessageRow, 'read_at'>

/** A message, or an activity, that was moved out of its chat's document. Its `_id` is `CHAT:SEQ` */
export type Moved<Item> = Item & {
  _id: string
  chat_id: string
  /** The version of the chat from which it was moved: a node that was held up does not put back an older state */
  moved: number
}

export interface MailDoc extends NotificationFields {
  id: string
  created_at: string
  updated_at: string
  delivery: NotificationRecord['delivery']
  delivery_at: string | null
  delivery_reason: string | null
}

/** An ended notification that was moved out of its chat's document */
export type MovedMail = MailDoc & { _id: string; chat_id: string; kind: 'reply' | 'waiting'; moved: number }

/** What is to be done to other documents for something that was decided. Each step may be repeated, by any node */
export interface Effects {
  webhooks: NewWebhook[]
  counts: { id: string; shard: number; rows: NumberRow[] }[]
  /** Marks that also cover messages that were moved out */
  reads: { sender: 'user' | 'admin'; after: number; up_to: number; at: string }[]
  /** Files that a message carries now */
  files: { id: string; message_id: string }[]
  merges: MergedVisitor[]
}

/** A visitor who is an account now */
export interface MergedVisitor {
  visitor: string
  user: string
  /** The chat that is no more; null: there was one alone */
  gone: string | null
  /** What the numbers of messages and webhooks of the chat that is gone go up by */
  seq: number
  position: number
  /** The chat that is gone had no messages, so nobody is told of it */
  forgets_webhooks: boolean
}

export interface ChatDoc extends Versioned, Omit<MergeableChat, 'id' | 'tags'> {
  tags: string[]
  created_at: string
  updated_at: string
  is_archived: boolean
  is_unread: boolean
  last_message_by: StaffSender | null
  /** The newest messages, and activities; older ones are in collections of their own */
  messages: MessageDoc[]
  activities: ActivityRow[]
  mails: { reply: MailDoc[]; waiting: MailDoc[] }
  /** When the next of `mails` is to be looked at; null: none is */
  reply_due_at: string | null
  waiting_due_at: string | null
  answer: Omit<AnswerRow, 'chat_id'> | null
  /** Of the last webhook */
  position: number
  /** Up to where its messages can be searched */
  indexed_seq: number
  /** There are messages that cannot */
  is_behind: boolean
  effects: Effects
  /** Since when there are effects; null: there are none */
  effects_at: string | null
  /** It becomes another chat, or another chat becomes part of it: nothing else changes meanwhile */
  merging: Merging | null
}

/** Written to all chats that a merge touches, the visitor's first */
export interface Merging {
  visitor: string
  user: string
  /** The visitor's chat */
  theirs: string
  /** The account's; null: it has none; undefined: that is not decided yet */
  own?: string | null
  at: string
}

export type WebhookDoc = { _id: string; position: number; claim: number; seq: number | null; releases: boolean } & Omit<
  WebhookRecord,
  'id' | 'user_email'
>

export interface AttachmentDoc {
  _id: string
  /** Null: it is gone */
  chat_id: string | null
  sender_type: 'user' | 'admin'
  sender_id: string
  name: string
  type: string | null
  size: number
  width: number | null
  height: number | null
  client_id: string | null
  /** By which it is found, and which no other file has; a file without a client_id lacks it */
  upload_key?: string
  /** Null: no message carries it */
  message_id: string | null
  /** Who is about to send it: no other message can take it */
  taken_by: string | null
  due_at: string | null
  created_at: string
}

/** The words of a message, in their order. Its `_id` is that of the message, so that it says what came later */
export interface IndexedDoc {
  _id: string
  chat_id: string
  seq: number
  created_at: string
  words: string[]
}

export interface QuotaDoc extends Versioned {
  uploads: { id: string; size: number; at: string }[]
}

export interface BlockDoc extends Versioned, MailBlock {
  unblocked_at: string | null
}

export interface TypedDoc extends Versioned {
  mail_id: string | null
  mailed_at: string | null
  unsubscribed_at: string | null
}

export interface NumberDoc extends NumberRow {
  _id: string
  /** The newest batches that are counted in it */
  applied: string[]
}

export type ColleagueDoc = Versioned & Omit<SeenColleague, 'id'>

/** A chat that is being erased, or was just now. Whoever finds it later erases what a node that was held up left */
export interface ErasureDoc {
  _id: string
  /** Null: the user is erased */
  user_id: string | null
  at: string
}

export interface TeamDoc extends Versioned {
  members: StaffMember[]
}

export type ReplyEntry = Omit<CannedReply, 'body'> & { body_id: string }
export interface RepliesDoc extends Versioned {
  entries: ReplyEntry[]
}
export interface ReplyBodyDoc {
  _id: string
  body: string
}
