import { z } from 'zod'
import { parse } from '../http/input.ts'
import { headersOf, type InboundMail } from './inbound-mail.ts'
import { mailboxes, readMime } from './read-mime.ts'

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
    .array(z.object({ Name: z.string(), ContentType: z.string(), ContentID: z.string().default('') }))
    .default([]),
  /** The whole mail, where the server is set to include it */
  RawEmail: z.string().optional(),
})

/** @throws DeskbellError `invalid_request` when it is none of Postmark’s mails */
export async function readPostmark(body: unknown): Promise<InboundMail> {
  const mail = parse(postmarkMail, body)
  const recipients = [mail.OriginalRecipient, ...[...mail.ToFull, ...mail.CcFull].map(({ Email }) => Email)]
  if (mail.RawEmail !== undefined)
    return readMime(new TextEncoder().encode(mail.RawEmail), { recipients, alignment: 'unknown' })
  const header = headersOf(mail.Headers.map(({ Name, Value }) => [Name, Value]))
  return {
    from: mail.FromFull.Email,
    recipients: [...recipients, ...mailboxes(header('x-original-to'))],
    // `MessageID` is Postmark's own: another one for each delivery
    messageId: header('message-id')[0] ?? mail.MessageID,
    subject: mail.Subject,
    text: mail.TextBody,
    html: mail.HtmlBody,
    header,
    attachments: mail.Attachments.filter(({ ContentID }) => !isInText(ContentID, mail.HtmlBody)).map(
      ({ Name, ContentType }) => ({ name: Name, type: ContentType.toLowerCase() }),
    ),
    alignment: 'unknown',
  }
}

/** A picture of a signature, for example */
const isInText = (contentId: string, html: string): boolean =>
  contentId !== '' && html.includes(`cid:${contentId.replace(/^<|>$/g, '')}`)
