// What staff are told of mails to the user of a chat.
import { cutBefore } from '../../protocol/whole-characters.ts'
import type { AboutMail } from './activity.ts'
import type { DeliveryFields, MailedRow } from './mail-event.ts'
import type { NotificationChange, NotificationRow } from './notification.ts'

/** Characters of what a mail service said that staff are shown */
const LONGEST_REASON = 300

/** @returns null: the change is not the end of a mail to the user */
export function mailEnd(
  before: Pick<NotificationRow, 'kind' | 'state'>,
  { fields: { state, address, reason } }: NotificationChange,
): AboutMail | null {
  if (before.kind !== 'reply' || address === null || state === before.state) return null
  if (state === 'sent') return { kind: 'mail_sent', body: { address } }
  if (state !== 'failed' && state !== 'uncertain') return null
  return { kind: 'mail_failed', body: { address, reason: shortened(reason), uncertain: state === 'uncertain' } }
}

/** @returns null: staff know it */
export function mailNews(
  before: MailedRow,
  { state, delivery, delivery_reason: reason }: DeliveryFields,
): AboutMail | null {
  const { address } = before
  if (address === null || delivery === before.delivery) return null
  if (delivery !== 'delivered') return { kind: 'mail_bounced', body: { address, delivery, reason: shortened(reason) } }
  return state === before.state ? null : { kind: 'mail_sent', body: { address } }
}

const shortened = (reason: string | null): string | null =>
  reason === null || reason.length <= LONGEST_REASON
    ? reason
    : `${reason.slice(0, cutBefore(reason, LONGEST_REASON - 1))}…`
