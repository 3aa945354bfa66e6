// What an event of a mail service changes. Events come late, twice and in any order.
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
  if (!HANDED_OVER.has(row.state) || row.address === null || !isSameAddress(row.address, event.address))
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

/** Whether what became of a mail stops further ones to its address */
export const blocks = ({ delivery, delivery_at: at }: DeliveryFields, known: BlockRow | undefined): boolean =>
  delivery !== 'delivered' && (!known || (known.at < at && (known.unblocked_at === null || known.unblocked_at < at)))

/** Services change the case of addresses, and write domains as DNS has them */
const isSameAddress = (a: string, b: string): boolean => plain(a) === plain(b)

function plain(address: string): string {
  const at = address.lastIndexOf('@')
  const domain = `http://${address.slice(at + 1)}`
  return (address.slice(0, at + 1) + (URL.canParse(domain) ? new URL(domain).hostname : domain)).toLowerCase()
}
