import {
  StoreUnavailable,
  type ChatRecord,
  type MailBlock,
  type NewMessage,
  type NotificationKind,
  type NotificationRecord,
  type SenderType,
  type StoredMail,
  type SupportMessage,
  type SupportUser,
  type WebhookRecord,
} from 'deskbell/core'

export interface Chat extends Omit<ChatRecord, 'user_email' | 'user_name'> {
  created_at: string
  last_user_seq: number
  last_message_at: string | null
  /** E-mails of a kind have told of the other side's messages up to this seq */
  notified: Record<NotificationKind, number>
  /** The message with seq n is at n − 1 */
  messages: Row[]
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

export class Tables {
  readonly people = new Map<string, SupportUser>()
  readonly unsubscribed = new Map<string, string>()
  readonly chats = new Map<string, Chat>()
  readonly chatOf = new Map<string, Chat>()
  readonly messageIds = new Map<string, Chat>()
  /** Oldest first */
  readonly notifications: Notification[] = []
  /** Oldest first */
  readonly webhooks: Webhook[] = []
  /** Addresses from which a mail came back, or did once */
  readonly blocks = new Map<string, MailBlock & { unblocked_at: string | null }>()
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
