// What mail services tell of mails, in their own words and signed as they do it.
import { createSign, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { postmarkEvents, resendEvents, sendgridEvents, sesEvents } from '../../../src/entries/node.ts'
import type { MailDelivery, MailEventReader } from '../../../src/server/ports/mail-events.ts'
import { rsaCertificateFor } from '../certificate.ts'

/** `soft`: it came back, and the next one may not */
export type Told = MailDelivery | 'soft'

export interface ToldMail {
  reference: string
  address: string
  kind: Told
  /** ISO 8601 */
  at: string
}

export interface SignedRequest {
  headers: Record<string, string>
  body: string
}

export interface EventSource {
  name: string
  reader: MailEventReader
  /** As the service tells it */
  tell: (mail: ToldMail) => SignedRequest
  /** The same, by another account of the same service */
  tellAsAnother: (mail: ToldMail) => SignedRequest
}

const REASON = '550 5.1.1 No such user'
const json = { 'content-type': 'application/json' }

function postmark(): EventSource {
  const as = (password: string) => (mail: ToldMail) => ({
    headers: { ...json, authorization: `Basic ${Buffer.from(`hook:${password}`).toString('base64')}` },
    body: JSON.stringify({
      MessageID: randomUUID(),
      ServerID: 1,
      Metadata: { deskbell: mail.reference },
      ...fields(mail),
    }),
  })
  const fields = ({ kind, address, at }: ToldMail) =>
    ({
      delivered: { RecordType: 'Delivery', Recipient: address, DeliveredAt: at, Details: '250 OK' },
      bounced: {
        RecordType: 'Bounce',
        Type: 'HardBounce',
        Email: address,
        BouncedAt: at,
        Details: REASON,
        Inactive: true,
      },
      soft: {
        RecordType: 'Bounce',
        Type: 'SoftBounce',
        Email: address,
        BouncedAt: at,
        Details: 'full',
        Inactive: false,
      },
      complained: { RecordType: 'SpamComplaint', Email: address, BouncedAt: at, Details: REASON },
      suppressed: {
        RecordType: 'SubscriptionChange',
        Recipient: address,
        ChangedAt: at,
        SuppressSending: true,
        SuppressionReason: 'ManualSuppression',
      },
    })[kind]
  const password = 'a long password of the hook'
  return {
    name: 'postmark',
    reader: postmarkEvents({ user: 'hook', password }),
    tell: as(password),
    tellAsAnother: as('a long password of another'),
  }
}

export function sendgrid(): EventSource & { publicKey: string } {
  const [own, other] = [
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ]
  const as =
    ({ privateKey }: typeof own) =>
    ({ reference, address, kind, at }: ToldMail) => {
      const told = {
        delivered: { event: 'delivered', response: '250 OK' },
        bounced: { event: 'bounce', type: 'bounce', reason: REASON, status: '5.1.1' },
        soft: { event: 'bounce', type: 'blocked', reason: 'later' },
        complained: { event: 'spamreport' },
        suppressed: { event: 'dropped', reason: 'Bounced Address' },
      }[kind]
      const common = {
        email: address,
        timestamp: Date.parse(at) / 1_000,
        sg_event_id: randomUUID(),
        deskbell: reference,
      }
      const body = JSON.stringify([
        { email: 'x@example.com', event: 'processed' },
        { ...common, ...told },
      ])
      const timestamp = String(Math.floor(Date.now() / 1_000))
      const signature = sign('sha256', Buffer.from(timestamp + body), privateKey).toString('base64')
      return {
        headers: {
          ...json,
          'x-twilio-email-event-webhook-signature': signature,
          'x-twilio-email-event-webhook-timestamp': timestamp,
        },
        body,
      }
    }
  const publicKey = own.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
  return {
    name: 'sendgrid',
    publicKey,
    reader: sendgridEvents({ publicKey }),
    tell: as(own),
    tellAsAnother: as(other),
  }
}

function resend(): EventSource {
  const secrets = ['own', 'another'].map((text) => `whsec_${Buffer.from(text.padEnd(32, '.')).toString('base64')}`)
  const [own = '', another = ''] = secrets
  const as = (secret: string) => (mail: ToldMail) => {
    const { reference, address, kind, at } = mail
    const [type, bounce] = {
      delivered: ['email.delivered'] as const,
      bounced: ['email.bounced', { type: 'Permanent', subType: 'General', message: REASON }] as const,
      soft: ['email.bounced', { type: 'Transient', subType: 'MailboxFull', message: 'full' }] as const,
      complained: ['email.complained'] as const,
      suppressed: ['email.suppressed'] as const,
    }[kind]
    const data = { email_id: randomUUID(), to: [address], tags: { deskbell: reference }, ...(bounce ? { bounce } : {}) }
    const body = JSON.stringify({ type, created_at: at, data })
    const [id, now] = [`msg_${randomUUID()}`, new Date()]
    const signature = new Webhook(secret).sign(id, now, body)
    const timestamp = String(Math.floor(now.getTime() / 1_000))
    return { headers: { ...json, 'svix-id': id, 'svix-timestamp': timestamp, 'svix-signature': signature }, body }
  }
  return { name: 'resend', reader: resendEvents({ secret: own }), tell: as(own), tellAsAnother: as(another) }
}

export const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:mail'
export const CERTIFICATE_URL =
  'https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem'

/** A message as SNS signs it */
export function snsMessage(
  message: Record<string, string>,
  { key, version = '2' }: { key: Buffer; version?: string },
): Record<string, string> {
  const whole: Record<string, string> = {
    MessageId: randomUUID(),
    TopicArn: TOPIC,
    Timestamp: new Date().toISOString(),
    SigningCertURL: CERTIFICATE_URL,
    SignatureVersion: version,
    ...message,
  }
  const names = ['Message', 'MessageId', 'Subject', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
  const content = names.map((name) => (whole[name] === undefined ? '' : `${name}\n${whole[name]}\n`)).join('')
  const signer = createSign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256')
  return { ...whole, Signature: signer.update(content).sign(key, 'base64') }
}

/** @param asked the URLs that were asked for */
export function ses(asked: string[] = []): EventSource & { key: Buffer; cert: Buffer } {
  const { key, cert } = rsaCertificateFor('sns.amazonaws.com')
  const get = async (url: string) => {
    asked.push(url)
    return cert.toString()
  }
  const as = (TopicArn: string) => (mail: ToldMail) => ({
    headers: { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': 'Notification' },
    body: JSON.stringify(
      snsMessage({ Type: 'Notification', TopicArn, Message: JSON.stringify(sesEvent(mail)) }, { key }),
    ),
  })
  return {
    name: 'ses',
    key,
    cert,
    reader: sesEvents({ topicArn: TOPIC, get }),
    tell: as(TOPIC),
    tellAsAnother: as('arn:aws:sns:eu-central-1:999999999999:mail'),
  }
}

function sesEvent({ reference, address, kind, at: timestamp }: ToldMail) {
  const bounced = (bounceType: string, bounceSubType: string) => ({
    eventType: 'Bounce',
    bounce: {
      bounceType,
      bounceSubType,
      bouncedRecipients: [{ emailAddress: address, diagnosticCode: REASON }],
      timestamp,
    },
  })
  const told = {
    delivered: { eventType: 'Delivery', delivery: { recipients: [address], smtpResponse: '250 OK', timestamp } },
    bounced: bounced('Permanent', 'General'),
    soft: bounced('Transient', 'MailboxFull'),
    suppressed: bounced('Permanent', 'OnAccountSuppressionList'),
    complained: { eventType: 'Complaint', complaint: { complainedRecipients: [{ emailAddress: address }], timestamp } },
  }[kind]
  return { ...told, mail: { messageId: randomUUID(), destination: [address], tags: { deskbell: [reference] } } }
}

export const eventSources = (): EventSource[] => [postmark(), sendgrid(), ses(), resend()]
