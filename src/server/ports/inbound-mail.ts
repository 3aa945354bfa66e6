import type { FileContent } from './file-content.ts'

/**
 * Whether the domain in `From` sent a mail (DMARC, RFC 7489), as far as whoever received it said so. What the mail itself says does not
 * count: anybody could have written it
 */
export type Alignment = 'pass' | 'fail' | 'unknown'

/** A mail as it was sent (RFC 5322 and MIME) */
export interface WholeMail {
  raw: Uint8Array
  /** To whom the mail server delivered it. Those whom its headers name come after them */
  recipients: string[]
  alignment: Alignment
}

export interface MailAttachment {
  /** As the mail says, in lower case. Its content decides as what it is stored */
  type: string
  /** Empty: it has none */
  name: string
  /** As the header has it. Where the HTML shows a part by it, that is a picture which was pasted, or one of a signature */
  contentId?: string | undefined
  /**
   * Asked for when the mail is somebody's who may write. Left out: the content did not come with the mail, or not to its end
   * @throws Error when it cannot be read now. The service is asked to come again with the mail
   */
  content?: () => Promise<FileContent>
}

/** A mail as a service took it apart */
export interface MailInParts {
  /** As in the header `From`: `Ada <ada@example.com>`, or the address alone */
  from: string
  /** To whom the mail server delivered it, and then whom its headers name, each as a header has it */
  recipients: string[]
  /** `Message-ID`; empty: none */
  messageId: string
  subject: string
  /** Empty: the mail has no plain text */
  text: string
  /** Empty: the mail has no HTML */
  html: string
  /** In any order and case; one that is there several times is here as often */
  headers: (readonly [name: string, value: string])[]
  /** The parts that are no text */
  attachments: MailAttachment[]
  alignment: Alignment
}

export interface InboundRequest {
  headers: Headers
  /** As it came */
  body: Uint8Array<ArrayBuffer>
  /** Answers go to addresses of this domain. What is for others need not be read */
  domain: string
}

/** Reads the mails that a service received for us and posts to `mail/inbound/NAME`, or says are there */
export interface InboundMailReader {
  /** In the path, such as `ses` */
  name: string
  /**
   * @returns undefined: the request is in order and holds no mail
   * @throws UnprovenRequest when it does not prove that it is the service's, for this account
   * @throws Error when the mail cannot be read now. It is reported, and the service is asked to come again
   */
  read(request: InboundRequest): Promise<WholeMail | MailInParts | undefined>
}
