import type { SenderType, SupportMessage } from '../../../protocol/types.ts'
import type { Person } from './people.ts'

/** A worker holds a notification until its lease runs out. Each claim of a notification has a higher number than the one before. */
export interface NotificationClaim {
  id: string
  claim: number
}

export interface ClaimQuery {
  at: string
  /** Milliseconds that a reply stays unread before an e-mail is due */
  delay: number
  /** Milliseconds that a claim holds */
  lease: number
  /** Claims at most */
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
  /** Certainly not accepted: due again at `retry_at` */
  | { state: 'retry'; retry_at: string; reason: string }
  /** Certainly not accepted, and not tried again; the mail about a later reply covers these replies too */
  | { state: 'failed'; reason: string }
  /** Maybe accepted: never sent again */
  | { state: 'uncertain'; reason: string }

/**
 * `pending`: to be sent at `due_at` · `claimed`: a worker prepares it, and holds it until `due_at` · `sending`: handed over at
 * `updated_at`, no answer yet, held until `due_at` · `skipped`: decided against at `updated_at` · the others: ended at `updated_at`
 */
export type NotificationState = 'pending' | 'claimed' | 'sending' | 'sent' | 'uncertain' | 'failed' | 'skipped'

/** What became of the e-mail about a message */
export interface NotificationRecord {
  state: NotificationState
  due_at: string
  updated_at: string
  address: string | null
  /** How many replies its mail is about */
  replies: number
  refusals: number
  /** Why it was skipped (`read`, `archived`, `unsubscribed`, `restored`), or the provider's last answer */
  reason: string | null
}

export interface NotificationAccount {
  sender_type: SenderType
  read_at: string | null
  /** As it is now */
  archived_at: string | null
  unsubscribed_at: string | null
  /** The one whose mail was about the message or, when no mail was sent, the newest that covered it; undefined: none did */
  notification: NotificationRecord | undefined
}

export interface NotificationStore {
  /**
   * Decides what is due at `at`, from read state, and claims what is to be sent: no other worker gets it while the lease holds. A
   * claim that ran out is due again. One that ran out after the handover becomes `uncertain`. A chat has one mail on its way at a
   * time. When the oldest unread reply is younger than `delay`, its notification moves to when the reply is that old.
   * Looks at a bounded number of them: call it again until `nextNotification` is in the future.
   */
  claimNotifications(query: ClaimQuery): Promise<DueNotification[]>
  /**
   * Decides again, right before the mail goes out.
   * @param lease milliseconds
   * @returns true: it is marked as `sending` and held for another `lease`. False: it must not go out, because another worker holds
   *   the claim or its content is out of date; there is nothing to settle then
   */
  handOverNotification(claim: NotificationClaim, at: string, lease: number): Promise<boolean>
  /** Does nothing when another worker holds the claim by now. `sent` and `uncertain` only come after the handover. */
  settleNotification(claim: NotificationClaim, outcome: NotificationOutcome, at: string): Promise<void>
  /** When the next one is due, or the next lease runs out */
  nextNotification(): Promise<string | undefined>
  /** What became of the e-mail about this message; undefined: there is no such message */
  explainNotification(messageId: string): Promise<NotificationAccount | undefined>
}
