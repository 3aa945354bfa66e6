import type { Alignment, InboundMailReader } from '../../server/ports/inbound-mail.ts'
import { checkAwsCredentials } from '../../services/credentials.ts'
import { fieldsOf, textIn, textsOf, type Fields } from '../fields.ts'
import { regionOf, snsTopic, type SnsTopicOptions } from '../proof/sns.ts'
import { isAtDomain } from './recipients.ts'
import { s3Objects, type MailBucket } from './s3-object.ts'

export interface SesInboundOptions extends SnsTopicOptions {
  /** Needed for S3 actions, which take larger mails than SNS actions do. No other bucket is read */
  bucket?: MailBucket | undefined
}

/** No mail consists of these alone: each begins with a header, which has a colon */
const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/

/**
 * Mails that Amazon SES received, from an SNS action of a receipt rule, or an S3 action that notifies a topic
 * (https://docs.aws.amazon.com/ses/latest/dg/receiving-email-notifications-contents.html). It confirms the subscription by itself.
 * @throws Error when the topic or the bucket is none
 * @example sesInbound({ topicArn, bucket: { name: 'mails', credentials: fromNodeProviderChain() } })
 */
export function sesInbound({ bucket, ...topic }: SesInboundOptions): InboundMailReader {
  if (bucket) checkAwsCredentials('sesInbound', bucket.credentials, 'bucket.credentials')
  const messageOf = snsTopic(topic)
  const objects = bucket && s3Objects({ ...bucket, region: bucket.region ?? regionOf(topic.topicArn) })

  async function rawOf(message: Fields): Promise<Uint8Array> {
    const content = textIn(message, 'content')
    if (content !== '') return Buffer.from(content, BASE64.test(content) ? 'base64' : 'utf8')
    const action = fieldsOf(fieldsOf(message['receipt'])['action'])
    const [name, key] = [textIn(action, 'bucketName'), textIn(action, 'objectKey')]
    if (!objects || !bucket || name !== bucket.name)
      throw new Error(`Amazon SES stored a mail in the bucket ${name}, which is not the one that was set`)
    return objects(key)
  }

  return {
    name: 'ses',
    async read({ body, domain }) {
      const message = await messageOf(new TextDecoder().decode(body))
      if (message?.['notificationType'] !== 'Received') return undefined
      const receipt = fieldsOf(message['receipt'])
      const recipients = textsOf(receipt['recipients'])
      const { type } = fieldsOf(receipt['action'])
      // Other actions of the rule, such as a Lambda function, tell the topic as well
      if ((type !== 'SNS' && type !== 'S3') || !recipients.some(isAtDomain(domain))) return undefined
      return { raw: await rawOf(message), recipients, alignment: alignmentOf(receipt) }
    },
  }
}

/** Domains that ask for nothing to be done about forged mails often do not sign all of their own */
function alignmentOf(receipt: Fields): Alignment {
  const verdict = textIn(fieldsOf(receipt['dmarcVerdict']), 'status').toUpperCase()
  if (verdict === 'PASS') return 'pass'
  return verdict === 'FAIL' && /^(reject|quarantine)$/i.test(textIn(receipt, 'dmarcPolicy')) ? 'fail' : 'unknown'
}
