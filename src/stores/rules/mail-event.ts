// What an event of a mail service changes. Events come late, twice and in any order.
import { plainAddress } from '../../protocol/email-address.ts'
import type { MailBlock } from '../../protocol/types.ts'
import type { MailDelivery, MailEvent } from '../../server/ports/mail-events.ts'
import type { NotificationState } from '../../server/ports/store/notifications.ts'

/** The mail that an event is about */
export interface MailedRow {
  state: NotificationState
  address: string | null
  delivery: MailDelivery | null
  delivery_at: string | null
}

/** What is known about an address */
export interface BlockRow {
  at: string
  unblocked_at: string | null
}

export interface DeliveryFields {
  state: NotificationState
  delivery: MailDelivery
  delivery_at: string
  delivery_reason: string | null
}

/** The states in which a service may have the mail */
const HANDED_OVER: ReadonlySet<NotificationState> = new Set(['sending', 'sent', 'uncertain'])

/** @returns undefined: nothing changes */
export function decideMailEvent(row: MailedRow, event: MailEvent, now: string): DeliveryFields | undefined {
  if (!HANDED_OVER.has(row.state) || row.address === null || plainAddress(row.address) !== plainAddress(event.address))
    return undefined
  const at = event.at < now ? event.at : now
  const isNews =
    row.delivery === null ||
    // Any other outcome outweighs `delivered`
    (event.delivery !== 'delivered' &&
      (row.delivery === 'delivered' || row.delivery_at === null || row.delivery_at < at))
  if (!isNews) return undefined
  return {
    // A service that reports on a mail has received it
    state: row.state === 'uncertain' ? 'sent' : row.state,
    delivery: event.delivery,
    delivery_at: at,
    delivery_reason: event.reason,
  }
}

/** Why an address gets no more mails; undefined: it does */
export const blockOf = ({ delivery, delivery_at, delivery_reason }: DeliveryFields): MailBlock | undefined =>
  delivery === 'delivered' ? undefined : { kind: delivery, at: delivery_at, reason: delivery_reason }

/** Whether a block of an address is newer than all that is known */
export const isNewBlock = ({ at }: MailBlock, known: BlockRow | undefined): boolean =>
  !known || (known.at < at && (known.unblocked_at === null || known.unblocked_at < at))
