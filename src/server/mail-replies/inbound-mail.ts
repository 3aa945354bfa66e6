import type { MailAttachment, MailInParts, WholeMail } from '../ports/inbound-mail.ts'

/** A mail that somebody sent to us, however it reached us */
export interface InboundMail extends Omit<MailInParts, 'headers'> {
  /** The address in `From`; empty: none, or several */
  from: string
  /** Addresses alone */
  recipients: string[]
  /** `contentId`, without `<` and `>`, is that of what the HTML shows */
  attachments: MailAttachment[]
  /** Values of a header, by its name in lower case; none: an empty array */
  header: (name: string) => string[]
}

/** @throws DeskbellError `invalid_request` when it is no mail that can be read */
export async function inboundMail(given: WholeMail | MailInParts): Promise<InboundMail> {
  // What reads mails is loaded with the first one
  const { mailboxes } = await import('./mailboxes.ts')
  const { headers, ...mail } = 'raw' in given ? await (await import('./read-mime.ts')).readMime(given) : given
  const [from = '', ...others] = mailboxes([mail.from])
  return {
    ...mail,
    from: others.length > 0 ? '' : from,
    recipients: mailboxes(mail.recipients),
    attachments: mail.attachments.map((one) => ({ ...one, contentId: shownIn(mail.html, one.contentId ?? '') })),
    header: lookUp(headers),
  }
}

/** The id by which the HTML shows a part (RFC 2392); undefined: it does not */
function shownIn(html: string, contentId: string): string | undefined {
  const id = contentId.trim().replace(/^<|>$/g, '')
  return id !== '' && html.includes(`cid:${id}`) ? id : undefined
}

function lookUp(headers: MailInParts['headers']): InboundMail['header'] {
  const values = new Map<string, string[]>()
  for (const [name, value] of headers) {
    const key = name.toLowerCase()
    const list = values.get(key)
    if (list) list.push(value.trim())
    else values.set(key, [value.trim()])
  }
  return (name) => values.get(name) ?? []
}
