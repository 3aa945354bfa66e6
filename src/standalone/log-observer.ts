import { MailRefused } from '../server/ports/mailer.ts'
import type { Observer } from '../server/ports/observer.ts'
import { describe } from './describe-error.ts'
import type { Log } from './log.ts'
import { Sparing } from './sparing.ts'
import { withoutAddresses } from './without-addresses.ts'

/** A commit that takes longer is worth a line (ms) */
const SLOW = 1_000
/** What comes with every visitor whose session ran out, or who has none */
const ORDINARY = new Set<string>(['unauthorized', 'token_expired'])
/** Lines a minute */
const REFUSALS = 20
const SLOW_COMMITS = 10
/** With the same message, of which so many are told apart */
const ERRORS = 5
const MESSAGES = 60

/** Characters of what a mail provider said; the database keeps all of it, for `deskbell why` */
const LONGEST_REASON = 200

const heldBack = (held: number): { held_back?: number } => (held > 0 ? { held_back: held } : {})

const told = (reason: string): string => withoutAddresses(reason).replace(/\s+/g, ' ').slice(0, LONGEST_REASON)

export function logObserver(log: Log): Observer {
  const refusals = new Sparing(REFUSALS)
  const slow = new Sparing(SLOW_COMMITS)
  return {
    committed({ ms, messages }) {
      if (ms < SLOW) return
      slow.pass((held) => log.warn({ ms: Math.round(ms), messages, ...heldBack(held) }, 'Slow commit'))
    },
    mail({ outcome, reason, ...ids }) {
      const mail = { ...ids, ...(reason === undefined ? {} : { reason: told(reason) }) }
      if (outcome === 'failed') log.error(mail, 'E-mail failed for good')
      else if (outcome === 'uncertain')
        log.warn(mail, 'E-mail is uncertain: it may have been sent, and is not sent again')
      else if (outcome === 'retry') log.warn(mail, 'E-mail refused for now')
      else log.debug(mail, `E-mail ${outcome}`)
    },
    busLost: (error) =>
      log.error({ err: describe(error) }, 'The bus is away; other nodes’ news come late until it is back'),
    busResumed: () => log.warn('The bus is back; what hints were lost is read from the database'),
    refused(code, address) {
      if (ORDINARY.has(code)) return log.debug({ code, address }, 'Credentials refused')
      refusals.pass((held) => log.warn({ code, address, ...heldBack(held) }, 'Credentials refused'))
    },
  }
}

/** Errors that no caller is shown */
export function errorLog(log: Log): (error: unknown) => void {
  const errors = new Sparing(ERRORS, MESSAGES)
  return (error) => {
    // Told as a mail's outcome
    if (error instanceof MailRefused) return
    const err = describe(error)
    errors.pass((held) => log.error({ err, ...heldBack(held) }, err.message), err.message)
  }
}
