import {
  StoreUnavailable,
  type CannedReply,
  type CountedNumber,
  type ChatRecord,
  type MailBlock,
  type NewMessage,
  type NewUpload,
  type NotificationKind,
  type NotificationRecord,
  type SeenColleague,
  type SenderType,
  type StoredMail,
  type SupportActivity,
  type SupportMessage,
  type TagNumber,
  type SupportRating,
  type SupportUser,
  type WebhookRecord,
} from 'deskbell/core'

export interface Chat extends Omit<ChatRecord, 'user_email' | 'user_name' | 'last_activity_seq'> {
  created_at: string
  last_user_seq: number
  waiting_since: string | null
  last_message_at: string | null
  tags: string[]
  rating: SupportRating | null
  ratedFor: RatedFor | null
  /** E-mails of a kind have told of the other side's messages up to this seq */
  notified: Record<NotificationKind, number>
  /** The message with seq n is at n − 1 */
  messages: Row[]
  /** The same */
  activities: SupportActivity[]
}

/** Whom the numbers counted a rating for */
export interface RatedFor {
  tags: string[]
  agent: Pick<CountedNumber, 'agent_id' | 'agent_name'>
}

export interface Row {
  message: SupportMessage
  sender_id: NewMessage['sender_id']
}

export interface Notification extends Omit<NotificationRecord, 'replies'> {
  kind: NotificationKind
  id: string
  chat_id: string
  claim: number
  /** It is about messages after the first and up to the second */
  after_seq: number
  up_to_seq: number
}

export interface Webhook extends Omit<WebhookRecord, 'user_email'> {
  seq: number | null
  claim: number
}

export interface Attachment extends Omit<NewUpload, 'chat_id' | 'due_at'> {
  /** Null: it is gone */
  chat_id: string | null
  /** Null: its content is not here yet */
  type: string | null
  width: number | null
  height: number | null
  client_id: string | null
  message_id: string | null
  due_at: string | null
  is_counted: boolean
}

export class Tables {
  readonly people = new Map<string, SupportUser>()
  readonly unsubscribed = new Map<string, string>()
  readonly chats = new Map<string, Chat>()
  readonly chatOf = new Map<string, Chat>()
  readonly messageIds = new Map<string, Chat>()
  /** Oldest first */
  readonly notifications: Notification[] = []
  /** By chat */
  readonly answers = new Map<string, { seq: number; claim: number; due_at: string }>()
  /** Oldest first */
  readonly webhooks: Webhook[] = []
  /** Addresses from which a mail came back, or did once */
  readonly blocks = new Map<string, MailBlock & { unblocked_at: string | null }>()
  /** Who was here as staff */
  readonly colleagues = new Map<string, SeenColleague>()
  /** Until when what counts together is used up (ms since 1970) */
  readonly allowances = new Map<string, number>()
  /** Addresses that visitors typed */
  readonly typed = new Map<string, { mail_id?: string; mailed_at?: string; unsubscribed_at?: string | undefined }>()
  readonly replies = new Map<string, CannedReply>()
  readonly attachments = new Map<string, Attachment>()
  readonly numbers = new Map<string, CountedNumber>()
  readonly tagNumbers = new Map<string, TagNumber & { day: string }>()
  readonly revocations = new Map<string, string>()
  /** Newest first */
  readonly mails: StoredMail[] = []
  epoch = newEpoch()
  #closed = false

  /** @throws StoreUnavailable once the store is closed */
  get open(): this {
    if (this.#closed) throw new StoreUnavailable('The store is closed')
    return this
  }

  close(): void {
    this.#closed = true
  }
}

export const newEpoch = (): string => crypto.randomUUID().slice(-12)

/** One side's messages of a chat that the other has not read, after `seq` */
export const unreadAfter = ({ messages }: Chat, seq: number, sender: SenderType): SupportMessage[] =>
  messages
    .slice(seq)
    .map(({ message }) => message)
    .filter(({ sender_type, read_at }) => sender_type === sender && read_at === null)
