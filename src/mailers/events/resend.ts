import { createHmac, timingSafeEqual } from 'node:crypto'
import {
  MailEventsRefused,
  type MailDelivery,
  type MailEvent,
  type MailEventReader,
} from '../../server/ports/mail-events.ts'
import { fieldsOf, listOf, parsed, reasonOf, REFERENCE, textIn, timeIn, type Fields } from './fields.ts'

export interface ResendEventsOptions {
  /** The signing secret of the webhook: `whsec_…` */
  secret: string
}

/** Milliseconds that a clock may differ: https://github.com/standard-webhooks/standard-webhooks */
const TOLERANCE = 5 * 60_000

/**
 * What Resend tells of mails, by Standard Webhooks (https://resend.com/docs/dashboard/webhooks/introduction).
 * @throws Error when the secret is none
 */
export function resendEvents({ secret }: ResendEventsOptions): MailEventReader {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  if (!secret.startsWith('whsec_') || key.length === 0)
    throw new Error('The webhooks of Resend need their signing secret, which begins with whsec_')
  return {
    name: 'resend',
    async read({ headers, body }) {
      const [id = '', timestamp = '', signatures = ''] = ['id', 'timestamp', 'signature'].map(
        (name) => headers.get(`svix-${name}`) ?? undefined,
      )
      const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest()
      // While a secret is replaced, there is one for each
      const isSigned = signatures.split(' ').some((one) => isSame(one, expected))
      if (!isSigned) throw new MailEventsRefused('The signature is wrong')
      if (!(Math.abs(Date.now() - Number(timestamp) * 1_000) < TOLERANCE))
        throw new MailEventsRefused('It is too old, or a clock is wrong')
      return eventOf(fieldsOf(parsed(body)))
    },
  }
}

function isSame(signature: string, expected: Buffer): boolean {
  const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64')
  return signature.startsWith('v1,') && given.length === expected.length && timingSafeEqual(given, expected)
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
