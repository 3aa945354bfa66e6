import { z } from 'zod'
import type { Alignment, MailInParts, WholeMail } from '../ports/inbound-mail.ts'
import { formFields } from './form-fields.ts'
import { mailboxes } from './mailboxes.ts'

const envelope = z.object({ to: z.array(z.string()).default([]), from: z.string().default('') })
const attachmentInfo = z.record(
  z.string(),
  z.object({
    filename: z.string().default(''),
    type: z.string().default(''),
    'content-id': z.string().default(''),
  }),
)

/**
 * Reads a form of the Inbound Parse Webhook, with the mail's parts or with the whole mail ("POST the raw, full MIME message").
 * https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook
 * @throws DeskbellError `invalid_request` when it is no form
 */
export function readSendgrid(body: Uint8Array<ArrayBuffer>, contentType: string): WholeMail | MailInParts {
  const bytes = formFields(body, contentType)
  const charsets = parsed(z.record(z.string(), z.string()), textOf(bytes('charsets')), {})
  const field = (name: string): string => textOf(bytes(name), charsets[name])
  const delivered = parsed(envelope, field('envelope'), { to: [], from: '' })
  const [from = ''] = mailboxes([field('from')])
  const recipients = [...delivered.to, field('to'), field('cc')]
  const alignment = alignmentOf(from, delivered.from, { spf: field('SPF'), dkim: field('dkim') })
  const raw = bytes('email')
  if (raw) return { raw, recipients, alignment }
  const headers = headerLines(field('headers'))
  const files = Object.entries(parsed(attachmentInfo, field('attachment-info'), {}))
  return {
    from: field('from'),
    recipients,
    messageId: headers.find(([name]) => name.toLowerCase() === 'message-id')?.[1].trim() ?? '',
    subject: field('subject'),
    text: field('text'),
    html: field('html'),
    headers,
    attachments: files.map(([name, { filename, type, 'content-id': contentId }]) => {
      const content = bytes(name)
      return {
        name: filename,
        type: type.toLowerCase(),
        contentId,
        ...(content && { content: async () => new Blob([content]) }),
      }
    }),
    alignment,
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
function alignmentOf(from: string, sender: string, { spf, dkim }: { spf: string; dkim: string }): Alignment {
  const domain = domainOf(from)
  const signed = [...dkim.matchAll(/@([^@\s:}]+)\s*:\s*pass/gi)].map(([, by = '']) => by.toLowerCase())
  if (signed.some((by) => by.includes('.') && isAligned(by, domain))) return 'pass'
  return spf.toLowerCase() === 'pass' && domainOf(sender) === domain ? 'pass' : 'unknown'
}
