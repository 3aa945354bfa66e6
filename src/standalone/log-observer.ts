import { MailFailed } from '../server/ports/mailer.ts'
import type { Observer } from '../server/ports/observer.ts'
import { describe } from './describe-error.ts'
import type { Log } from './log.ts'
import { LineLimiter } from './line-limiter.ts'
import { withoutAddresses } from './without-addresses.ts'

/** A commit that takes longer (ms) is logged */
const SLOW = 1_000
/** Refusals that every visitor without a session, or with an old one, causes */
const ORDINARY = new Set<string>(['unauthorized', 'token_expired'])
/** Lines a minute */
const REFUSALS = 20
const SLOW_COMMITS = 10
const REFUSED_MAILS = 20
const REFUSED_WEBHOOKS = 20
const UNPUBLISHED = 20
/** Lines a minute with the same message, and how many messages are kept apart */
const ERRORS = 5
const MESSAGES = 60

/** Characters of what a mail provider said; the database keeps all of it, for `deskbell why` */
const LONGEST_REASON = 200

const heldBack = (held: number): { held_back?: number } => (held > 0 ? { held_back: held } : {})

const told = (reason: string): string => withoutAddresses(reason).replace(/\s+/g, ' ').slice(0, LONGEST_REASON)

export function logObserver(log: Log): Observer {
  const refusals = new LineLimiter(REFUSALS)
  const slow = new LineLimiter(SLOW_COMMITS)
  const refusedMails = new LineLimiter(REFUSED_MAILS)
  const refusedWebhooks = new LineLimiter(REFUSED_WEBHOOKS)
  const unpublished = new LineLimiter(UNPUBLISHED)
  return {
    committed({ ms, messages }) {
      if (ms < SLOW) return
      slow.pass((held) => log.warn({ ms: Math.round(ms), messages, ...heldBack(held) }, 'Slow commit'))
    },
    mail({ outcome, reason, ...ids }) {
      const mail = { ...ids, ...(reason === undefined ? {} : { reason: told(reason) }) }
      if (outcome === 'failed') log.error(mail, 'E-mail failed for good')
      else if (outcome === 'uncertain')
        log.warn(mail, 'E-mail is uncertain: it may have been sent, so it is not sent again')
      else if (outcome === 'retry') log.warn(mail, 'E-mail refused for now')
      else log.debug(mail, `E-mail ${outcome}`)
    },
    inboundMail(outcome) {
      if (outcome === 'joined' || outcome === 'automatic') log.debug(`Reply by e-mail: ${outcome}`)
      else refusedMails.pass((held) => log.warn(heldBack(held), `Reply by e-mail not taken: ${outcome}`))
    },
    webhook({ outcome, ...webhook }) {
      if (outcome === 'failed') log.error(webhook, 'Webhook failed for good')
      else if (outcome === 'retry')
        refusedWebhooks.pass((held) => log.warn({ ...webhook, ...heldBack(held) }, 'Webhook not accepted for now'))
      else log.debug(webhook, 'Webhook delivered')
    },
    published({ event, outcome, reason }) {
      // Typing is of no use later, so its loss is no news
      if (outcome === 'published' || event === 'typing') return
      const why = reason === undefined ? {} : { reason: told(reason) }
      unpublished.pass((held) => log.warn({ outcome, ...why, ...heldBack(held) }, 'Hint not published'))
    },
    busLost: (error) =>
      log.error({ err: describe(error) }, 'The bus is away; events of other nodes come late until it is back'),
    busResumed: () => log.warn('The bus is back; what was missed is read from the database'),
    refused(code, address) {
      if (ORDINARY.has(code)) return log.debug({ code, address }, 'Credentials refused')
      refusals.pass((held) => log.warn({ code, address, ...heldBack(held) }, 'Credentials refused'))
    },
  }
}

/** Logs errors that no caller gets to see */
export function errorLog(log: Log): (error: unknown) => void {
  const errors = new LineLimiter(ERRORS, MESSAGES)
  return (error) => {
    if (error instanceof MailFailed) {
      // Already logged as the mail's outcome. How it came to it interests who looks for a fault in the mailer
      const { chat_id, message_id, cause } = error
      return log.debug({ chat_id, message_id, err: describe(cause) }, 'E-mail error')
    }
    const err = describe(error)
    errors.pass((held) => log.error({ err, ...heldBack(held) }, err.message), err.message)
  }
}
