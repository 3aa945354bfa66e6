import { verify, X509Certificate, type KeyObject } from 'node:crypto'
import { MailEventsRefused } from '../../server/ports/mail-events.ts'
import { textIn, type Fields } from './fields.ts'

/** Asks for a certificate, or for the URL that confirms a subscription */
export type Get = (url: string) => Promise<string>

const HOST = /^sns\.[a-z0-9-]{3,}\.amazonaws\.com(\.cn)?$/
const CERTIFICATE = /^\/SimpleNotificationService-[A-Za-z0-9-]+\.pem$/
/** Certificates that are kept. AWS has one at a time */
const MAX_KEPT = 10
const HASHES: Record<string, string> = { '1': 'sha1', '2': 'sha256' }
/** What is signed, in this order: https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html */
const NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
const CONFIRMATION = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']

/** Whether a URL leads to SNS itself, and nowhere else */
export function isOfSns(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, port, username, password } = new URL(text)
  return protocol === 'https:' && port === '' && username === '' && password === '' && HOST.test(hostname)
}

/** @returns checks that a message comes from SNS, and throws MailEventsRefused when it does not */
export function snsSignatures(get: Get): (message: Fields) => Promise<void> {
  const kept = new Map<string, KeyObject>()

  async function keyOf(url: string): Promise<KeyObject> {
    const known = kept.get(url)
    if (known) return known
    if (!isOfSns(url) || !CERTIFICATE.test(new URL(url).pathname))
      throw new MailEventsRefused('The certificate is not one of AWS')
    const key = new X509Certificate(await get(url)).publicKey
    const [oldest] = kept.keys()
    if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest)
    kept.set(url, key)
    return key
  }

  return async (message) => {
    const hash = HASHES[textIn(message, 'SignatureVersion')]
    if (hash === undefined) throw new MailEventsRefused('The version of the signature is unknown')
    const names = message['Type'] === 'Notification' ? NOTIFICATION : CONFIRMATION
    const content = names
      .filter((name) => typeof message[name] === 'string')
      .map((name) => `${name}\n${textIn(message, name)}\n`)
      .join('')
    const key = await keyOf(textIn(message, 'SigningCertURL'))
    if (!verify(hash, Buffer.from(content), key, Buffer.from(textIn(message, 'Signature'), 'base64')))
      throw new MailEventsRefused('The signature is wrong')
  }
}
