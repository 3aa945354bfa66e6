// The e-mails with a link: an invitation, and a new password.
import type { Mail, Mailer } from '../../server/ports/mailer.ts'
import type { MailLook } from '../../server/notifications/mail-look.ts'
import { shortMail } from '../../server/short-mail.ts'
import type { AccountsCatalogue } from './catalogue.ts'

export interface LinkMail {
  look: MailLook
  to: { name: string; address: string }
  subject: string
  text: string
  button: string
  link: string
}

export async function composeLinkMail(
  { locale, mail: say }: AccountsCatalogue,
  { look, to, subject, text, button, link }: LinkMail,
): Promise<Mail> {
  const small = `${say.expires} ${say.unexpected}`
  const written = await shortMail({ look, locale, subject, paragraphs: [text], button, link, small })
  return { to, ...written, headers: { 'Auto-Submitted': 'auto-generated' } }
}

/** @throws what the mailer throws. A mail with a link is sent once: whoever needs it asks for another */
export const sendMail = (mailer: Mailer, mail: Mail): Promise<void> => mailer.send(mail, async () => undefined)
