import { html } from 'hono/html'
import { DeskbellError } from '../../protocol/errors.ts'
import { isEmailAddress } from '../../protocol/email-address.ts'
import { oneLine } from '../../protocol/one-line.ts'
import type { ServerCatalogue } from '../catalogue.ts'
import { directionOf } from '../http/direction.ts'
import { RateLimit } from '../http/rate-limit.ts'
import type { Clock } from '../ports/clock.ts'
import type { Mail, Mailer } from '../ports/mailer.ts'
import type { InboundMail } from './inbound-mail.ts'
import type { Refusal } from './refusal.ts'

export interface AnswerOptions {
  mailer: Mailer
  words: ServerCatalogue
  appName: string
  /** Where people find the chat */
  home: string
  clock: Clock
  onError: (error: unknown) => void
}

const DAY = 86_400
/** One a day for an address, and few for all together: the address in a mail may be anybody's */
const PER_ADDRESS = { perSecond: 1 / DAY, burst: 1 }
const IN_ALL = { perSecond: 100 / 3_600, burst: 100 }
/** Characters of the subject that is answered */
const LONGEST_SUBJECT = 200

/**
 * Answers people whose mail is not in the chat: once, and never a program. It goes out without a notification behind it, so it may be
 * lost, and an error is only reported.
 */
export function answerMails({ mailer, words, appName, home, clock, onError }: AnswerOptions) {
  const perAddress = new RateLimit(PER_ADDRESS, clock)
  const inAll = new RateLimit(IN_ALL, clock)
  return async (to: InboundMail, why: Refusal): Promise<void> => {
    if (!isEmailAddress(to.from)) return
    try {
      perAddress.take(to.from.toLowerCase())
      inAll.take('')
      await mailer.send(await composeAnswer(to, why, { words, appName, home }), () => Promise.resolve())
    } catch (error) {
      if (!(error instanceof DeskbellError)) onError(error)
    }
  }
}

export async function composeAnswer(
  { from, subject, messageId }: Pick<InboundMail, 'from' | 'subject' | 'messageId'>,
  why: Refusal,
  { words, appName, home }: Pick<AnswerOptions, 'words' | 'appName' | 'home'>,
): Promise<Mail> {
  const say = words.byMail
  const app = oneLine(appName)
  const lines = [say.refused[why], say.instead(app)]
  const page = await html`<!doctype html>
    <html lang="${words.locale}" dir="${directionOf(lines.join(' '))}">
      <body>
        ${lines.map((line) => html`<p>${line}</p>`)}
        <p><a href="${home}">${say.open(app)}</a></p>
      </body>
    </html>`
  return {
    to: { name: '', address: from },
    subject: oneLine(say.subject(oneLine(subject).slice(0, LONGEST_SUBJECT))),
    text: `${lines.join('\n\n')}\n\n${home}\n`,
    html: String(page),
    headers: {
      ...threadOf(messageId),
      'Auto-Submitted': 'auto-replied',
      'X-Auto-Response-Suppress': 'All',
    },
  }
}

/** What no header can hold is left out: the answer is then a mail of its own */
const threadOf = (messageId: string): Record<string, string> =>
  /^<[\x21-\x3b\x3d\x3f-\x7e]{3,250}>$/.test(messageId) ? { 'In-Reply-To': messageId, References: messageId } : {}
