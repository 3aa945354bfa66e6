import type { InboundMailReader } from '../ports/inbound-mail.ts'

export interface MailReplyOptions {
  /** Mails ask for answers to `reply+TOKEN@` this domain, such as `reply.example.com`; what is sent there must reach `mail/inbound` */
  domain: string
  /**
   * Whoever delivers mails to `mail/inbound`, `mail/inbound/postmark` or `mail/inbound/sendgrid` sends it as the password, or as a bearer
   * token: 16 characters at least. Default: nobody delivers there
   */
  secret?: string | undefined
  /**
   * Services that sign what they post to `mail/inbound/NAME`
   * @example services: [resendInbound({ secret: process.env.RESEND_INBOUND_SECRET, key: process.env.RESEND_KEY })]
   */
  services?: InboundMailReader[] | undefined
}

const MIN_SECRET = 16
const DOMAIN = /^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+$/i

/** @throws Error when one of them cannot be right */
export function checkMailReplies({ domain, secret, services = [] }: MailReplyOptions): void {
  if (!DOMAIN.test(domain)) throw new Error(`mailReplies.domain ${domain} is not a domain such as reply.example.com`)
  // It may be missing: a variable of the environment that is not set
  if (secret === undefined && services.length > 0) return
  if ((secret?.length ?? 0) < MIN_SECRET) throw new Error(`mailReplies.secret needs at least ${MIN_SECRET} characters`)
}
