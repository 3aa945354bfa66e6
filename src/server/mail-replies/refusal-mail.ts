import { isEmailAddress } from '../../protocol/email-address.ts'
import { oneLine } from '../../protocol/one-line.ts'
import type { ServerCatalogue } from '../catalogue.ts'
import { base64url, sha256 } from '../bytes.ts'
import { Allowances } from '../http/allowances.ts'
import type { MailLook } from '../notifications/mail-look.ts'
import type { ProviderPause } from '../notifications/provider-pause.ts'
import type { Clock } from '../ports/clock.ts'
import type { Mail, Mailer } from '../ports/mailer.ts'
import type { AllowanceStore } from '../ports/store/allowances.ts'
import type { Afterwork } from '../stop/afterwork.ts'
import { shortMail } from '../short-mail.ts'
import { shortened } from '../people/shortened.ts'
import type { InboundMail } from './inbound-mail.ts'
import type { Refusal } from './refusal.ts'

export interface RefusalMailOptions {
  mailer: Mailer
  /** Counts the mails of all nodes */
  store: AllowanceStore
  words: ServerCatalogue
  look: MailLook
  appName: string
  /** Where people find the chat */
  home: string
  clock: Clock
  /** While the provider takes no mails, nobody is told */
  pause: Pick<ProviderPause, 'isOn'>
  onError: (error: unknown) => void
  afterwork: Pick<Afterwork, 'add'>
}

const HOUR = 3_600_000
/** One a day for an address, and few for all together: the address in a mail may be anybody's */
const PER_ADDRESS = { burst: 1, every: 24 * HOUR }
const IN_ALL = { burst: 100, every: HOUR / 100 }
/** Characters of the subject that is repeated */
const LONGEST_SUBJECT = 200

/**
 * Tells people that their mail is not in the chat, and why. No program gets it. Nothing of it is stored, so it may be lost, and an error is
 * only reported.
 */
export function refusalMails(options: RefusalMailOptions): (to: InboundMail, why: Refusal) => void {
  const { mailer, store, clock, pause, onError, afterwork } = options
  const allowances = new Allowances(store, clock)

  async function send(to: InboundMail, why: Refusal): Promise<void> {
    if (!isEmailAddress(to.from) || pause.isOn) return
    const wait = await allowances.take([
      { ...PER_ADDRESS, id: await idOf(`to ${to.from.toLowerCase()}`) },
      { ...IN_ALL, id: await idOf('in all') },
    ])
    if (wait > 0) return
    await mailer.send(await composeRefusal(to, why, options), () => Promise.resolve())
  }
  // The provider may take long, and whoever delivered the mail waits for an answer
  return (to, why) => afterwork.add(send(to, why).catch(onError))
}

const idOf = async (what: string): Promise<string> => base64url(await sha256(`refusal mail ${what}`))

export async function composeRefusal(
  { from, subject, messageId }: Pick<InboundMail, 'from' | 'subject' | 'messageId'>,
  why: Refusal,
  {
    words: { locale, byMail: say },
    look,
    appName,
    home,
  }: Pick<RefusalMailOptions, 'words' | 'look' | 'appName' | 'home'>,
): Promise<Mail> {
  const app = oneLine(appName)
  const written = await shortMail({
    look,
    locale,
    subject: oneLine(say.subject(shortened(oneLine(subject), LONGEST_SUBJECT))),
    paragraphs: [say.refused[why], ...(why === 'blocked' ? [] : [say.instead(app)])],
    button: say.open(app),
    link: home,
    small: null,
  })
  return {
    to: { name: '', address: from },
    ...written,
    headers: { ...threadOf(messageId), 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' },
  }
}

/** What no header can hold is left out: the mail then begins a thread of its own */
const threadOf = (messageId: string): Record<string, string> =>
  /^<[\x21-\x3b\x3d\x3f-\x7e]{3,250}>$/.test(messageId) ? { 'In-Reply-To': messageId, References: messageId } : {}
