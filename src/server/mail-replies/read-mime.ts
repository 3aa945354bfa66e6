import PostalMime, { addressParser, type Address } from 'postal-mime'
import { DeskbellError } from '../../protocol/errors.ts'
import { headersOf, type InboundMail } from './inbound-mail.ts'
import { trimMime } from './trim-mime.ts'

/** What the mail server says of a mail, beside the mail */
export interface Envelope {
  recipients: string[]
  alignment: InboundMail['alignment']
}

/** Headers in which mail servers write to whom they delivered a mail */
const DELIVERED = ['x-original-to', 'delivered-to', 'envelope-to', 'x-envelope-to', 'x-forwarded-to']

/**
 * Reads a mail as it was sent (RFC 5322 and MIME). What is broken in it is read as far as it goes.
 * @throws DeskbellError `invalid_request` when parts are nested deeper, or headers are longer, than any mail program makes them
 */
export async function readMime(whole: Uint8Array, { recipients, alignment }: Envelope): Promise<InboundMail> {
  const raw = trimMime(whole)
  // A mail in the mail is something that was forwarded: the person did not write it
  const mail = await PostalMime.parse(raw, { forceRfc822Attachments: true, maxNestingDepth: 50 }).catch(() => {
    throw new DeskbellError('invalid_request', 'This is no mail that can be read')
  })
  const header = headersOf(mail.headers.map(({ key, value }) => [key, value]))
  const from = mailboxes(header('from'))
  return {
    from: from.length === 1 ? (from[0] ?? '') : '',
    recipients: [
      ...recipients,
      ...DELIVERED.flatMap(header).flatMap((value) => mailboxes([value])),
      ...named(mail.to),
      ...named(mail.cc),
    ],
    messageId: mail.messageId ?? '',
    subject: mail.subject ?? '',
    text: hasPart(raw, 'plain') || !hasPart(raw, 'html') ? (mail.text ?? '') : '',
    html: hasPart(raw, 'html') ? (mail.html ?? '') : '',
    header,
    attachments: mail.attachments
      .filter(({ related }) => !related)
      .map(({ mimeType, filename }) => ({ type: mimeType, name: filename ?? '' })),
    alignment,
  }
}

/** Bytes of a mail in which its texts begin: what people attach comes after them */
const BEGINNING = 262_144

/** The library makes each kind of text from the other where one is missing, and loses what was quoted */
function hasPart(raw: Uint8Array, subtype: 'plain' | 'html'): boolean {
  const beginning = new TextDecoder('latin1').decode(raw.subarray(0, BEGINNING))
  return new RegExp(`^content-type:\\s*text/${subtype}\\b`, 'im').test(beginning)
}

/** The addresses in the values of a header */
export const mailboxes = (values: string[]): string[] => values.flatMap((value) => named(addressParser(value)))

const named = (addresses: Address[] = []): string[] =>
  addresses.flatMap((one) => (one.group ? named(one.group) : one.address ? [one.address] : []))
