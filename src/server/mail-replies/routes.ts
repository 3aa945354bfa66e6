// Where mail services and mail servers deliver replies to our mails.
import type { Context } from 'hono'
import { z } from 'zod'
import { DeskbellError } from '../../protocol/errors.ts'
import { isEqual, sha256 } from '../bytes.ts'
import type { RequestContext } from '../http/app.ts'
import { readBytes, readJson } from '../http/input.ts'
import type { PublicRoute } from '../http/route.ts'
import type { InboundMail } from './inbound-mail.ts'
import { receiveMail, type ReceiveOptions } from './receive-mail.ts'

/** Bytes of a request: a mail of 25 MB, which Base64 makes longer by more than a third */
const MAX_REQUEST = 36_000_000
/** Mails that are read at once: each is in memory as a whole */
const AT_ONCE = 4

export interface InboundRoutesOptions extends ReceiveOptions {
  /** Whoever delivers mails knows it */
  secret: string
}

interface Source {
  path: string
  name: string
  from: string
  takes: string
  read: (request: Request) => Promise<InboundMail>
}

/** What reads mails is loaded with the first one */
const SOURCES: Source[] = [
  {
    path: '/mail/inbound',
    name: 'receiveMail',
    from: 'a mail server, as it came (RFC 5322)',
    takes: 'message/rfc822',
    async read(request) {
      const { readMime } = await import('./read-mime.ts')
      return readMime(await readBytes(request, MAX_REQUEST), { recipients: [], alignment: 'unknown' })
    },
  },
  {
    path: '/mail/inbound/postmark',
    name: 'receivePostmark',
    from: 'Postmark’s inbound webhook',
    takes: 'application/json',
    async read(request) {
      const { readPostmark } = await import('./postmark.ts')
      return readPostmark(await readJson(request, z.unknown(), MAX_REQUEST))
    },
  },
  {
    path: '/mail/inbound/sendgrid',
    name: 'receiveSendgrid',
    from: 'SendGrid’s Inbound Parse Webhook',
    takes: 'multipart/form-data',
    async read(request) {
      const { readSendgrid } = await import('./sendgrid.ts')
      return readSendgrid(await readBytes(request, MAX_REQUEST), request.headers.get('content-type') ?? '')
    },
  },
]

/** The routes for inbound mail. All answer 204 once it is decided what comes of a mail, so that nobody delivers it again */
export function inboundRoutes(options: InboundRoutesOptions): PublicRoute[] {
  let running = 0
  async function take(c: Context, read: Source['read']): Promise<Response> {
    await demandSecret(c, options)
    if (running >= AT_ONCE) throw new DeskbellError('unavailable', undefined, 5)
    running++
    try {
      await receiveMail(await read(c.req.raw), options)
      return c.body(null, 204)
    } finally {
      running--
    }
  }
  return SOURCES.map(({ path, name, from, takes, read }) => ({
    method: 'POST',
    path,
    name,
    summary: `Takes a reply by e-mail from ${from}. With the secret for inbound mail as the password (Basic) or as the token (Bearer)`,
    takes,
    answers: { 204: { when: 'It is decided what comes of the mail' } },
    problems: [
      'unauthorized',
      'rate_limited',
      'body_too_large',
      'invalid_request',
      'invalid_json',
      'unsupported_media_type',
    ],
    handle: (c) => take(c, read),
  }))
}

async function demandSecret(c: Context, { secret, core }: InboundRoutesOptions): Promise<void> {
  const given = passwordOf(c.req.header('authorization') ?? '')
  // Digests have the same length, whatever was given
  if (isEqual(await sha256(secret), await sha256(given))) return
  core.addresses?.failed((c.env as RequestContext).address)
  throw new DeskbellError('unauthorized', 'Send the secret for inbound mail as the password, or as a bearer token')
}

function passwordOf(authorization: string): string {
  const [, scheme = '', credentials = ''] = /^(Basic|Bearer) +(.*\S)/i.exec(authorization) ?? []
  if (scheme.toLowerCase() !== 'basic') return credentials
  try {
    const bytes = Uint8Array.from(atob(credentials), (character) => character.charCodeAt(0))
    return new TextDecoder().decode(bytes).replace(/^[^:]*:/, '')
  } catch {
    return ''
  }
}
