import type { SupportActivity } from '../../../protocol/activity.ts'
import type { Assignee, MailBlock, SenderType, SupportMessage } from '../../../protocol/types.ts'
import type { MailDelivery } from '../mail-events.ts'
import type { Person } from './people.ts'

/** `reply`: an e-mail to a user, about replies of staff · `waiting`: one to staff, about messages of a user */
export type NotificationKind = 'reply' | 'waiting'

/** A worker holds a notification until its lease expires. Each claim of a notification has a higher number than the one before. */
export interface NotificationClaim {
  kind: NotificationKind
  id: string
  /** The chat when it was claimed. It may have become part of another one since */
  chat_id: string
  claim: number
}

export interface ClaimQuery {
  kind: NotificationKind
  at: string
  /** Milliseconds for which a message stays unread before an e-mail is due */
  delay: number
  /** Milliseconds for which a claim is valid */
  lease: number
  /** Maximum number of claims */
  limit: number
  /**
   * Ids of staff. Those chats alone are looked at that are assigned to somebody else; what these people have, or nobody, is left as it
   * is. Undefined: all chats
   */
  online?: readonly string[] | undefined
}

/** A mail that is due, and belongs to the caller until the lease expires */
export interface DueNotification extends NotificationClaim {
  /** The user of the chat */
  person: Person
  /** The newest unread message of the other side */
  message: SupportMessage
  unread: number
  /** Who of staff has the chat; null: nobody */
  assignee: Assignee | null
  page_url: string | null
  /** How often a mail about these messages was refused */
  refusals: number
}

/** A mail that ended as `uncertain`, because its lease ran out after the handover: the process that sent it died, or still waits */
export interface LostNotification {
  chat_id: string
  /** The newest message that the mail was about */
  message_id: string
  reason: string
  /** What staff are told of it; null for a mail to staff */
  activity: SupportActivity | null
}

/** An outcome that was stored */
export interface SettledNotification {
  /** That a mail to the user ended, which staff are told; null: it did not, or it was one to staff */
  activity: SupportActivity | null
}

export interface ClaimedNotifications {
  due: DueNotification[]
  /** Each is told once, to one worker */
  lost: LostNotification[]
}

export type NotificationOutcome =
  | { state: 'sent' }
  /** Certainly not accepted; due again at `retry_at`. `limited`: the provider takes no mails at all now, so it does not count as a refusal */
  | { state: 'retry'; retry_at: string; reason: string; limited?: boolean }
  /** Certainly not accepted, and not sent again. The mail about a later message covers these too */
  | { state: 'failed'; reason: string }
  /** Possibly accepted, so never sent again */
  | { state: 'uncertain'; reason: string }

/**
 * `pending`: due at `due_at` · `claimed`: a worker holds it until `due_at` · `sending`: handed over at `updated_at`, no answer yet,
 * held until `due_at` · `skipped`: the server decided at `updated_at` not to send it · the others: ended at `updated_at`
 */
export type NotificationState = 'pending' | 'claimed' | 'sending' | 'sent' | 'uncertain' | 'failed' | 'skipped'

/** The state of the e-mail about a message */
export interface NotificationRecord {
  state: NotificationState
  due_at: string
  updated_at: string
  /** Null for a mail to staff: the host says who gets it */
  address: string | null
  /** How many messages the mail is about */
  replies: number
  refusals: number
  /**
   * Why it was skipped (`read`, `archived`, `unsubscribed`, `no_address`, `restored`, or a `MailBlock`'s kind), or the provider's last
   * answer
   */
  reason: string | null
  /** What became of it after it was sent, as far as the mail service told */
  delivery: MailDelivery | null
  delivery_at: string | null
  delivery_reason: string | null
}

export interface NotificationAccount {
  sender_type: SenderType
  /** When the other side read it, or staff viewed it */
  read_at: string | null
  /** Staff wrote after it */
  answered: boolean
  /** Of the person, now */
  email: string
  /** The current state, not that at the time of the decision */
  archived_at: string | null
  unsubscribed_at: string | null
  /** Why no mails go to the address, now; null: they do */
  mail_block: MailBlock | null
  /** The notification whose mail was about the message; without a mail, the newest that covered it; undefined: none did */
  notification: NotificationRecord | undefined
}

/**
 * A chat has a queue of each kind, and they know nothing of each other. A reply is unread until the user's read mark passes it. A user's
 * message is unread until staff's mark passes it, or staff write after it.
 */
export interface NotificationStore {
  /**
   * Decides from the read marks what is due at `at`, and claims what is to be sent: no other worker gets it during the lease. There is
   * no mail about an archived chat, and none to a user without an e-mail address (`isEmailAddress`) or who unsubscribed. A claim
   * that expired is due again. One that expired after the handover becomes `uncertain`. A chat has at most one mail of a
   * kind in delivery. When the oldest unread message is younger than `delay`, its notification moves to the time when it is that old.
   * Handles a bounded number of notifications: call it again until `nextNotification` is in the future.
   */
  claimNotifications(query: ClaimQuery): Promise<ClaimedNotifications>
  /**
   * Decides again, right before the mail is sent.
   * @param lease milliseconds
   * @returns true: it is marked as `sending` and held for another `lease`. False: it must not be sent, because another worker holds
   *   the claim or its content is out of date; do not settle it then
   */
  handOverNotification(claim: NotificationClaim, at: string, lease: number): Promise<boolean>
  /**
   * Stores the outcome, with the activity of a mail to the user that ended. `sent` and `uncertain` only come after the handover.
   * @returns undefined: nothing changed, because another worker holds the claim, or it ended as `uncertain` and this is no better news
   */
  settleNotification(
    claim: NotificationClaim,
    outcome: NotificationOutcome,
    at: string,
  ): Promise<SettledNotification | undefined>
  /** When the next notification is due, or the next lease expires */
  nextNotification(kind: NotificationKind): Promise<string | undefined>
  /** The state of the e-mail about this message, to whichever side; undefined: the message does not exist */
  explainNotification(messageId: string): Promise<NotificationAccount | undefined>
}
