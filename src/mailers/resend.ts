import { createHash } from 'node:crypto'
import type { Mailer } from '../server/ports/mailer.ts'
import { REFERENCE } from './events/reference.ts'
import {
  excerpt,
  serviceMailer,
  textOf,
  type ServiceRefusal,
  type ServiceAnswer,
  type ServiceOptions,
} from './http-service.ts'
import { mailboxText } from './address-text.ts'
import { retryAfter } from '../services/retry-after.ts'
import { checkCredentials } from '../services/credentials.ts'
import { serviceUrl } from '../services/service-url.ts'

export interface ResendOptions extends ServiceOptions {
  /** An API key; one that may only send is enough */
  key: string
  /** Default: `https://api.resend.com` */
  url?: string | undefined
}

const SECOND = 1_000
const QUOTA_PAUSE = 600 * SECOND

/** Error names: https://resend.com/docs/api-reference/errors */
const REASONS: Record<string, string> = {
  missing_api_key: 'the API key is missing',
  invalid_api_key: 'the API key is wrong',
  daily_quota_exceeded: 'the mails of the day are used up',
  monthly_quota_exceeded: 'the mails of the month are used up',
}

/**
 * Sends by Resend (https://resend.com/docs/api-reference/emails/send-email). Each mail has an idempotency key, so that Resend takes it
 * once even if something on the way repeats the request.
 *
 * @throws Error when `key` is missing, `from.address` is no e-mail address, or `url` is none
 * @example resendMailer({ key: process.env.RESEND_KEY, from: { name: 'Example Support', address: 'support@example.com' } })
 */
export function resendMailer({ key, url, ...options }: ResendOptions): Mailer {
  checkCredentials('resendMailer', { key })
  const api = serviceUrl(url ?? 'https://api.resend.com')
  // Without a User-Agent, Resend answers 403
  const headers = { authorization: `Bearer ${key}`, 'user-agent': 'deskbell' }
  return serviceMailer(
    {
      name: 'Resend',
      async sending(mail, from) {
        const { 'Message-ID': own, ...others } = mail.headers
        const body = JSON.stringify({
          from: mailboxText(from),
          to: [mailboxText(mail.to)],
          reply_to: mail.replyTo,
          subject: mail.subject,
          text: mail.text,
          html: mail.html,
          // Resend gives a mail its own Message-ID
          headers: others,
          ...(mail.reference === undefined ? {} : { tags: [{ name: REFERENCE, value: mail.reference }] }),
        })
        return {
          url: `${api}/emails`,
          method: 'POST',
          headers: { ...headers, ...keyOf(own, body), 'content-type': 'application/json' },
          body,
        }
      },
      accepted: (answer) => textOf(answer, 'id') !== '',
      refusal,
      signingIn: async () => ({ url: `${api}/domains`, method: 'GET', headers }),
      signedIn(answer) {
        // A key that may only send sees no domains, and Resend says so only for keys that exist
        const isSendingKey = textOf(answer, 'name') === 'restricted_api_key'
        if (isSendingKey || Array.isArray(answer.fields['data'])) return null
        throw new Error(answer.status < 500 ? (refusal(answer)?.reason ?? excerpt(answer)) : excerpt(answer))
      },
    },
    options,
  )
}

/**
 * The idempotency key, the same for the same bytes alone: Resend refuses a key that comes again with another body. A mail without a
 * name of its own has none: somebody may want to send it twice.
 */
function keyOf(messageId: string | undefined, body: string): Record<string, string> {
  if (messageId === undefined) return {}
  return { 'idempotency-key': `deskbell/${createHash('sha256').update(`${messageId} ${body}`).digest('hex')}` }
}

function refusal(answer: ServiceAnswer): ServiceRefusal | undefined {
  const { status, headers } = answer
  const name = textOf(answer, 'name')
  // The same mail is on its way in another request, whose answer nobody got
  if (name === 'concurrent_idempotent_requests') return undefined
  const told = textOf(answer, 'message') || excerpt(answer)
  const reason = REASONS[name] ?? reasonOf(told)
  if (status !== 429) return { reason }
  const isQuota = name.endsWith('_quota_exceeded')
  const pause = retryAfter(headers) ?? (isQuota ? QUOTA_PAUSE : seconds(headers.get('ratelimit-reset')))
  return { reason: isQuota ? reason : 'too many requests', retryAfter: pause }
}

function reasonOf(told: string): string {
  if (/api key is invalid/i.test(told)) return 'the API key is wrong'
  return /not verified/i.test(told) ? `the domain of the sender is not verified (${told})` : told
}

const seconds = (text: string | null): number => Math.max(SECOND, (Number(text) || 1) * SECOND)
