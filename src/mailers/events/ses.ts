import { MailEventsRefused, type MailEvent, type MailEventReader } from '../../server/ports/mail-events.ts'
import { fieldsOf, listOf, parsed, reasonOf, REFERENCE, textIn, timeIn, type Fields } from './fields.ts'
import { isOfSns, snsSignatures, type Get } from './sns.ts'

export interface SesEventsOptions {
  /** The topic of SNS to which the configuration set publishes: `arn:aws:sns:REGION:ACCOUNT:NAME` */
  topicArn: string
  /** How AWS's certificates are read, and a subscription is confirmed. Default: `fetch` */
  get?: Get
}

const PATIENCE = 10_000
/** Bounces because of earlier ones: https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html */
const SUPPRESSED = new Set(['Suppressed', 'OnAccountSuppressionList'])

/**
 * What Amazon SES tells of mails, by SNS: an event destination of a configuration set with Delivery, Bounce and Complaint. It confirms the
 * subscription by itself.
 * @throws Error when the topic is none
 */
export function sesEvents({ topicArn, get = getText }: SesEventsOptions): MailEventReader {
  if (!/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+(\.fifo)?$/.test(topicArn))
    throw new Error(
      'The webhooks of SES need the ARN of their topic, such as arn:aws:sns:eu-central-1:123456789012:mail',
    )
  const check = snsSignatures(get)
  return {
    name: 'ses',
    async read({ body }) {
      const message = fieldsOf(parsed(body))
      // Anybody may have a topic, and AWS signs for all of them
      if (message['TopicArn'] !== topicArn) throw new MailEventsRefused('It comes from another topic')
      await check(message)
      if (message['Type'] === 'SubscriptionConfirmation') {
        const url = textIn(message, 'SubscribeURL')
        if (!isOfSns(url)) throw new MailEventsRefused('The subscription is not confirmed at AWS')
        await get(url)
      }
      if (message['Type'] !== 'Notification') return []
      return eventsOf(fieldsOf(parsed(textIn(message, 'Message'))))
    },
  }
}

async function getText(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE) })
  if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}`)
  return response.text()
}

function eventsOf(fields: Fields): MailEvent[] {
  const tags = fieldsOf(fieldsOf(fields['mail'])['tags'])[REFERENCE]
  const [reference] = Array.isArray(tags) ? (tags as unknown[]) : []
  const told = typeof reference === 'string' ? toldBy(fields) : undefined
  if (!told || typeof reference !== 'string') return []
  return told.addresses.map(({ address, reason }) => ({
    reference,
    address,
    delivery: told.delivery,
    at: told.at,
    reason: reasonOf(reason),
  }))
}

type Told = Pick<MailEvent, 'delivery' | 'at'> & { addresses: { address: string; reason: string }[] }

function toldBy(fields: Fields): Told | undefined {
  const [delivery, bounce, complaint] = ['delivery', 'bounce', 'complaint'].map((name) => fieldsOf(fields[name]))
  switch (fields['eventType']) {
    case 'Delivery': {
      const recipients = delivery?.['recipients']
      const addresses = Array.isArray(recipients) ? (recipients as unknown[]) : []
      return at(
        delivery,
        'delivered',
        addresses.map((address) => ({ address: String(address), reason: '' })),
      )
    }
    case 'Bounce': {
      if (bounce?.['bounceType'] !== 'Permanent') return undefined
      const kind = SUPPRESSED.has(textIn(bounce, 'bounceSubType')) ? 'suppressed' : 'bounced'
      return at(bounce, kind, recipientsOf(bounce['bouncedRecipients'], 'diagnosticCode'))
    }
    case 'Complaint':
      return at(complaint, 'complained', recipientsOf(complaint?.['complainedRecipients'], ''))
    default:
      return undefined
  }
}

function at(fields: Fields | undefined, delivery: Told['delivery'], addresses: Told['addresses']): Told | undefined {
  const time = fields && timeIn(fields, 'timestamp')
  return time === undefined ? undefined : { delivery, at: time, addresses }
}

const recipientsOf = (list: unknown, reason: string): Told['addresses'] =>
  listOf(list).map((one) => ({ address: textIn(one, 'emailAddress'), reason: textIn(one, reason) }))
