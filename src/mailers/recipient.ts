import { isEmailAddress } from '../protocol/email-address.ts'
import { oneLine } from '../protocol/one-line.ts'
import { MailRefused, type Mail } from '../server/ports/mailer.ts'

/**
 * A mailer refuses what it cannot take literally: libraries and services repair such addresses, and then the mail goes to somebody else.
 * @throws MailRefused when it is no address
 */
export function recipientOf({ to: { name, address } }: Mail): Mail['to'] {
  if (!isEmailAddress(address)) throw new MailRefused('The recipient has no valid e-mail address', { final: true })
  return { name: oneLine(name), address }
}
