import { createPublicKey, verify, type KeyObject } from 'node:crypto'
import type { MailDelivery, MailEvent, MailEventReader } from '../../server/ports/mail-events.ts'
import { UnprovenRequest } from '../../server/ports/unproven-request.ts'
import { listOf, parsed, textIn, timeIn, type Fields } from '../fields.ts'
import { reasonOf } from './reason.ts'
import { REFERENCE } from './reference.ts'

export interface SendgridEventsOptions {
  /** The verification key of the signed event webhook, in base64 as SendGrid shows it */
  publicKey: string
}

/**
 * What SendGrid tells of mails, by its signed event webhook
 * (https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features).
 * @throws Error when the key is none
 */
export function sendgridEvents({ publicKey }: SendgridEventsOptions): MailEventReader {
  const key = keyOf(publicKey)
  return {
    name: 'sendgrid',
    async read({ headers, body }) {
      const signature = headers.get('x-twilio-email-event-webhook-signature') ?? ''
      const timestamp = headers.get('x-twilio-email-event-webhook-timestamp') ?? ''
      if (!verify('sha256', Buffer.from(timestamp + body), key, Buffer.from(signature, 'base64')))
        throw new UnprovenRequest('The signature is wrong')
      return listOf(parsed(body)).flatMap(eventOf)
    },
  }
}

function keyOf(publicKey: string): KeyObject {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
    if (key.asymmetricKeyType === 'ec') return key
  } catch {
    // Told below
  }
  throw new Error('The webhooks of SendGrid need its verification key, in base64')
}

function eventOf(fields: Fields): MailEvent[] {
  const delivery = deliveryOf(fields)
  const at = timeIn(fields, 'timestamp')
  const reference = textIn(fields, REFERENCE)
  if (!delivery || !at || reference === '') return []
  const reason = delivery === 'delivered' ? null : reasonOf(textIn(fields, 'reason'))
  return [{ reference, address: textIn(fields, 'email'), delivery, at, reason }]
}

function deliveryOf(fields: Fields): MailDelivery | undefined {
  switch (fields['event']) {
    case 'delivered':
      return 'delivered'
    case 'bounce':
      // Others are blocked for now, and may be taken another time
      return fields['type'] === 'blocked' ? undefined : 'bounced'
    case 'spamreport':
      return 'complained'
    case 'dropped':
      return 'suppressed'
    default:
      return undefined
  }
}
