import type { Mailer } from '../server/ports/mailer.ts'
import {
  excerpt,
  serviceMailer,
  textOf,
  type ServiceRefusal,
  type ServiceAnswer,
  type ServiceOptions,
} from './http-service.ts'
import { REFERENCE } from './events/reference.ts'
import { mailboxText } from './address-text.ts'
import { retryAfter } from '../services/retry-after.ts'
import { checkCredentials } from '../services/credentials.ts'
import { serviceUrl } from '../services/service-url.ts'

export interface PostmarkOptions extends ServiceOptions {
  /** A server's API token */
  token: string
  /** The message stream. Default: `outbound`, the one for transactional mails */
  stream?: string | undefined
  /** Default: `https://api.postmarkapp.com` */
  url?: string | undefined
}

const SECOND = 1_000

/** Error codes: https://postmarkapp.com/developer/api/overview#error-codes */
const REASONS: Record<number, string> = {
  10: 'the server token is wrong',
  400: 'the sender has no sender signature, and its domain is not verified',
  401: 'the sender signature is not confirmed yet',
  405: 'the account may not send any more mails: its credits are used up',
  406: 'the address is suppressed, because a mail to it bounced or was reported as spam; it can be reactivated at Postmark',
  412: 'the account waits for approval and sends only within its own domain',
  413: 'the account may not send mails',
}
const INACTIVE = 406
/** The account cannot send any mail */
const ACCOUNT = new Set([405, 412, 413])
const ACCOUNT_PAUSE = 600 * SECOND

/**
 * Sends by Postmark (https://postmarkapp.com/developer/api/email-api).
 *
 * @throws Error when `token` is missing, `from.address` is no e-mail address, or `url` is none
 * @example postmarkMailer({ token: process.env.POSTMARK_TOKEN, from: { name: 'Example Support', address: 'support@example.com' } })
 */
export function postmarkMailer({ token, stream = 'outbound', url, ...options }: PostmarkOptions): Mailer {
  checkCredentials('postmarkMailer', { token })
  const api = serviceUrl(url ?? 'https://api.postmarkapp.com')
  const headers = { 'x-postmark-server-token': token }
  return serviceMailer(
    {
      name: 'Postmark',
      sending: async (mail, from) => ({
        url: `${api}/email`,
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({
          From: mailboxText(from),
          To: mailboxText(mail.to),
          ReplyTo: mail.replyTo,
          Subject: mail.subject,
          TextBody: mail.text,
          HtmlBody: mail.html,
          MessageStream: stream,
          ...(mail.reference === undefined ? {} : { Metadata: { [REFERENCE]: mail.reference } }),
          TrackOpens: false,
          TrackLinks: 'None',
          // The last makes Postmark keep our Message-ID
          Headers: Object.entries({ ...mail.headers, 'X-PM-KeepID': 'true' }).map(([Name, Value]) => ({ Name, Value })),
        }),
      }),
      accepted: (answer) => textOf(answer, 'MessageID') !== '',
      refusal,
      signingIn: async () => ({ url: `${api}/server`, method: 'GET', headers }),
      signedIn(answer) {
        if (typeof answer.fields['ID'] === 'number') return null
        throw new Error(answer.status < 500 ? refusal(answer).reason : excerpt(answer))
      },
    },
    options,
  )
}

function refusal(answer: ServiceAnswer): ServiceRefusal {
  const { status, headers, fields } = answer
  const code = status === 401 ? 10 : Number(fields['ErrorCode'])
  if (status === 429 || code === 429) return { reason: 'too many requests', retryAfter: retryAfter(headers) ?? SECOND }
  const known = REASONS[code]
  if (known === undefined) return { reason: textOf(answer, 'Message') || excerpt(answer) }
  if (ACCOUNT.has(code)) return { reason: known, retryAfter: ACCOUNT_PAUSE }
  return { reason: known, ...(code === INACTIVE ? { final: true } : {}) }
}
