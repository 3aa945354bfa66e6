// The contract of a database. It speaks the domain, so that each engine may do its best; it is no CRUD layer.
// Times are ISO 8601 strings in UTC. Every method is atomic: all of it is committed when its promise resolves.
import type { FoundPage, SenderType, SupportChatListItem, SupportMessage, SupportUser } from '../../protocol/types.ts'
import type { Mail } from './mailer.ts'

/** A person as the host names them */
export interface Person {
  id: string
  email: string
  name: string | null
  /** The page they are on; undefined leaves the stored one */
  page_url?: string | undefined
}

/** A chat's own row with its user's address */
export interface ChatRecord {
  id: string
  user_id: string
  user_email: string
  user_name: string | null
  last_seq: number
  archived_at: string | null
  /** The user has read admin messages up to this seq, an admin user messages up to that one; and since when */
  user_read_seq: number
  user_read_at: string | null
  admin_viewed_seq: number
  admin_viewed_at: string | null
}

export interface NewMessage {
  /** UUIDv7 */
  id: string
  chat_id: string
  content: string
  sender_type: SenderType
  /** The person's id: a client_id belongs to its sender */
  sender_id: string
  sender_name: string | null
  client_id: string | null
  created_at: string
  /** When an e-mail about it is due if it is still unread; null for none */
  notify_at: string | null
}

/** What became of one message of a batch */
export type AppendOutcome =
  | { kind: 'stored'; message: SupportMessage; unarchived: boolean }
  /** The sender had sent this client_id with this content before; nothing was written */
  | { kind: 'repeated'; message: SupportMessage }
  /** The sender had used this client_id for another content */
  | { kind: 'conflict' }
  | { kind: 'no_chat' }

export type PageQuery =
  { after: number; limit: number } | { before: number; limit: number } | { since: string; limit: number }

export interface MessageSlice {
  messages: SupportMessage[]
  /** More lie beyond the slice, in the direction that was asked for */
  has_more: boolean
}

/** A place in the list of chats */
export interface ListCursor {
  /** `last_message_at`, or the e-mail in a search */
  key: string
  id: string
}

export interface ListQuery {
  archived: boolean
  limit: number
  cursor?: ListCursor | undefined
  /** Start of an e-mail address; the list is then in order of addresses */
  email?: string | undefined
}

export interface SearchQuery {
  /** As a person typed it; `parseSearch` says what it means */
  text: string
  limit: number
  /** `next` of the page before */
  cursor?: string | undefined
}

/** What a worker holds until its lease runs out. Who holds a later claim of the same notification has a higher number. */
export interface NotificationClaim {
  id: string
  claim: number
}

export interface ClaimQuery {
  at: string
  /** Milliseconds that a reply stays unread before somebody is told */
  delay: number
  /** Milliseconds that a claim holds */
  lease: number
  /** How many at most */
  limit: number
}

/** A mail that is due and belongs to the caller until the lease runs out */
export interface DueNotification extends NotificationClaim {
  chat_id: string
  person: Person
  /** The newest unread reply */
  message: SupportMessage
  unread: number
  page_url: string | null
  /** How often a mail about these replies was refused */
  refusals: number
}

export type NotificationOutcome =
  | { state: 'sent' }
  /** Not accepted for certain: due again at `retry_at` */
  | { state: 'retry'; retry_at: string; reason: string }
  /** Not accepted for certain, and not tried again; a later reply's mail tells of these too */
  | { state: 'failed'; reason: string }
  /** Maybe accepted: never sent again */
  | { state: 'uncertain'; reason: string }

/** What became of the e-mail about a message */
export interface NotificationRecord {
  /**
   * `pending`: to be sent at `due_at` · `claimed`: somebody prepares it, and holds it until `due_at` · `sending`: handed over at
   * `updated_at`, no answer yet, held until `due_at` · `skipped`: decided against at `updated_at` · the others: ended at `updated_at`
   */
  state: 'pending' | 'claimed' | 'sending' | 'sent' | 'uncertain' | 'failed' | 'skipped'
  due_at: string
  updated_at: string
  address: string | null
  /** How many replies its mail tells of */
  replies: number
  refusals: number
  /** Why it was skipped (`read`, `archived`, `unsubscribed`, `restored`), or what the provider said last */
  reason: string | null
}

export interface NotificationAccount {
  sender_type: SenderType
  read_at: string | null
  /** As it is now */
  archived_at: string | null
  unsubscribed_at: string | null
  /** The one that told of the message or, if none did, the newest that was to; undefined: there was none */
  notification: NotificationRecord | undefined
}

/** Who may no longer use what they were given: `user:ID`, `admin:ID`, or one session, `session:ID` */
export interface Revocation {
  subject: string
  /** What was given out before is no longer good */
  revoked_at: string
}

export interface StoredMail extends Mail {
  id: string
  created_at: string
}

/**
 * The database cannot do it now and may soon: it is locked, full, read-only or away. Whoever asked is told to come back.
 * `cause` is what the driver said.
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

/** What a database answers with */
export interface Pulse {
  /** As it is stored now. Another one than the store was opened with: the database was put back to an earlier state since */
  epoch: string
  /** By the database's own clock */
  time: string
}

export interface Store {
  /** Names the database incarnation, as it was when the store was opened: positions in a chat hold within one */
  readonly epoch: string
  /** Brings the schema up to date; safe to repeat, and done once before a store is handed out */
  migrate(): Promise<void>
  close(): Promise<void>
  /** Reads something small that is stored; rejects unless the database answers */
  ping(): Promise<Pulse>
  /**
   * After the database was put back to an earlier state: positions of before are no longer good, and mails that wait are skipped,
   * since they may have been sent after that state. Servers are to be started anew. @returns the new epoch
   */
  renewEpoch(): Promise<string>

  savePeople(people: Person[], at: string): Promise<void>
  findPerson(id: string): Promise<SupportUser | undefined>
  unsubscribe(personId: string, at: string): Promise<void>

  /** Get or create: one chat per user, however many ask at once. The person must have been saved. */
  openChat(userId: string, id: string, at: string): Promise<ChatRecord>
  findChat(id: string): Promise<ChatRecord | undefined>
  /** Those of them that there are, in any order */
  findChats(ids: string[]): Promise<ChatRecord[]>
  findChatOf(userId: string): Promise<ChatRecord | undefined>
  /** Chats with at least one message, newest first */
  listChats(query: ListQuery): Promise<SupportChatListItem[]>
  listItems(ids: string[]): Promise<SupportChatListItem[]>
  /** Active chats with something unread, counted up to `limit` */
  countUnreadChats(limit: number): Promise<number>
  /** False when it was so already */
  setArchived(chatId: string, archived: boolean, at: string): Promise<boolean>

  /**
   * The one way a message comes to be. In one transaction, in order: seq, message, the chat's counters and last_message_at,
   * unarchive on a user message, one pending notification per chat. Outcomes are in the order of the batch.
   */
  appendMessages(batch: NewMessage[]): Promise<AppendOutcome[]>
  messages(chatId: string, query: PageQuery): Promise<MessageSlice>
  /**
   * Marks what the other side sent as read, up to and with `upTo` (undefined: all there is).
   * Resolves to where `reader` has read to, and whether that moved.
   */
  markRead(
    chatId: string,
    reader: SenderType,
    upTo: number | undefined,
    at: string,
  ): Promise<{ up_to_seq: number; moved: boolean }>
  countUnread(chatId: string): Promise<number>
  newestUnread(chatId: string): Promise<SupportMessage | undefined>

  /**
   * Absent where messages cannot be searched, or were not asked to be: it costs an index that every append keeps. Chats by their
   * newest message that matches, newest first. What it costs is bounded, however many match: a page may be short, or empty, and
   * have a `next`. Where words are that common, a chat may come again on a later page, with an older match. A cursor that is
   * none of the store's finds nothing.
   */
  readonly searchMessages?: (query: SearchQuery) => Promise<FoundPage>

  /**
   * Decides what is due at `at`, from read state, and claims what is to be sent: nobody else gets it while the lease holds. A
   * claim that ran out is due again. One that ran out after it was handed over becomes `uncertain`. A chat has one mail on its
   * way at a time. A reply younger than `delay` moves its notification to when it comes of age.
   * Looks at a bounded number of them: call it again until `nextNotification` lies ahead.
   */
  claimNotifications(query: ClaimQuery): Promise<DueNotification[]>
  /**
   * Decides again, right before the mail's content goes out. True: it is marked as `sending` for good, and held for another
   * `lease` ms. False: it must not go out, because the claim is somebody else's by now or what it says is no longer so; then there
   * is nothing to settle.
   */
  handOverNotification(claim: NotificationClaim, at: string, lease: number): Promise<boolean>
  /** Does nothing when the claim is somebody else's by now. `sent` and `uncertain` come after the handover only. */
  settleNotification(claim: NotificationClaim, outcome: NotificationOutcome, at: string): Promise<void>
  /** When the next one is due, or the next lease runs out */
  nextNotification(): Promise<string | undefined>
  /** What became of the e-mail about this message; undefined: there is no such message */
  explainNotification(messageId: string): Promise<NotificationAccount | undefined>

  /** One per subject: the latest counts, in whatever order they come */
  revoke(revocation: Revocation): Promise<void>
  /** Those of `at` and later, oldest first */
  revocationsSince(at: string): Promise<Revocation[]>
  forgetRevocations(before: string): Promise<void>

  /** The `mailbox:` mailer keeps its mails here */
  saveMail(mail: StoredMail): Promise<void>
  listMails(limit: number): Promise<StoredMail[]>
}
