import PostalMime from 'postal-mime'
import { DeskbellError } from '../../protocol/errors.ts'
import { nextTurn } from '../ports/clock.ts'
import type { MailInParts, WholeMail } from '../ports/inbound-mail.ts'
import { thinMime } from './thin-mime.ts'

/** Headers in which mail servers write to whom they delivered a mail */
const DELIVERED = ['x-original-to', 'delivered-to', 'envelope-to', 'x-envelope-to', 'x-forwarded-to']

/**
 * Reads a mail as it was sent (RFC 5322 and MIME). What is broken in it is read as far as it goes.
 * @throws DeskbellError `invalid_request` when parts are nested deeper, or headers are longer, than any mail program makes them
 */
export async function readMime({ raw: whole, recipients, alignment }: WholeMail): Promise<MailInParts> {
  const { raw, texts, contentOf } = await thinMime(whole)
  await nextTurn()
  // A mail in the mail is something that was forwarded: the person did not write it
  const mail = await PostalMime.parse(raw, { forceRfc822Attachments: true, maxNestingDepth: 50 }).catch(() => {
    throw new DeskbellError('invalid_request', 'This is no mail that can be read')
  })
  const headers = mail.headers.map(({ key, value }) => [key.toLowerCase(), value] as const)
  const values = (name: string): string[] => headers.filter(([key]) => key === name).map(([, value]) => value)
  return {
    from: values('from').join(', '),
    recipients: [...recipients, ...[...DELIVERED, 'to', 'cc'].flatMap(values)],
    messageId: mail.messageId ?? '',
    subject: mail.subject ?? '',
    // The library makes each kind of text from the other where one is missing, and loses what was quoted
    text: texts.has('plain') ? (mail.text ?? '') : '',
    html: texts.has('html') ? (mail.html ?? '') : '',
    headers,
    attachments: mail.attachments.map(({ mimeType, filename, contentId, content }) => {
      const found = contentOf(bytesOf(content))
      return {
        type: mimeType,
        name: filename ?? '',
        contentId,
        ...(found && { content: found }),
      }
    }),
    alignment,
  }
}

/** The library copies what it decodes, so it is no shared memory */
const bytesOf = (content: ArrayBuffer | Uint8Array | string): Uint8Array<ArrayBuffer> =>
  typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content)
