/** A mail that somebody sent to us, however it reached us */
export interface InboundMail {
  /** The address in `From`; empty: none, or several */
  from: string
  /** To whom the mail server delivered it, and then whom its headers name */
  recipients: string[]
  /** `Message-ID`; empty: none */
  messageId: string
  subject: string
  /** Empty: the mail has no plain text */
  text: string
  /** Empty: the mail has no HTML */
  html: string
  /** Values of a header, by its name in lower case; none: an empty array */
  header: (name: string) => string[]
  /** Media types and names of the parts that are no text */
  attachments: { type: string; name: string }[]
  /**
   * Whether the domain in `From` sent it (DMARC, RFC 7489), as far as whoever received the mail said so. What the mail itself says does
   * not count: anybody could have written it
   */
  alignment: 'pass' | 'fail' | 'unknown'
}

/** @param headers names in any case */
export function headersOf(headers: Iterable<readonly [name: string, value: string]>): InboundMail['header'] {
  const values = new Map<string, string[]>()
  for (const [name, value] of headers) {
    const key = name.toLowerCase()
    const list = values.get(key)
    if (list) list.push(value.trim())
    else values.set(key, [value.trim()])
  }
  return (name) => values.get(name) ?? []
}
