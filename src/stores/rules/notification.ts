// The state machine of the delayed e-mail: row + facts → change. An engine reads the row and the facts in one transaction that holds
// the chat, and writes the change. A notification is about what one side wrote of `after_seq < seq <= up_to_seq` in its chat: staff's
// replies for a mail to the user, the user's messages for one to staff.
import { isEmailAddress } from '../../protocol/email-address.ts'
import type { MailBlock, SupportMessage } from '../../protocol/types.ts'
import { isoTime } from '../../server/ports/clock.ts'
import type {
  ClaimQuery,
  DueNotification,
  NotificationClaim,
  NotificationKind,
  NotificationOutcome,
  NotificationState,
} from '../../server/ports/store/notifications.ts'
import { assigneeFrom, type AssigneeColumns } from './assignee.ts'
import { isUnwanted, mayGoAt, turnOf, turnsOver, type TypedRow } from './typed-address.ts'

/** What a change writes */
export interface NotificationFields {
  state: NotificationState
  /** When it is to be looked at: the mail is due, or the lease of its holder runs out */
  due_at: string
  after_seq: number
  up_to_seq: number
  address: string | null
  claim: number
  refusals: number
  reason: string | null
}

/** A notification with what its chat and its person say about it */
export interface NotificationRow extends NotificationFields, TypedRow, AssigneeColumns {
  kind: NotificationKind
  id: string
  chat_id: string
  user_id: string
  email: string
  name: string | null
  page_url: string | null
  unsubscribed_at: string | null
  /** Why no mails go to the address; null: they do */
  block: MailBlock['kind'] | null
  archived_at: string | null
  last_seq: number
  /** The user read up to here; or staff viewed it, or wrote after it */
  seen_seq: number
  /** Mails of this kind were about the messages up to here */
  notified_seq: number
  /** When the chat's pending notification of this kind is due, which may be this one; null: there is none */
  pending_due_at: string | null
}

/** The messages after `unmailedAfter` that are unread */
export interface UnreadMessages {
  count: number
  /** When the first of them was written; null: there is none */
  oldest: string | null
  newest: SupportMessage | undefined
}

/** The messages that a claimed notification is about, as they are now */
export interface MailedMessages {
  mailed: number
  unread: number
}

export interface NotificationChange {
  fields: NotificationFields & { updated_at: string }
  /** Before it is written, the chat's pending notification is deleted: this one is about its messages too */
  replacesPending: boolean
  /** The chat's new `notified_seq`; undefined: it stays */
  notifiedSeq?: number
}

/** A mail to a visitor goes out only where it is the turn of its address: see `VisitorStore` */
export interface Turn {
  address: string
  /** The turn is free where the last mail went at this time or before, or was of this notification */
  over: string
  /** What to write where it is not free */
  otherwise: NotificationChange
}

/** Notifications that one call of `claimNotifications` looks at, when there is nothing to send for many of them */
export const MAX_LOOKED_AT = 100

/** Why a mail is uncertain whose lease ran out after the handover */
export const LOST = 'the sender was lost before the provider answered'

/** The highest seq that was seen or was in a mail; later messages still need one */
export const unmailedAfter = ({ seen_seq, notified_seq }: NotificationRow): number => Math.max(seen_seq, notified_seq)

/** Decides about a notification that is due: skip it, move it, claim it, or end it as uncertain. @returns `due` when it is claimed */
export function decideClaim(
  row: NotificationRow,
  { count, oldest, newest }: UnreadMessages,
  { at, delay, lease }: ClaimQuery,
): { change: NotificationChange; due?: DueNotification } {
  // Its lease ran out after the handover
  if (row.state === 'sending') return { change: change(row, at, { state: 'uncertain', reason: LOST }) }
  // After a lost claim this notification covers all unread messages, also those of the newer pending one, which it replaces
  const replacesPending = row.state === 'claimed' && row.pending_due_at !== null
  const decided = (fields: Partial<NotificationFields>) => ({ ...change(row, at, fields), replacesPending })

  const obstacle = obstacleOf(row)
  if (obstacle !== null || oldest === null || newest === undefined) {
    // The decision covers everything there is; `why` asks which messages those were
    const range = { after_seq: row.notified_seq, up_to_seq: row.last_seq }
    return { change: decided({ ...range, state: 'skipped', reason: obstacle ?? 'read' }) }
  }
  // The message that started the delay has been read. The oldest one that is still unread gets its full delay
  const fullDelay = isoTime(Date.parse(oldest) + delay)
  if (fullDelay > at) return { change: decided({ state: 'pending', due_at: fullDelay, refusals: 0, reason: null }) }

  const turn = mayGoAt(row, at)
  if (turn !== null) return { change: decided({ state: 'pending', due_at: turn, refusals: 0, reason: null }) }

  const claim = row.claim + 1
  // A new message gets as many tries as any other
  const refusals = row.up_to_seq < newest.seq ? 0 : row.refusals
  const { kind, id, chat_id, user_id, email, name, page_url } = row
  return {
    change: decided({
      state: 'claimed',
      due_at: isoTime(Date.parse(at) + lease),
      after_seq: unmailedAfter(row),
      up_to_seq: newest.seq,
      address: addressOf(row),
      claim,
      refusals,
      reason: refusals === 0 ? null : row.reason,
    }),
    due: {
      kind,
      id,
      claim,
      chat_id,
      person: { id: user_id, email, name },
      message: newest,
      unread: count,
      assignee: assigneeFrom(row),
      page_url,
      refusals,
    },
  }
}

/**
 * Decides right before the mail goes out.
 * @returns the mail may go out when the change's state is `sending`; undefined: the claim is another worker's
 */
export function decideHandover(
  row: NotificationRow,
  { claim }: NotificationClaim,
  { mailed, unread }: MailedMessages,
  at: string,
  lease: number,
): NotificationChange | undefined {
  if (row.claim !== claim || row.state !== 'claimed') return undefined
  const obstacle = obstacleOf(row) ?? (unread === 0 ? 'read' : null)
  if (obstacle !== null) return change(row, at, { state: 'skipped', reason: obstacle })
  // Some of the mail's messages were read meanwhile, or the person has another address: it is dropped, and a new one is scheduled
  if (unread < mailed || row.address !== addressOf(row))
    return { ...change(row, at, reopened(row, at)), replacesPending: row.pending_due_at !== null }
  return {
    ...change(row, at, { state: 'sending', due_at: isoTime(Date.parse(at) + lease) }),
    notifiedSeq: row.up_to_seq,
  }
}

/** For a mail that `decideHandover` lets out. @returns undefined: it needs no turn */
export function turnAt(row: NotificationRow, at: string): Turn | undefined {
  const address = turnOf(row)
  if (address === undefined) return undefined
  // The next look finds out when the turn comes
  const otherwise = { ...change(row, at, reopened(row, at)), replacesPending: row.pending_due_at !== null }
  return { address, over: turnsOver(at), otherwise }
}

/** Decides what the provider's answer means. @returns undefined: nothing changes */
export function decideOutcome(
  row: NotificationRow,
  { claim }: NotificationClaim,
  outcome: NotificationOutcome,
  at: string,
): NotificationChange | undefined {
  if (row.claim !== claim || !HELD.has(row.state)) return undefined
  // Once it was given up as uncertain, only good news is of use
  if (row.state === 'uncertain' && outcome.state !== 'sent') return undefined
  if (outcome.state === 'sent') return change(row, at, { state: 'sent', reason: null })
  if (outcome.state === 'uncertain') return change(row, at, { state: 'uncertain', reason: outcome.reason })
  // It was not accepted, so its messages are to be in a mail again
  const untold = row.state === 'sending' ? { notifiedSeq: row.after_seq } : {}
  const counts = outcome.state === 'failed' || outcome.limited !== true
  const refused = { refusals: row.refusals + Number(counts), reason: outcome.reason }
  if (outcome.state === 'failed') return { ...change(row, at, { ...refused, state: 'failed' }), ...untold }
  return {
    ...change(row, at, { ...refused, ...reopened(row, outcome.retry_at) }),
    ...untold,
    replacesPending: row.pending_due_at !== null,
  }
}

/** The states in which a worker that claimed it may settle it */
const HELD: ReadonlySet<NotificationState> = new Set(['claimed', 'sending', 'uncertain'])

/** Why no mail is sent, even if messages are unread; null: nothing prevents it */
function obstacleOf(row: NotificationRow): string | null {
  const { kind, email, unsubscribed_at, block, archived_at } = row
  if (kind === 'reply' && !isEmailAddress(email)) return 'no_address'
  if ((kind === 'reply' && unsubscribed_at !== null) || isUnwanted(row)) return 'unsubscribed'
  if (kind === 'reply' && block !== null) return block
  return archived_at === null ? null : 'archived'
}

/** Of the user; whom of staff a mail goes to is the host's to say */
const addressOf = ({ kind, email }: NotificationRow): string | null => (kind === 'reply' ? email : null)

/** Due again, together with what came since */
const reopened = ({ pending_due_at }: NotificationRow, dueAt: string) =>
  ({ state: 'pending', due_at: pending_due_at !== null && pending_due_at < dueAt ? pending_due_at : dueAt }) as const

function change(row: NotificationRow, at: string, fields: Partial<NotificationFields>): NotificationChange {
  const { state, due_at, after_seq, up_to_seq, address, claim, refusals, reason } = row
  const kept: NotificationFields = { state, due_at, after_seq, up_to_seq, address, claim, refusals, reason }
  return { fields: { ...kept, ...fields, updated_at: at }, replacesPending: false }
}
