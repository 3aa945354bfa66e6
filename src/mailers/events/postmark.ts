import { createHash, timingSafeEqual } from 'node:crypto'
import type { MailDelivery, MailEvent, MailEventReader } from '../../server/ports/mail-events.ts'
import { UnprovenRequest } from '../../server/ports/unproven-request.ts'
import { checkCredentials } from '../../services/credentials.ts'
import { fieldsOf, parsed, textIn, timeIn, type Fields } from '../fields.ts'
import { reasonOf } from './reason.ts'
import { REFERENCE } from './reference.ts'

export interface PostmarkEventsOptions {
  /** What the URL of the webhook has in front of its host: `https://USER:PASSWORD@example.com/…/mail/events/postmark` */
  user: string
  /** At least 16 characters: Postmark does not sign, so it is all the proof there is */
  password: string
}

const SHORTEST = 16
/** Bounces after which there will be no better one: https://postmarkapp.com/developer/api/bounce-api#bounce-types */
const FOR_GOOD = new Set(['HardBounce', 'BadEmailAddress', 'ManuallyDeactivated'])

/**
 * What Postmark tells of mails (https://postmarkapp.com/developer/webhooks/webhooks-overview): Delivery, Bounce, Spam Complaint and
 * Subscription Change.
 * @throws Error when the password is too short, or the user is missing
 */
export function postmarkEvents({ user, password }: PostmarkEventsOptions): MailEventReader {
  checkCredentials('postmarkEvents', { user, password })
  if (password.length < SHORTEST)
    throw new Error(`The webhooks of Postmark need a password of at least ${SHORTEST} characters`)
  const expected = digest(`Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`)
  return {
    name: 'postmark',
    async read({ headers, body }) {
      if (!timingSafeEqual(digest(headers.get('authorization') ?? ''), expected))
        throw new UnprovenRequest('The user or the password is wrong')
      return eventOf(fieldsOf(parsed(body)))
    },
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

function eventOf(fields: Fields): MailEvent[] {
  const delivery = deliveryOf(fields)
  const at = timeIn(fields, 'BouncedAt') ?? timeIn(fields, 'DeliveredAt') ?? timeIn(fields, 'ChangedAt')
  const reference = textIn(fieldsOf(fields['Metadata']), REFERENCE)
  if (!delivery || !at || reference === '') return []
  const address = textIn(fields, 'Email') || textIn(fields, 'Recipient')
  const said = textIn(fields, 'Details') || textIn(fields, 'Description') || textIn(fields, 'SuppressionReason')
  return [{ reference, address, delivery, at, reason: delivery === 'delivered' ? null : reasonOf(said) }]
}

function deliveryOf(fields: Fields): MailDelivery | undefined {
  switch (fields['RecordType']) {
    case 'Delivery':
      return 'delivered'
    case 'Bounce':
      return FOR_GOOD.has(textIn(fields, 'Type')) || fields['Inactive'] === true ? 'bounced' : undefined
    case 'SpamComplaint':
      return 'complained'
    case 'SubscriptionChange':
      return fields['SuppressSending'] === true ? 'suppressed' : undefined
    default:
      return undefined
  }
}
