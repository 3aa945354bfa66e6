import type { Mailer } from '../../server/ports/mailer.ts'
import { withoutPassword } from '../../standalone/loggable-settings.ts'
import { mailerOf } from '../../standalone/mailer.ts'
import type { Settings } from '../../standalone/settings.ts'
import { note, ok, reasonOf, wrong, type Finding } from './finding.ts'

/** How long the mail server may take to answer (ms) */
const PATIENCE = 8_000

/** @param sendTo the address that gets a test mail; undefined: none is sent */
export async function checkMail({ mailUrl, mailFrom, production }: Settings, sendTo?: string): Promise<Finding[]> {
  if (mailUrl === 'mailbox:') {
    const text = 'MAIL_URL is mailbox:, which keeps mails at /dev/mailbox and sends none'
    return [production || sendTo !== undefined ? wrong('mail', `${text}: set it to smtp://…`) : note('mail', text)]
  }
  const name = withoutPassword(mailUrl)
  const mailer = mailerOf(mailUrl, { from: mailFrom, timeout: PATIENCE })
  try {
    return await examine(mailer, name, mailFrom, sendTo)
  } finally {
    mailer.close?.()
  }
}

async function examine(
  mailer: Mailer,
  name: string,
  mailFrom: Settings['mailFrom'],
  sendTo: string | undefined,
): Promise<Finding[]> {
  const findings: Finding[] = []
  try {
    const worthKnowing = await mailer.verify?.()
    findings.push(ok('mail', `${name} lets us in`))
    if (worthKnowing) findings.push(note('mail account', worthKnowing))
  } catch (error) {
    return [wrong('mail', `${name}: ${reasonOf(error)}. Check MAIL_URL, and that this machine may connect to it`)]
  }
  if (mailFrom.address.endsWith('@localhost'))
    findings.push(wrong('mail sender', `Mails come from ${mailFrom.address}, which nobody accepts: set MAIL_FROM`))
  if (sendTo !== undefined) findings.push(await sendTest(mailer, sendTo))
  return findings
}

async function sendTest(mailer: Mailer, address: string): Promise<Finding> {
  const text = 'This is a test mail from Deskbell. If you can read it, mails arrive.'
  const mail = {
    to: { name: '', address },
    subject: 'Deskbell can send e-mail',
    text,
    html: `<p>${text}</p>`,
    headers: {},
  }
  try {
    await mailer.send(mail, async () => undefined)
    return ok('test mail', `Accepted for ${address}; check that it arrives, and not as spam`)
  } catch (error) {
    return wrong('test mail', `Not accepted for ${address}: ${reasonOf(error)}`)
  }
}
