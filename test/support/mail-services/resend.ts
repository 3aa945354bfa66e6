// Resend's API, as far as it is needed to send (https://resend.com/docs/api-reference/emails/send-email) and to read what was received
// (https://resend.com/docs/api-reference/emails/retrieve-received-email).
import type { ParsedMail } from 'mailparser'
import { addressOf, fieldsOf, startMailService, type Answer, type ServiceRequest, type ServiceRules } from './server.ts'

/** It may only send */
export const RESEND_KEY = 're_test_key'
/** It may also read what was received */
export const RESEND_FULL_KEY = 're_full_key'

/** What it received: MIME, by the id of the mail. `inParts`: there is nothing to download. `answer`: given in its place */
export type ReceivedMails = Map<string, { raw: Buffer; recipients: string[]; inParts?: ParsedMail; answer?: Answer }>

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

function rules(received: ReceivedMails): ServiceRules {
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

  /** The file lies on another server, whose URL is signed. It gets no key */
  function download({ path, headers }: ServiceRequest): Answer {
    const [, id = ''] = /^\/files\/([^/?]+)\?signature=good$/.exec(path) ?? []
    const [mailId = '', attachment] = id.split('.')
    const mail = received.get(mailId)
    if (!mail || headers.authorization !== undefined) return { status: 403, body: '<Error>AccessDenied</Error>' }
    if (attachment !== undefined)
      return { status: 200, body: mail.inParts?.attachments[Number(attachment)]?.content ?? Buffer.alloc(0) }
    return { status: 200, headers: { 'content-type': 'message/rfc822' }, body: mail.raw }
  }

  function show(id: string, origin: string): Answer {
    const mail = received.get(id)
    if (!mail) return problem(404, 'not_found', 'Email not found')
    const { recipients, inParts, answer } = mail
    if (answer) return answer
    const fields = { object: 'email', id, to: recipients, cc: [], bcc: [], received_for: recipients }
    if (!inParts) {
      const raw = { download_url: `${origin}/files/${id}?signature=good`, expires_at: '2099-01-01T00:00:00.000Z' }
      return { status: 200, body: { ...fields, from: 'x@example.com', text: 'not read', html: null, headers: {}, raw } }
    }
    const { from, subject, text, html, messageId, headerLines } = inParts
    const headers = Object.fromEntries(
      headerLines.map(({ key, line }) => [key, line.slice(line.indexOf(':') + 1).trim()]),
    )
    return {
      status: 200,
      body: {
        ...fields,
        from: from?.text ?? '',
        subject,
        text: text ?? null,
        html: html === false ? null : html,
        message_id: messageId,
        headers,
        raw: null,
        attachments: inParts.attachments.map(({ filename = '', contentType, cid = '' }, index) => ({
          id: `attachment-${index}`,
          filename,
          content_type: contentType,
          content_id: cid,
        })),
      },
    }
  }

  /** https://resend.com/docs/api-reference/emails/retrieve-received-email-attachment */
  function attachment(path: string, origin: string): Answer | undefined {
    const [, id = '', index] = /^\/emails\/receiving\/([^/?]+)\/attachments\/attachment-(\d+)$/.exec(path) ?? []
    const file = received.get(id)?.inParts?.attachments[Number(index)]
    if (!file) return undefined
    const download_url = `${origin}/files/${id}.${index}?signature=good`
    const fields = { object: 'attachment', id: `attachment-${index}`, content_type: file.contentType, size: file.size }
    return { status: 200, body: { ...fields, download_url, expires_at: '2099-01-01T00:00:00.000Z' } }
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
      if (method === 'GET' && path.startsWith('/files/')) return download(request)
      if (headers['user-agent'] === undefined) return { status: 403, body: '<html>error code: 1010</html>' }
      const isSending = method === 'POST' && path === '/emails'
      const [, mailId] = /^\/emails\/receiving\/([^/?]+)(\?html_format=cid)?$/.exec(path) ?? []
      const isFull = headers.authorization === `Bearer ${RESEND_FULL_KEY}`
      if (mailId !== undefined && isFull) return show(mailId, `http://${headers.host}`)
      const file = isFull ? attachment(path, `http://${headers.host}`) : undefined
      if (file) return file
      if (![RESEND_KEY, RESEND_FULL_KEY].some((key) => headers.authorization === `Bearer ${key}`))
        return problem(isSending ? 401 : 400, 'validation_error', 'API key is invalid')
      if (isSending) return send(request)
      if (method === 'GET' && (path === '/domains' || mailId !== undefined))
        return problem(401, 'restricted_api_key', 'This API key is restricted to only send emails')
      return problem(404, 'not_found', 'The requested endpoint does not exist')
    },
  }
}

export const startResend = (
  port?: number,
  { received = new Map() }: { received?: ReceivedMails; fastTime?: boolean } = {},
) => startMailService(rules(received), port)
