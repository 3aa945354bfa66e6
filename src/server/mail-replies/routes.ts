// Where mail services and mail servers deliver replies to our mails.
import type { Context } from 'hono'
import { DeskbellError } from '../../protocol/errors.ts'
import { isEqual, sha256 } from '../bytes.ts'
import type { Core } from '../core.ts'
import type { RequestContext } from '../http/app.ts'
import { MAX_TOLD, parseJson, readBytes } from '../http/input.ts'
import type { PublicRoute } from '../http/route.ts'
import type { InboundMailReader, InboundRequest } from '../ports/inbound-mail.ts'
import { UnprovenRequest } from '../ports/unproven-request.ts'
import { inboundMail } from './inbound-mail.ts'
import type { MailReplyOptions } from './options.ts'
import { receiveMail, type ReceiveOptions } from './receive-mail.ts'

/** Bytes of a mail with files of 36 MB, which Base64 makes longer by more than a third: more than services and most mail servers take */
const MAX_REQUEST = 50_000_000
/** Mails that are read at once: each is in memory as a whole */
const AT_ONCE = 4

export interface InboundRoutesOptions extends ReceiveOptions {
  mailReplies: MailReplyOptions
}

/** One way on which mails come in */
interface Source {
  path: string
  name: string
  /** Who sends it, and how that is proven */
  from: string
  takes?: string
  /** Bytes of a request */
  most: number
  /** Before the body is read. @throws DeskbellError `unauthorized` */
  admit?: (c: Context) => Promise<void>
  read: InboundMailReader['read']
}

const BY_SECRET = 'With the secret for inbound mail as the password (Basic) or as the token (Bearer)'

/** Those who send the secret */
const BY_PASSWORD: Omit<Source, 'admit'>[] = [
  {
    path: '/mail/inbound',
    name: 'receiveMail',
    from: `a mail server, as it came (RFC 5322). ${BY_SECRET}`,
    takes: 'message/rfc822',
    most: MAX_REQUEST,
    read: async ({ body }) => ({ raw: body, recipients: [], alignment: 'unknown' }),
  },
  {
    path: '/mail/inbound/postmark',
    name: 'receivePostmark',
    from: `Postmark’s inbound webhook. ${BY_SECRET}`,
    takes: 'application/json',
    most: MAX_REQUEST,
    async read({ headers, body }) {
      const { readPostmark } = await import('./postmark.ts')
      return readPostmark(parseJson(body, headers))
    },
  },
  {
    path: '/mail/inbound/sendgrid',
    name: 'receiveSendgrid',
    from: `SendGrid’s Inbound Parse Webhook. ${BY_SECRET}`,
    takes: 'multipart/form-data',
    most: MAX_REQUEST,
    async read({ headers, body }) {
      const { readSendgrid } = await import('./sendgrid.ts')
      return readSendgrid(body, headers.get('content-type') ?? '')
    },
  },
]

function sourcesOf(options: InboundRoutesOptions): Source[] {
  const { secret, services = [] } = options.mailReplies
  const admit = (c: Context) => demandSecret(c, secret ?? '', options.core)
  return [
    ...(secret === undefined ? [] : BY_PASSWORD.map((source) => ({ ...source, admit }))),
    ...services.map((service) => ({
      path: `/mail/inbound/${service.name}`,
      name: `receiveMailOf_${service.name}`,
      from: `the mail service ${service.name}, signed by it`,
      most: MAX_TOLD,
      read: (request: InboundRequest) => service.read(request),
    })),
  ]
}

/** The routes for inbound mail. All answer 204 once it is decided what comes of a mail, so that nobody delivers it again */
export function inboundRoutes(options: InboundRoutesOptions): PublicRoute[] {
  let running = 0
  async function take(c: Context, { most, admit, read }: Source): Promise<Response> {
    await admit?.(c)
    // Who has proven nothing yet holds no place while a body comes slowly
    const early = admit ? undefined : await readBytes(c.req.raw, most)
    if (running >= AT_ONCE) throw new DeskbellError('unavailable', undefined, 5)
    running++
    try {
      const body = early ?? (await readBytes(c.req.raw, most))
      const request = { headers: c.req.raw.headers, body, domain: options.mailReplies.domain }
      const given = await reading(() => read(request), options.onError)
      if (given) await receiveMail(await inboundMail(given), options)
      return c.body(null, 204)
    } catch (error) {
      if (!(error instanceof UnprovenRequest)) throw error
      countFailure(c, options.core)
      throw new DeskbellError('unauthorized', error.message)
    } finally {
      running--
    }
  }
  return sourcesOf(options).map((source) => ({
    method: 'POST',
    path: source.path,
    name: source.name,
    summary: `Takes a reply by e-mail from ${source.from}`,
    ...(source.takes === undefined ? {} : { takes: source.takes }),
    answers: { 204: { when: 'It is decided what comes of the mail' } },
    problems: [
      'unauthorized',
      'rate_limited',
      'body_too_large',
      'invalid_request',
      'invalid_json',
      'unsupported_media_type',
    ],
    handle: (c) => take(c, source),
  }))
}

/** A mail that could not be read now comes again: whoever delivers it gets a 503 */
async function reading<T>(read: () => Promise<T>, onError: (error: unknown) => void): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof DeskbellError || error instanceof UnprovenRequest) throw error
    onError(error)
    throw new DeskbellError('unavailable', undefined, 30)
  }
}

async function demandSecret(c: Context, secret: string, core: Core): Promise<void> {
  const given = passwordOf(c.req.header('authorization') ?? '')
  // Digests have the same length, whatever was given
  if (isEqual(await sha256(secret), await sha256(given))) return
  countFailure(c, core)
  throw new DeskbellError('unauthorized', 'Send the secret for inbound mail as the password, or as a bearer token')
}

/** @throws DeskbellError `rate_limited` */
const countFailure = (c: Context, core: Core): void => core.addresses?.failed((c.env as RequestContext).address)

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
