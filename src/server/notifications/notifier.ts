import type { ChatEvent } from '../events/chat-event.ts'
import { isoTime } from '../ports/clock.ts'
import type { DueNotification, NotificationKind } from '../ports/store/notifications.ts'
import type { StaffPresence } from '../realtime/streams/staff-presence.ts'
import type { Afterwork } from '../stop/afterwork.ts'
import { DELIVERIES } from '../stop/budget.ts'
import { DueWorker, type Turn } from '../work/due-worker.ts'
import type { TimeLimit } from '../work/time-limit.ts'
import type { MailDelay } from './mail-delay.ts'
import { sendNotification, LEASE, type SendOptions } from './send-notification.ts'

export interface NotifierOptions extends SendOptions {
  kind: NotificationKind
  /** From a message to its e-mail */
  notifyAfter: MailDelay
  /** See `DueWork.onDemand` */
  onDemand?: boolean
  afterwork?: Pick<Afterwork, 'add'>
  /** While somebody of staff is online, only those chats are told of that somebody has who is not. Default: all are, always */
  staff?: Pick<StaffPresence, 'holds' | 'present'> | null
}

/** While somebody is online, chats of those who are not are looked for this often (ms): all that is held back is read for it */
const HELD_LOOKS = 10_000

/** Mails in delivery at the same time */
const MAX_DELIVERIES = 10

/** Sends due e-mails of one kind. The database decides at that moment, from the read marks, what is sent. */
export class Notifier {
  readonly #options: NotifierOptions
  readonly #worker: DueWorker<DueNotification>
  /** When chats of those who are not online were looked for last, in vain (ms since 1970) */
  #lookedAt = -Infinity

  constructor(options: NotifierOptions) {
    this.#options = options
    const { clock, onError, onDemand = false, afterwork } = options
    this.#worker = new DueWorker({
      clock,
      onError,
      onDemand,
      afterwork,
      atOnce: MAX_DELIVERIES,
      patience: 2 * LEASE,
      claim: (limit) => this.#claim(limit),
      next: () => this.#next(),
      work: (due) => sendNotification(due, options),
    })
  }

  /** Plans a look for each message that needs a mail unless it is read before */
  receive(events: readonly ChatEvent[]): void {
    const { kind, clock, notifyAfter } = this.#options
    const sender = kind === 'reply' ? 'admin' : 'user'
    if (events.some((event) => event.type === 'message' && event.message.sender_type === sender))
      this.#worker.lookIn(notifyAfter(clock.now()))
  }

  /** Sends what is due. Never rejects */
  runDue(limit: TimeLimit): Promise<Turn> {
    return this.#worker.runDue(limit)
  }

  /** Mails in delivery */
  get onTheirWay(): number {
    return this.#worker.underWay
  }

  /** Starts no more deliveries, and waits a limited time for running ones: a provider that hangs must not block the stop */
  close(): Promise<void> {
    return this.#worker.close(DELIVERIES)
  }

  async #claim(limit: number): Promise<DueNotification[]> {
    const { kind, store, clock, notifyAfter, staff, pause, observer, onActivity } = this.#options
    if (pause.isOn) return []
    const now = clock.now()
    const online = staff && staff.holds() > 0 ? staff.present() : undefined
    if (online === null || (online && now < this.#lookedAt + HELD_LOOKS)) return []
    const { due, lost } = await store.claimNotifications({
      kind,
      at: isoTime(now),
      delay: notifyAfter(now),
      lease: LEASE,
      limit,
      online: online && [...online],
    })
    if (online && due.length < limit) this.#lookedAt = now
    for (const { activity, ...one } of lost) {
      if (activity) onActivity?.(one.chat_id, activity)
      observer?.mail?.({ outcome: 'uncertain', ...one })
    }
    return due
  }

  async #next(): Promise<string | undefined> {
    const { kind, store, clock, staff, pause } = this.#options
    const held = Math.min(staff?.holds() ?? 0, HELD_LOOKS)
    const next = await store.nextNotification(kind)
    const until = isoTime(Math.max(pause.until, held > 0 ? clock.now() + held : -Infinity))
    return next !== undefined && next < until ? until : next
  }
}
