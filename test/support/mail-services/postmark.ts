// Postmark's API, as far as sending needs it: https://postmarkapp.com/developer/api/email-api
import { addressOf, fieldsOf, startMailService, type Answer, type ServiceRequest, type ServiceRules } from './server.ts'

export const POSTMARK_TOKEN = '6d1f0c2e-0000-4000-8000-00000000feed'
const NAME = /^[!-9;-~]+$/

const problem = (ErrorCode: number, Message: string, status = 422): Answer => ({ status, body: { ErrorCode, Message } })

interface Fields {
  From: string
  To: string
  ReplyTo?: string
  Subject: string
  TextBody: string
  HtmlBody: string
  MessageStream?: string
  Metadata?: Record<string, string>
  Headers?: { Name: string; Value: string }[] | null
}

let sent = 0

const rules: ServiceRules = {
  mailUrl: (origin) => `postmark://${POSTMARK_TOKEN}?host=${encodeURIComponent(origin)}`,
  refusal: problem(300, 'Invalid email request'),
  limit: problem(429, 'Rate limit exceeded', 429),
  handle(request) {
    if (request.headers['x-postmark-server-token'] !== POSTMARK_TOKEN)
      return problem(10, 'No Account or Server API tokens were supplied in the HTTP headers.', 401)
    if (request.method === 'GET' && request.path === '/server') return { status: 200, body: { ID: 1, Name: 'Test' } }
    if (request.method !== 'POST' || request.path !== '/email') return { status: 404, body: '' }
    return send(request)
  },
}

function send(request: ServiceRequest): ReturnType<ServiceRules['handle']> {
  if (!request.headers['content-type']?.startsWith('application/json')) return problem(409, 'JSON required', 415)
  const fields = fieldsOf(request) as unknown as Fields
  if (fields.MessageStream !== undefined && fields.MessageStream !== 'outbound')
    return problem(1235, `The stream provided: '${fields.MessageStream}' does not exist on this server.`)
  const headers = fields.Headers ?? []
  const reserved = headers.find(({ Name }) => /^(to|from|cc|bcc|subject|reply-to|content-.*)$/i.test(Name))
  if (reserved) return problem(300, `Header '${reserved.Name}' not allowed.`)
  if (headers.some(({ Name, Value }) => !NAME.test(Name) || /[\r\n]/.test(Value)))
    return problem(300, 'Invalid header.')
  return {
    mail: {
      from: addressOf(fields.From),
      to: addressOf(fields.To),
      replyTo: fields.ReplyTo ?? '',
      headers: Object.fromEntries(headers.map(({ Name, Value }) => [Name, Value])),
      reference: fields.Metadata?.['deskbell'],
      parsed: { subject: fields.Subject, text: fields.TextBody, html: fields.HtmlBody },
    },
    answer: {
      status: 200,
      body: { To: fields.To, SubmittedAt: new Date(), MessageID: `postmark-${++sent}`, ErrorCode: 0, Message: 'OK' },
    },
  }
}

export const startPostmark = (port?: number) => startMailService(rules, port)
