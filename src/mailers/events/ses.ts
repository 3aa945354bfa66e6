import type { MailEvent, MailEventReader } from '../../server/ports/mail-events.ts'
import { fieldsOf, listOf, textIn, textsOf, timeIn, type Fields } from '../fields.ts'
import { snsTopic, type SnsTopicOptions } from '../proof/sns.ts'
import { reasonOf } from './reason.ts'
import { REFERENCE } from './reference.ts'

/** Bounces because of earlier ones: https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html */
const SUPPRESSED = new Set(['Suppressed', 'OnAccountSuppressionList'])

/**
 * What Amazon SES tells of mails, by SNS: an event destination of a configuration set with Delivery, Bounce and Complaint. It confirms the
 * subscription by itself.
 * @throws Error when the topic is none
 */
export function sesEvents(topic: SnsTopicOptions): MailEventReader {
  const messageOf = snsTopic(topic)
  return {
    name: 'ses',
    async read({ body }) {
      const message = await messageOf(body)
      return message ? eventsOf(message) : []
    },
  }
}

function eventsOf(fields: Fields): MailEvent[] {
  const [reference] = textsOf(fieldsOf(fieldsOf(fields['mail'])['tags'])[REFERENCE])
  const told = toldBy(fields)
  if (!told || reference === undefined) return []
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
      const addresses = textsOf(delivery?.['recipients'])
      return at(
        delivery,
        'delivered',
        addresses.map((address) => ({ address, reason: '' })),
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
