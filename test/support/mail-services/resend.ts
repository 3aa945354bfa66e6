// Resend's API, as far as sending needs it: https://resend.com/docs/api-reference/emails/send-email
import { addressOf, fieldsOf, startMailService, type Answer, type ServiceRequest, type ServiceRules } from './server.ts'

export const RESEND_KEY = 're_test_key'

interface Fields {
  from: string
  to: string | string[]
  reply_to?: string | string[]
  subject: string
  text: string
  html: string
  headers?: Record<string, string>
  tags?: { name: string; value: string }[]
}

const problem = (status: number, name: string, message: string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  body: { statusCode: status, name, message },
})

function rules(): ServiceRules {
  let sent = 0
  /** Idempotency keys that it has seen, with their bodies and what it answered */
  const known = new Map<string, { body: string; answer: Answer }>()

  function send(request: ServiceRequest): ReturnType<ServiceRules['handle']> {
    const fields = fieldsOf(request) as unknown as Fields
    const [to = ''] = [fields.to].flat()
    if (!addressOf(to).address.includes('@'))
      return problem(422, 'validation_error', 'Invalid `to` field. The email address needs to follow the format')
    const key = request.headers['idempotency-key']
    if (fields.tags?.some(({ name, value }) => !/^[\w-]{1,256}$/.test(name) || !/^[\w-]{1,256}$/.test(value)))
      return problem(
        422,
        'validation_error',
        'Tags should only contain ASCII letters, numbers, underscores, or dashes.',
      )
    const answer = { status: 200, body: { id: `resend-${++sent}` } }
    if (typeof key === 'string') {
      if (key.length === 0 || key.length > 256)
        return problem(400, 'invalid_idempotency_key', 'Idempotency keys must have between 1 and 256 characters.')
      const earlier = known.get(key)
      if (earlier && earlier.body !== request.body)
        return problem(409, 'invalid_idempotent_request', 'Same idempotency key used with a different request payload.')
      if (earlier) return earlier.answer
    }
    return {
      mail: {
        from: addressOf(fields.from),
        to: addressOf(to),
        replyTo: [fields.reply_to ?? ''].flat().join(),
        headers: fields.headers ?? {},
        reference: fields.tags?.find(({ name }) => name === 'deskbell')?.value,
        parsed: { subject: fields.subject, text: fields.text, html: fields.html },
      },
      answer,
      accepted() {
        if (typeof key === 'string') known.set(key, { body: request.body, answer })
      },
    }
  }

  return {
    mailUrl: (origin) => `resend://${RESEND_KEY}?host=${encodeURIComponent(origin)}`,
    refusal: problem(422, 'validation_error', 'Invalid `from` field.'),
    limit: problem(429, 'rate_limit_exceeded', 'Too many requests. You can only make 2 requests per second.', {
      'ratelimit-limit': '2',
      'ratelimit-remaining': '0',
      'ratelimit-reset': '1',
      'retry-after': '1',
    }),
    handle(request) {
      const { method, path, headers } = request
      if (headers['user-agent'] === undefined) return { status: 403, body: '<html>error code: 1010</html>' }
      const isSending = method === 'POST' && path === '/emails'
      if (headers.authorization !== `Bearer ${RESEND_KEY}`)
        return problem(isSending ? 401 : 400, 'validation_error', 'API key is invalid')
      if (isSending) return send(request)
      if (method === 'GET' && path === '/domains')
        return problem(401, 'restricted_api_key', 'This API key is restricted to only send emails')
      return problem(404, 'not_found', 'The requested endpoint does not exist')
    },
  }
}

export const startResend = (port?: number) => startMailService(rules(), port)
