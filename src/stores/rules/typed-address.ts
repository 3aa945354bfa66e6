// Mails to an address that somebody without an account typed. It may be anybody's, so there are few of them, however many visitors typed it.
import { isVisitor } from '../../protocol/visitor.ts'
import { isoTime } from '../../server/ports/clock.ts'
import type { NotificationKind } from '../../server/ports/store/notifications.ts'
import { TYPED_EVERY } from '../../server/ports/store/visitors.ts'

/** A notification, with what is known of the address to which its mail goes */
export interface TypedRow {
  kind: NotificationKind
  id: string
  user_id: string
  email: string
  typed_mail_id: string | null
  typed_mailed_at: string | null
  typed_unsubscribed_at: string | null
}

const isTyped = ({ kind, user_id }: Pick<TypedRow, 'kind' | 'user_id'>): boolean =>
  kind === 'reply' && isVisitor(user_id)

/** The owner of the address wants no mails about visitors */
export const isUnwanted = (row: TypedRow): boolean => isTyped(row) && row.typed_unsubscribed_at !== null

/** When a mail about a visitor may go to the address; null: now. One that was refused may be tried again */
export function mayGoAt(row: TypedRow, at: string): string | null {
  if (!isTyped(row) || row.typed_mailed_at === null || row.typed_mail_id === row.id) return null
  const free = isoTime(Date.parse(row.typed_mailed_at) + TYPED_EVERY)
  return free > at ? free : null
}

/** The address at which this mail has to take its turn; undefined: there are no turns */
export const turnOf = (row: TypedRow): string | undefined => (isTyped(row) ? row.email : undefined)

/** Turns that were taken at this time or before are over */
export const turnsOver = (at: string): string => isoTime(Date.parse(at) - TYPED_EVERY)
