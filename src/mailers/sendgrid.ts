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
import type { Sender } from './sender.ts'
import { retryAfter } from '../services/retry-after.ts'
import { checkCredentials } from '../services/credentials.ts'
import { serviceUrl } from '../services/service-url.ts'

export interface SendgridOptions extends ServiceOptions {
  /** An API key that may send mails (`mail.send`) */
  key: string
  /** Where the account's data lies. Default: `global` */
  region?: 'global' | 'eu' | undefined
  /** Default: `https://api.sendgrid.com`, or `https://api.eu.sendgrid.com` */
  url?: string | undefined
}

const SECOND = 1_000
const OFF = { enable: false }

/**
 * Sends by SendGrid (https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send). Clicks and opens are not tracked, and
 * SendGrid adds no footer of its own.
 *
 * @throws Error when `key` is missing, `from.address` is no e-mail address, or `url` is none
 * @example sendgridMailer({ key: process.env.SENDGRID_KEY, from: { name: 'Example Support', address: 'support@example.com' } })
 */
export function sendgridMailer({ key, region = 'global', url, ...options }: SendgridOptions): Mailer {
  checkCredentials('sendgridMailer', { key })
  const api = serviceUrl(url ?? (region === 'eu' ? 'https://api.eu.sendgrid.com' : 'https://api.sendgrid.com'))
  const headers = { authorization: `Bearer ${key}` }
  return serviceMailer(
    {
      name: 'SendGrid',
      sending: async (mail, from) => ({
        url: `${api}/v3/mail/send`,
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({
          personalizations: [
            {
              to: [party(mail.to)],
              ...(mail.reference === undefined ? {} : { custom_args: { [REFERENCE]: mail.reference } }),
            },
          ],
          from: party(from),
          ...(mail.replyTo !== undefined && { reply_to: { email: mail.replyTo } }),
          subject: mail.subject,
          // Plain text comes first, or it is refused
          content: [
            { type: 'text/plain', value: mail.text },
            { type: 'text/html', value: mail.html },
          ],
          headers: mail.headers,
          tracking_settings: {
            click_tracking: { ...OFF, enable_text: false },
            open_tracking: OFF,
            subscription_tracking: OFF,
          },
        }),
      }),
      accepted: ({ status }) => status === 202,
      refusal,
      signingIn: async () => ({ url: `${api}/v3/scopes`, method: 'GET', headers }),
      signedIn(answer) {
        const { scopes } = answer.fields
        if (!Array.isArray(scopes)) throw new Error(answer.status < 500 ? refusal(answer).reason : excerpt(answer))
        if (!scopes.includes('mail.send')) throw new Error('the API key may not send mails: it lacks mail.send')
        return null
      },
    },
    options,
  )
}

const party = ({ name, address }: Sender) => (name === '' ? { email: address } : { email: address, name })

function refusal(answer: ServiceAnswer): ServiceRefusal {
  const { status, headers } = answer
  if (status === 429) return { reason: 'too many requests', retryAfter: untilReset(headers) }
  const told = messageOf(answer)
  if (status === 401 && /credits/i.test(told))
    return { reason: 'the mails of this plan are used up', retryAfter: 600 * SECOND }
  if (status === 401) return { reason: 'the API key is wrong' }
  if (status === 403 && /sender identity/i.test(told))
    return { reason: 'the sender is not verified: neither the address nor its domain' }
  return { reason: told }
}

/** `X-RateLimit-Reset` is in seconds since 1970 */
function untilReset(headers: Headers): number {
  const reset = Number(headers.get('x-ratelimit-reset'))
  return retryAfter(headers) ?? (reset > 0 ? Math.max(SECOND, reset * SECOND - Date.now()) : SECOND)
}

function messageOf(answer: ServiceAnswer): string {
  const { errors } = answer.fields
  const messages = Array.isArray(errors)
    ? errors.map((one: ServiceAnswer['fields'] | null) => textOf({ fields: one ?? {} }, 'message'))
    : []
  return messages.filter(Boolean).join('; ') || excerpt(answer)
}
