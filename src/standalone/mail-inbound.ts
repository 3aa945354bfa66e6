// Who reads the mails that the service of MAIL_URL received, proven by MAIL_INBOUND.
import { resendInbound } from '../mailers/inbound/resend.ts'
import { sesInbound } from '../mailers/inbound/ses.ts'
import type { InboundMailReader } from '../server/ports/inbound-mail.ts'
import { at, byKey, bySesKeys, partsOf } from './mail-url.ts'

const READERS: Record<string, (proof: string, rest: string) => InboundMailReader> = {
  ses(proof, rest) {
    const [topicArn = '', name, more] = proof.trim().split(/\s+/)
    if (more !== undefined) throw new Error('it is the ARN of a topic, and the name of a bucket after a space')
    if (name === undefined) return sesInbound({ topicArn })
    return sesInbound({ topicArn, bucket: { name, credentials: bySesKeys(rest).credentials } })
  },
  resend(secret, rest) {
    const { key, query } = byKey(rest, 'resend://KEY', [])
    return resendInbound({ secret, key, ...at(query) })
  },
}

/** @throws Error when the service signs no mails that it received, or the proof is none; its message does not repeat it */
export function mailInboundOf(mailUrl: string, proof: string): InboundMailReader {
  const { scheme, rest } = partsOf(mailUrl)
  const reader = READERS[scheme]
  if (!reader)
    throw new Error(
      'it is for Amazon SES and Resend, by MAIL_URL; others deliver mails with MAIL_INBOUND_SECRET as the password',
    )
  return reader(proof, rest)
}
