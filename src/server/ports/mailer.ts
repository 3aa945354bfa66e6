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
 * Hands a mail to a provider, and is never asked to send it again unless it certainly was not accepted: one lost mail is better
 * than two.
 */
export interface Mailer {
  /**
   * Resolves once the provider accepted it.
   *
   * @param handover await it right before the mail's content leaves. It notes durably that the provider may have the mail from
   * here on, and decides a last time that it should: when it rejects, send nothing and let the error through. Do so within a
   * minute and a half of the call, or somebody else takes over and it rejects.
   * @throws MailRefused when the mail certainly was not accepted, so that sending again is safe. So is any error before
   * `handover`; any other leaves open what happened, and the mail is not sent again.
   */
  send(mail: Mail, handover: () => Promise<void>): Promise<void>
  /**
   * Says that `send` awaits `handover`. Without it the mail counts as handed over before `send` is called: nothing is sent twice
   * either, but a process that dies while it connects to the provider loses the mail, and of the errors MailRefused alone is
   * tried again.
   */
  handsOver?: true
  close?(): void
}

export class MailRefused extends Error {
  override readonly name = 'MailRefused'
}
