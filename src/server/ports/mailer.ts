/** An e-mail ready to go. Addresses are objects, never strings to be parsed (nodemailer CVE-2025-13033). */
export interface Mail {
  to: { name: string; address: string }
  subject: string
  text: string
  html: string
  /** Extra headers, such as List-Unsubscribe */
  headers: Record<string, string>
}

/**
 * Hands a mail to a provider. Resolves once the provider accepted it.
 * @throws MailRefused when it certainly was not accepted, so that sending again is safe.
 * Any other error leaves that open, and the mail is not sent again: one lost mail is better than two.
 */
export interface Mailer {
  send(mail: Mail): Promise<void>
  close?(): void
}

export class MailRefused extends Error {
  override readonly name = 'MailRefused'
}
