/** An e-mail ready to go. Addresses are objects, never strings to be parsed (nodemailer CVE-2025-13033). */
export interface Mail {
  to: { name: string; address: string }
  subject: string
  text: string
  html: string
  /** Extra headers, such as List-Unsubscribe */
  headers: Record<string, string>
}

/** A minute and a half, in milliseconds: what a mailer may take before the handover */
export const HANDOVER_WITHIN = 90_000

/**
 * Hands mails to a provider. It is never asked to send one again unless that was certainly not accepted: one lost mail is better than
 * two equal ones.
 */
export interface Mailer {
  /**
   * Resolves once the provider accepted it.
   *
   * @param handover await it right before the mail's content leaves. It records durably that the provider may have the mail from now on,
   * and checks a last time that the mail should go out: when it rejects, send nothing and let the error through. Call it within
   * `HANDOVER_WITHIN` of the call of `send`; later, another worker has taken over and it rejects.
   * @throws MailRefused when the mail was certainly not accepted, so that it can be sent again. So can a mail that failed with any error
   * before `handover`. After it, any other error leaves open what happened, and the mail is not sent again.
   */
  send(mail: Mail, handover: () => Promise<void>): Promise<void>
  /**
   * Says that `send` awaits `handover`. Without it, a mail counts as handed over before `send` is called. It is not sent twice then
   * either, but it is lost when the process dies while it connects to the provider, and it is tried again after MailRefused only.
   */
  handsOver?: true
  /** Called once, at the end of `deskbell.close()` */
  close?(): void
}

/** The provider certainly did not accept the mail; the message says why, and `deskbell why` shows it */
export class MailRefused extends Error {
  override readonly name = 'MailRefused'
}
