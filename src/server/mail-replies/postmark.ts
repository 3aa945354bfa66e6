import { z } from 'zod'
import { parse } from '../http/input.ts'
import { encodedContent } from './encoded-content.ts'
import type { MailInParts, WholeMail } from '../ports/inbound-mail.ts'

const address = z.object({ Email: z.string() })
/** https://postmarkapp.com/developer/webhooks/inbound-webhook */
const postmarkMail = z.object({
  FromFull: address,
  ToFull: z.array(address).default([]),
  CcFull: z.array(address).default([]),
  /** The address to which it was delivered */
  OriginalRecipient: z.string().default(''),
  MessageID: z.string().default(''),
  Subject: z.string().default(''),
  TextBody: z.string().default(''),
  HtmlBody: z.string().default(''),
  Headers: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
  Attachments: z
    .array(
      z.object({
        Name: z.string(),
        ContentType: z.string(),
        ContentID: z.string().default(''),
        /** In Base64 */
        Content: z.string().default(''),
      }),
    )
    .default([]),
  /** The whole mail, where the server is set to include it */
  RawEmail: z.string().optional(),
})

/** @throws DeskbellError `invalid_request` when it is none of Postmark’s mails */
export function readPostmark(body: unknown): WholeMail | MailInParts {
  const mail = parse(postmarkMail, body)
  const recipients = [mail.OriginalRecipient, ...[...mail.ToFull, ...mail.CcFull].map(({ Email }) => Email)]
  if (mail.RawEmail !== undefined)
    return { raw: new TextEncoder().encode(mail.RawEmail), recipients, alignment: 'unknown' }
  const values = (name: string): string[] =>
    mail.Headers.filter((header) => header.Name.toLowerCase() === name).map(({ Value }) => Value)
  return {
    from: mail.FromFull.Email,
    recipients: [...recipients, ...values('x-original-to')],
    // `MessageID` is Postmark's own: another one for each delivery
    messageId: values('message-id')[0] ?? mail.MessageID,
    subject: mail.Subject,
    text: mail.TextBody,
    html: mail.HtmlBody,
    headers: mail.Headers.map(({ Name, Value }) => [Name, Value] as const),
    attachments: mail.Attachments.map(({ Name, ContentType, ContentID, Content }) => ({
      name: Name,
      type: ContentType.toLowerCase(),
      contentId: ContentID,
      content: () => encodedContent('base64', new TextEncoder().encode(Content)),
    })),
    alignment: 'unknown',
  }
}
