// Who reads what the service of MAIL_URL tells of mails, proven by MAIL_EVENTS.
import { postmarkEvents } from '../mailers/events/postmark.ts'
import { resendEvents } from '../mailers/events/resend.ts'
import { sendgridEvents } from '../mailers/events/sendgrid.ts'
import { sesEvents } from '../mailers/events/ses.ts'
import type { MailEventReader } from '../server/ports/mail-events.ts'

const READERS: Record<string, (proof: string) => MailEventReader> = {
  postmark(proof) {
    const [, user = '', password = ''] = /^([^:]*):(.*)$/s.exec(proof) ?? []
    return postmarkEvents({ user, password })
  },
  sendgrid: (publicKey) => sendgridEvents({ publicKey }),
  ses: (topicArn) => sesEvents({ topicArn }),
  resend: (secret) => resendEvents({ secret }),
}

/** @throws Error when the service has no events, or the proof is none; its message does not repeat it */
export function mailEventsOf(mailUrl: string, proof: string): MailEventReader {
  const reader = READERS[mailUrl.split(':')[0]?.toLowerCase() ?? '']
  if (!reader)
    throw new Error(
      'MAIL_URL names no service that reports deliveries and bounces: Postmark, SendGrid, Amazon SES or Resend',
    )
  return reader(proof)
}
