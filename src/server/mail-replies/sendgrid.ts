import { z } from 'zod'
import { DeskbellError } from '../../protocol/errors.ts'
import { headersOf, type InboundMail } from './inbound-mail.ts'
import { mailboxes, readMime } from './read-mime.ts'

const envelope = z.object({ to: z.array(z.string()).default([]), from: z.string().default('') })
const attachmentInfo = z.record(
  z.string(),
  z.object({ filename: z.string().default(''), type: z.string().default(''), 'content-id': z.string().optional() }),
)

/**
 * Reads a form of the Inbound Parse Webhook, with the mail's parts or with the whole mail ("POST the raw, full MIME message").
 * https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook
 * @throws DeskbellError `invalid_request` when it is no form
 */
export async function readSendgrid(body: Uint8Array, contentType: string): Promise<InboundMail> {
  const bytes = await formFields(body, contentType)
  const charsets = parsed(z.record(z.string(), z.string()), textOf(bytes('charsets')), {})
  const field = (name: string): string => textOf(bytes(name), charsets[name])
  const delivered = parsed(envelope, field('envelope'), { to: [], from: '' })
  const [from = '', ...others] = mailboxes([field('from')])
  const recipients = [...delivered.to, ...mailboxes([field('to'), field('cc')])]
  const alignment = alignmentOf(from, delivered.from, { spf: field('SPF'), dkim: field('dkim') })
  const raw = bytes('email')
  if (raw) return readMime(raw, { recipients, alignment })
  const header = headersOf(headerLines(field('headers')))
  const files = Object.values(parsed(attachmentInfo, field('attachment-info'), {}))
  return {
    from: others.length > 0 ? '' : from,
    recipients,
    messageId: header('message-id')[0] ?? '',
    subject: field('subject'),
    text: field('text'),
    html: field('html'),
    header,
    attachments: files
      .filter((file) => file['content-id'] === undefined)
      .map(({ filename, type }) => ({ name: filename, type: type.toLowerCase() })),
    alignment,
  }
}

/**
 * The fields of a form as bytes: each is in the character set of the mail, and the platform reads all as UTF-8. So it is given every
 * byte as the character of that number, and the characters are made bytes again.
 */
async function formFields(body: Uint8Array, contentType: string): Promise<(name: string) => Uint8Array | undefined> {
  const asText = new Uint8Array(body.length * 2)
  let length = 0
  for (const byte of body) {
    if (byte < 0x80) asText[length++] = byte
    else {
      asText[length++] = 0xc0 | (byte >> 6)
      asText[length++] = 0x80 | (byte & 0x3f)
    }
  }
  const headers = { 'content-type': contentType }
  const form = await new Response(asText.subarray(0, length), { headers }).formData().catch(() => {
    throw new DeskbellError('invalid_request', 'The form cannot be read')
  })
  return (name) => {
    const value = form.get(name)
    return typeof value === 'string' ? Uint8Array.from(value, (character) => character.charCodeAt(0)) : undefined
  }
}

function textOf(bytes: Uint8Array | undefined, charset = 'utf-8'): string {
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    // A character set that nobody knows
    return new TextDecoder().decode(bytes)
  }
}

function parsed<T>(schema: z.ZodType<T>, json: string, otherwise: T): T {
  try {
    return schema.parse(JSON.parse(json))
  } catch {
    return otherwise
  }
}

/** Unfolds the lines of a header (RFC 5322 section 2.2.3) */
const headerLines = (text: string): [string, string][] =>
  text
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .flatMap((line) => {
      const colon = line.indexOf(':')
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)] as [string, string]] : []
    })

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase()
/** DMARC's relaxed alignment, without the list of public suffixes: a part of the domain does, the other way round does not */
const isAligned = (domain: string, from: string): boolean => domain === from || from.endsWith(`.${domain}`)

/** @param results `spf`: such as `pass`; `dkim`: such as `{@example.com : pass}` */
function alignmentOf(
  from: string,
  sender: string,
  { spf, dkim }: { spf: string; dkim: string },
): InboundMail['alignment'] {
  const domain = domainOf(from)
  const signed = [...dkim.matchAll(/@([^\s:}]+)\s*:\s*pass/gi)].map(([, by = '']) => by.toLowerCase())
  if (signed.some((by) => by.includes('.') && isAligned(by, domain))) return 'pass'
  return spf.toLowerCase() === 'pass' && domainOf(sender) === domain ? 'pass' : 'unknown'
}
