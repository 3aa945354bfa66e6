import { DeskbellError } from '../../protocol/errors.ts'
import { isEmailAddress } from '../../protocol/email-address.ts'
import { oneLine } from '../../protocol/one-line.ts'
import type { ServerCatalogue } from '../catalogue.ts'
import { RateLimit } from '../http/rate-limit.ts'
import type { ProviderPause } from '../notifications/provider-pause.ts'
import type { Clock } from '../ports/clock.ts'
import type { Mail, Mailer } from '../ports/mailer.ts'
import { shortMail } from '../short-mail.ts'
import { shortened } from '../people/shortened.ts'
import type { InboundMail } from './inbound-mail.ts'
import type { Refusal } from './refusal.ts'

export interface RefusalMailOptions {
  mailer: Mailer
  words: ServerCatalogue
  appName: string
  /** Where people find the chat */
  home: string
  clock: Clock
  /** While the provider takes no mails, nobody is told */
  pause: Pick<ProviderPause, 'isOn'>
  onError: (error: unknown) => void
}

const DAY = 86_400
/** One a day for an address, and few for all together: the address in a mail may be anybody's */
const PER_ADDRESS = { perSecond: 1 / DAY, burst: 1 }
const IN_ALL = { perSecond: 100 / 3_600, burst: 100 }
/** Characters of the subject that is repeated */
const LONGEST_SUBJECT = 200

/**
 * Tells people that their mail is not in the chat, and why. No program gets it. Nothing of it is stored, so it may be lost, and an error is
 * only reported.
 */
export function refusalMails(options: RefusalMailOptions): (to: InboundMail, why: Refusal) => void {
  const { mailer, clock, pause, onError } = options
  const perAddress = new RateLimit(PER_ADDRESS, clock)
  const inAll = new RateLimit(IN_ALL, clock)

  /** @throws DeskbellError `rate_limited` */
  function take(address: string): void {
    // First, so that the addresses that are remembered are no more than these
    inAll.take('')
    try {
      perAddress.take(address.toLowerCase())
    } catch (error) {
      inAll.giveBack('')
      throw error
    }
  }

  async function send(to: InboundMail, why: Refusal): Promise<void> {
    if (!isEmailAddress(to.from) || pause.isOn) return
    take(to.from)
    await mailer.send(await composeRefusal(to, why, options), () => Promise.resolve())
  }
  // The provider may take long, and whoever delivered the mail waits for an answer
  return (to, why) =>
    void send(to, why).catch((error: unknown) => {
      if (!(error instanceof DeskbellError)) onError(error)
    })
}

export async function composeRefusal(
  { from, subject, messageId }: Pick<InboundMail, 'from' | 'subject' | 'messageId'>,
  why: Refusal,
  { words: { locale, byMail: say }, appName, home }: Pick<RefusalMailOptions, 'words' | 'appName' | 'home'>,
): Promise<Mail> {
  const app = oneLine(appName)
  const written = await shortMail({
    locale,
    subject: oneLine(say.subject(shortened(oneLine(subject), LONGEST_SUBJECT))),
    paragraphs: [say.refused[why], say.instead(app)],
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
