import { verify, X509Certificate, type KeyObject } from 'node:crypto'
import { UnprovenRequest } from '../../server/ports/unproven-request.ts'
import { fieldsOf, parsed, textIn, type Fields } from '../fields.ts'

export interface SnsTopicOptions {
  /** The topic of SNS that SES publishes to: `arn:aws:sns:REGION:ACCOUNT:NAME` */
  topicArn: string
  /** How AWS's certificates are read, and a subscription is confirmed. Default: `fetch` */
  get?: Get | undefined
}

/** Asks for a certificate, or for the URL that confirms a subscription */
export type Get = (url: string) => Promise<string>

const PATIENCE = 10_000
const TOPIC = /^arn:aws(?<partition>[a-z-]*):sns:(?<region>[a-z0-9-]+):\d{12}:[\w-]+(\.fifo)?$/
const CERTIFICATE = /^\/SimpleNotificationService-[A-Za-z0-9-]+\.pem$/
/** Certificates that are kept. AWS has one at a time */
const MAX_KEPT = 10
const HASHES: Record<string, string> = { '1': 'sha1', '2': 'sha256' }
/** What is signed, in this order: https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html */
const NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
const CONFIRMATION = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']

/** The region in a topic's ARN. @throws Error when it is none */
export function regionOf(topicArn: string): string {
  return partsOf(topicArn).region
}

/** SNS in the topic's region alone: other hosts of AWS, such as buckets of S3, are for anybody to fill */
function hostOf(topicArn: string): string {
  const { partition, region } = partsOf(topicArn)
  return `sns.${region}.amazonaws.com${partition === '-cn' ? '.cn' : ''}`
}

function partsOf(topicArn: string): { partition: string; region: string } {
  const { partition = '', region } = TOPIC.exec(topicArn)?.groups ?? {}
  if (region === undefined)
    throw new Error(
      'Webhooks of Amazon SES need the ARN of their topic, such as arn:aws:sns:eu-central-1:123456789012:mail',
    )
  return { partition, region }
}

/**
 * Reads what SNS posts of one topic, after its signature, and confirms the subscription at AWS.
 * @returns the fields of a notification's message; undefined for anything else that SNS says
 * @throws UnprovenRequest when it does not come from SNS, for this topic
 */
export function snsTopic({ topicArn, get = getText }: SnsTopicOptions): (body: string) => Promise<Fields | undefined> {
  const host = hostOf(topicArn)
  const check = snsSignatures(host, get)
  return async (body) => {
    const message = fieldsOf(parsed(body))
    // Anybody may have a topic, and AWS signs for all of them
    if (message['TopicArn'] !== topicArn) throw new UnprovenRequest('It comes from another topic')
    await check(message)
    if (message['Type'] === 'SubscriptionConfirmation') {
      const url = textIn(message, 'SubscribeURL')
      if (!isAt(host, url)) throw new UnprovenRequest('The subscription is not confirmed at AWS')
      await get(url)
    }
    return message['Type'] === 'Notification' ? contentOf(textIn(message, 'Message')) : undefined
  }
}

/** SES publishes JSON. Somebody who tries the topic out may publish a sentence */
function contentOf(text: string): Fields {
  try {
    return fieldsOf(JSON.parse(text))
  } catch {
    return {}
  }
}

async function getText(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE) })
  if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}`)
  return response.text()
}

/** Whether a URL leads to this host by https, and nowhere else */
function isAt(host: string, text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, port, username, password } = new URL(text)
  return protocol === 'https:' && port === '' && username === '' && password === '' && hostname === host
}

/** @returns checks that a message comes from SNS, and throws UnprovenRequest when it does not */
function snsSignatures(host: string, get: Get): (message: Fields) => Promise<void> {
  const kept = new Map<string, KeyObject>()

  async function keyOf(url: string): Promise<KeyObject> {
    const known = kept.get(url)
    if (known) return known
    if (!isAt(host, url) || !CERTIFICATE.test(new URL(url).pathname))
      throw new UnprovenRequest('The certificate is not one of AWS')
    const key = new X509Certificate(await get(url)).publicKey
    const [oldest] = kept.keys()
    if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest)
    kept.set(url, key)
    return key
  }

  return async (message) => {
    const hash = HASHES[textIn(message, 'SignatureVersion')]
    if (hash === undefined) throw new UnprovenRequest('The version of the signature is unknown')
    const names = message['Type'] === 'Notification' ? NOTIFICATION : CONFIRMATION
    const content = names
      .filter((name) => typeof message[name] === 'string')
      .map((name) => `${name}\n${textIn(message, name)}\n`)
      .join('')
    const key = await keyOf(textIn(message, 'SigningCertURL'))
    if (!verify(hash, Buffer.from(content), key, Buffer.from(textIn(message, 'Signature'), 'base64')))
      throw new UnprovenRequest('The signature is wrong')
  }
}
