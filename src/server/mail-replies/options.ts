export interface MailReplyOptions {
  /** Mails ask for answers to `reply+TOKEN@` this domain, such as `reply.example.com`; what is sent there must reach `mail/inbound` */
  domain: string
  /** Whoever delivers mails to `mail/inbound` sends it as the password, or as a bearer token: 16 characters at least */
  secret: string
}

const MIN_SECRET = 16
const DOMAIN = /^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+$/i

/** @throws Error when one of them cannot be right */
export function checkMailReplies({ domain, secret }: MailReplyOptions): void {
  if (!DOMAIN.test(domain)) throw new Error(`mailReplies.domain ${domain} is not a domain such as reply.example.com`)
  // In JavaScript it may be missing: a variable of the environment that is not set
  if (((secret as string | undefined)?.length ?? 0) < MIN_SECRET)
    throw new Error(`mailReplies.secret needs at least ${MIN_SECRET} characters`)
}
