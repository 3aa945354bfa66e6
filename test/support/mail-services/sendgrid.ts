// SendGrid's API, as far as sending needs it: https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
import { fieldsOf, startMailService, type Answer, type ServiceRequest, type ServiceRules } from './server.ts'

export const SENDGRID_KEY = 'SG.test-key.with-dots'
/** https://www.twilio.com/docs/sendgrid/api-reference/mail-send/errors */
const RESERVED =
  /^(x-sg-id|x-sg-eid|received|dkim-signature|content-type|content-transfer-encoding|to|from|subject|reply-to|cc|bcc)$/i

interface Party {
  email: string
  name?: string
}
interface Fields {
  personalizations: { to: Party[]; custom_args?: Record<string, string> }[]
  from: Party
  reply_to?: Party
  subject: string
  content: { type: string; value: string }[]
  headers?: Record<string, string>
}

const problem = (status: number, message: string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  body: { errors: [{ message, field: null, help: null }] },
})
const address = ({ email, name = '' }: Party) => ({ address: email, name })

let sent = 0

const rules: ServiceRules = {
  mailUrl: (origin) => `sendgrid://${SENDGRID_KEY}?host=${encodeURIComponent(origin)}`,
  refusal: problem(400, 'The from email does not contain a valid address.'),
  limit: problem(429, 'too many requests', { 'x-ratelimit-limit': '1', 'x-ratelimit-remaining': '0' }),
  handle(request) {
    if (request.headers.authorization !== `Bearer ${SENDGRID_KEY}`)
      return problem(401, 'The provided authorization grant is invalid, expired, or revoked')
    if (request.method === 'GET' && request.path === '/v3/scopes')
      return { status: 200, body: { scopes: ['mail.send', 'alerts.read'] } }
    if (request.method !== 'POST' || request.path !== '/v3/mail/send') return problem(404, 'Not Found')
    return send(request)
  },
}

function send(request: ServiceRequest): ReturnType<ServiceRules['handle']> {
  const fields = fieldsOf(request) as unknown as Fields
  const [to] = fields.personalizations.flatMap((one) => one.to)
  const types = fields.content.map(({ type }) => type)
  if (!to) return problem(400, 'The to array is required')
  if (types.indexOf('text/plain') > 0) return problem(400, 'The text/plain content must be the first')
  const reserved = Object.keys(fields.headers ?? {}).find((name) => RESERVED.test(name))
  if (reserved !== undefined) return problem(400, `The following header is reserved and cannot be set: ${reserved}`)
  const part = (type: string) => fields.content.find((one) => one.type === type)?.value ?? ''
  return {
    mail: {
      from: address(fields.from),
      to: address(to),
      replyTo: fields.reply_to?.email ?? '',
      headers: fields.headers ?? {},
      reference: fields.personalizations[0]?.custom_args?.['deskbell'],
      parsed: { subject: fields.subject, text: part('text/plain'), html: part('text/html') },
    },
    answer: { status: 202, headers: { 'x-message-id': `sendgrid-${++sent}` } },
  }
}

export const startSendgrid = (port?: number) => startMailService(rules, port)
