import type { MailDelivery, MailEvent, MailEventReader } from '../../server/ports/mail-events.ts'
import { fieldsOf, listOf, parsed, textIn, timeIn, type Fields } from '../fields.ts'
import { checkCredentials } from '../../services/credentials.ts'
import { standardWebhook } from '../proof/standard-webhook.ts'
import { reasonOf } from './reason.ts'
import { REFERENCE } from './reference.ts'

export interface ResendEventsOptions {
  /** The signing secret of the webhook: `whsec_…` */
  secret: string
}

/**
 * What Resend tells of mails, by Standard Webhooks (https://resend.com/docs/dashboard/webhooks/introduction).
 * @throws Error when the secret is none
 */
export function resendEvents({ secret }: ResendEventsOptions): MailEventReader {
  checkCredentials('resendEvents', { secret })
  const check = standardWebhook(secret)
  return {
    name: 'resend',
    async read({ headers, body }) {
      check(headers, body)
      return eventOf(fieldsOf(parsed(body)))
    },
  }
}

function eventOf(fields: Fields): MailEvent[] {
  const data = fieldsOf(fields['data'])
  const bounce = fieldsOf(data['bounce'])
  const delivery = deliveryOf(textIn(fields, 'type'), textIn(bounce, 'type'))
  const at = timeIn(fields, 'created_at')
  const reference = tagOf(data['tags'])
  const to = data['to']
  const [address] = Array.isArray(to) ? (to as unknown[]) : [to]
  if (!delivery || !at || reference === '' || typeof address !== 'string') return []
  const said = textIn(bounce, 'message') || textIn(fieldsOf(data['suppressed']), 'message')
  return [{ reference, address, delivery, at, reason: reasonOf(said) }]
}

/** Sent as a list of names and values, and told as an object */
function tagOf(tags: unknown): string {
  const one = listOf(tags).find(({ name }) => name === REFERENCE)
  return one ? textIn(one, 'value') : textIn(fieldsOf(tags), REFERENCE)
}

function deliveryOf(type: string, bounce: string): MailDelivery | undefined {
  switch (type) {
    case 'email.delivered':
      return 'delivered'
    case 'email.bounced':
      return bounce === 'Transient' ? undefined : 'bounced'
    case 'email.complained':
      return 'complained'
    case 'email.suppressed':
      return 'suppressed'
    default:
      return undefined
  }
}
