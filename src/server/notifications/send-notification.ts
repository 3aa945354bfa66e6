import type { SupportActivity } from '../../protocol/activity.ts'
import type { HostUsers } from '../people/host-users.ts'
import { isoTime, type Clock } from '../ports/clock.ts'
import { HANDOVER_WITHIN, MailFailed, MailRefused, type Mail, type Mailer } from '../ports/mailer.ts'
import type { MailOutcome, Observer } from '../ports/observer.ts'
import type { DueNotification, NotificationOutcome } from '../ports/store/notifications.ts'
import type { Store } from '../ports/store/store.ts'
import type { ProviderPause } from './provider-pause.ts'

export type NotificationStore = Pick<
  Store,
  'claimNotifications' | 'handOverNotification' | 'settleNotification' | 'nextNotification'
>

export interface SendOptions {
  store: NotificationStore
  clock: Clock
  mailer: Mailer
  /** One mail to a user. To staff one for each address; none: nobody is to be told */
  compose: (due: DueNotification) => Promise<Mail[]>
  /** Where the host has a table of users, it has their addresses of now */
  hostUsers?: Pick<HostUsers, 'refresh'> | null
  onError: (error: unknown) => void
  observer?: Observer | undefined
  /** Told of what became of a mail to the user, which was committed */
  onActivity?: ((chatId: string, activity: SupportActivity) => void) | undefined
  /** Begins when the provider says that it takes no mails for a while */
  pause: ProviderPause
}

/**
 * Milliseconds for which a mail belongs to the worker that claimed it, and again from its handover. Longer than a mailer and the
 * database may take before the handover, but short: the mail of a killed process waits this long.
 */
export const LEASE = HANDOVER_WITHIN + 30_000
/** Why a mail ended that nobody was to get */
export const NOBODY = 'nobody is to be told'
const MAX_REFUSALS = 8
/** Milliseconds before the second attempt; doubles each time */
const FIRST_RETRY = 30_000
/** Milliseconds for which a provider may put us off */
const LONGEST_LIMIT = 24 * 60 * 60_000

/** The handover was refused: another node holds the mail, or it must no longer be sent */
class Withdrawn extends Error {
  override readonly name = 'Withdrawn'
}

/** One mail that was not sent. `isCertain`: the provider did not accept it */
interface Failure {
  error: unknown
  isCertain: boolean
}

/**
 * Delivers one claimed notification: composes its mail, hands it over, and stores the outcome. Several mails, to the addresses of
 * staff, are handed over as one: it is sent when one of them was accepted, and refused when all were.
 */
export async function sendNotification(due: DueNotification, options: SendOptions): Promise<void> {
  const { store, clock, mailer, compose, hostUsers, onError, observer, onActivity, pause } = options
  const now = () => isoTime(clock.now())
  let isWithdrawn = false
  let handingOver: Promise<void> | undefined
  const handover = () => (handingOver ??= handOver())
  async function handOver(): Promise<void> {
    isWithdrawn = !(await store.handOverNotification(due, now(), LEASE))
    if (isWithdrawn) throw new Withdrawn('The mail is not to be sent any more')
  }

  const ids = { chat_id: due.chat_id, message_id: due.message.id }
  const report = (mailOutcome: MailOutcome, reason?: string): void =>
    observer?.mail?.({ outcome: mailOutcome, ...ids, ...(reason === undefined ? {} : { reason }) })

  /** @returns undefined: the provider accepted it */
  async function send(mail: Mail): Promise<Failure | undefined> {
    let isHandedOver = false
    const handOverThis = async (): Promise<void> => {
      await handover()
      isHandedOver = true
    }
    try {
      if (!mailer.handsOver) await handOverThis()
      await mailer.send(mail, handOverThis)
      await handover()
      pause.end()
      return undefined
    } catch (error) {
      return { error, isCertain: error instanceof MailRefused || !isHandedOver }
    }
  }

  async function sendAll(): Promise<{ failed: Failure[]; tried: number }> {
    try {
      // With another address the handover is refused, and the mail goes there at the next look
      await hostUsers?.refresh([due.person.id])
      const mails = await compose(due)
      const results = await Promise.all(mails.map(send))
      return { failed: results.filter((result) => result !== undefined), tried: mails.length }
    } catch (error) {
      return { failed: [{ error, isCertain: true }], tried: 1 }
    }
  }

  const { failed, tried } = await sendAll()
  if (isWithdrawn) return report('withdrawn')
  if (tried === 0) return void (await store.settleNotification(due, { state: 'failed', reason: NOBODY }, now()))
  for (const { error } of failed) onError(new MailFailed(error, ids))
  for (const { error } of failed) {
    const limit = error instanceof MailRefused ? error.retryAfter : undefined
    if (limit !== undefined) pause.begin(Math.min(Math.max(limit, 0), LONGEST_LIMIT))
  }
  const outcome: NotificationOutcome = failed.length < tried ? { state: 'sent' } : outcomeOf(failed, due, options)
  // The mailer may have failed while the handover was being stored, which must finish before the outcome is stored
  await handingOver?.catch(() => undefined)
  // Once the lease has run out, what became of it has been told already
  const settled = await store.settleNotification(due, outcome, now())
  if (settled?.activity) onActivity?.(due.chat_id, settled.activity)
  if (settled) report(outcome.state, 'reason' in outcome ? outcome.reason : undefined)
}

/** Of mails of which none was accepted */
function outcomeOf(failed: Failure[], due: DueNotification, { clock, pause }: SendOptions): NotificationOutcome {
  const decisive =
    failed.find(({ isCertain }) => !isCertain) ?? failed.find(isLimit) ?? failed.find(isPassing) ?? failed[0]
  const reason = messageOf(decisive?.error)
  if (decisive && !decisive.isCertain) return { state: 'uncertain', reason }
  if (decisive && isLimit(decisive)) return { state: 'retry', retry_at: isoTime(pause.until), reason, limited: true }
  return decisive && !isPassing(decisive) ? { state: 'failed', reason } : afterRefusal(due, reason, clock)
}

/** The provider takes no mails at all for a while */
const isLimit = ({ error }: Failure): boolean => error instanceof MailRefused && error.retryAfter !== undefined
/** The same mail may be accepted later */
const isPassing = ({ error }: Failure): boolean => !(error instanceof MailRefused && error.final)
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function afterRefusal({ refusals }: DueNotification, reason: string, clock: Clock): NotificationOutcome {
  if (refusals + 1 >= MAX_REFUSALS) return { state: 'failed', reason }
  return { state: 'retry', retry_at: isoTime(clock.now() + FIRST_RETRY * 2 ** refusals), reason }
}
