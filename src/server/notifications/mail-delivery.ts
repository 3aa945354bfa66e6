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

export interface DeliveryOptions {
  store: NotificationStore
  clock: Clock
  mailer: Mailer
  compose: (due: DueNotification) => Promise<Mail>
  /** Where the host has a table of users, it has their addresses of now */
  hostUsers?: Pick<HostUsers, 'refresh'> | null
  onError: (error: unknown) => void
  observer?: Observer | undefined
  /** Begins when the provider says that it takes no mails for a while */
  pause: ProviderPause
}

/**
 * Milliseconds for which a mail belongs to the worker that claimed it, and again from its handover. Longer than a mailer and the
 * database may take before the handover, but short: the mail of a killed process waits this long.
 */
export const LEASE = HANDOVER_WITHIN + 30_000
const MAX_REFUSALS = 8
/** Milliseconds before the second attempt; doubles each time */
const FIRST_RETRY = 30_000
/** Milliseconds for which a provider may put us off */
const LONGEST_LIMIT = 24 * 60 * 60_000

/** The handover was refused: another node holds the mail, or it must no longer be sent */
class Withdrawn extends Error {
  override readonly name = 'Withdrawn'
}

/** Delivers one claimed mail: composes it, hands it over, and stores the outcome. */
export async function deliver(due: DueNotification, options: DeliveryOptions): Promise<void> {
  const { store, clock, mailer, compose, hostUsers, onError, observer, pause } = options
  const now = () => isoTime(clock.now())
  const mark = { handedOver: false, withdrawn: false }
  let handingOver: Promise<void> | undefined
  const handover = () => (handingOver ??= handOver())
  async function handOver(): Promise<void> {
    mark.handedOver = await store.handOverNotification(due, now(), LEASE)
    mark.withdrawn = !mark.handedOver
    if (mark.withdrawn) throw new Withdrawn('The mail is not to be sent any more')
  }

  const ids = { chat_id: due.chat_id, message_id: due.message.id }
  const report = (mailOutcome: MailOutcome, reason?: string): void =>
    observer?.mail?.({ outcome: mailOutcome, ...ids, ...(reason === undefined ? {} : { reason }) })

  let outcome: NotificationOutcome = { state: 'sent' }
  try {
    // With another address the handover is refused, and the mail goes there at the next look
    await hostUsers?.refresh([due.person.id])
    const mail = await compose(due)
    if (!mailer.handsOver) await handover()
    await mailer.send(mail, handover)
    await handover()
    pause.end()
  } catch (error) {
    if (mark.withdrawn) return report('withdrawn')
    const failed = new MailFailed(error, ids)
    onError(failed)
    const reason = failed.message
    const certainlyNot = error instanceof MailRefused || !mark.handedOver
    const limit = error instanceof MailRefused ? error.retryAfter : undefined
    if (limit !== undefined) {
      pause.begin(Math.min(Math.max(limit, 0), LONGEST_LIMIT))
      outcome = { state: 'retry', retry_at: isoTime(pause.until), reason, limited: true }
    } else if (error instanceof MailRefused && error.final) outcome = { state: 'failed', reason }
    else outcome = certainlyNot ? afterRefusal(due, reason, clock) : { state: 'uncertain', reason }
    // The mailer may have failed while the handover was being stored, which must finish before the outcome is stored
    await handingOver?.catch(() => undefined)
  }
  // Once the lease has run out, what became of it has been told already
  const isNews = await store.settleNotification(due, outcome, now())
  if (isNews) report(outcome.state, 'reason' in outcome ? outcome.reason : undefined)
}

function afterRefusal({ refusals }: DueNotification, reason: string, clock: Clock): NotificationOutcome {
  if (refusals + 1 >= MAX_REFUSALS) return { state: 'failed', reason }
  return { state: 'retry', retry_at: isoTime(clock.now() + FIRST_RETRY * 2 ** refusals), reason }
}
