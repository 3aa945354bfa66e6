import type { ChatEvent } from '../events/chat-event.ts'
import { isoTime } from '../ports/clock.ts'
import type { DueNotification, NotificationKind } from '../ports/store/notifications.ts'
import { DELIVERIES } from '../stop/budget.ts'
import { DueWorker } from '../work/due-worker.ts'
import { deliver, LEASE, type DeliveryOptions } from './mail-delivery.ts'

export interface NotifierOptions extends DeliveryOptions {
  kind: NotificationKind
  /** Milliseconds from a message to its e-mail */
  notifyAfter: number
  /** Milliseconds during which nothing is sent, even what is due. Default: none */
  holds?: () => number
}

/** Mails in delivery at the same time */
const MAX_DELIVERIES = 10

/** Sends due e-mails of one kind. The database decides at that moment, from the read marks, what is sent. */
export class Notifier {
  readonly #options: NotifierOptions
  readonly #worker: DueWorker<DueNotification>

  constructor(options: NotifierOptions) {
    this.#options = options
    const { clock, onError } = options
    this.#worker = new DueWorker({
      clock,
      onError,
      atOnce: MAX_DELIVERIES,
      patience: 2 * LEASE,
      claim: (limit) => this.#claim(limit),
      next: () => this.#next(),
      work: (due) => deliver(due, options),
    })
  }

  /** Plans a look for each message that needs a mail unless it is read before */
  receive(events: readonly ChatEvent[]): void {
    const { kind, notifyAfter } = this.#options
    const sender = kind === 'reply' ? 'admin' : 'user'
    if (events.some((event) => event.type === 'message' && event.message.sender_type === sender))
      this.#worker.lookIn(notifyAfter)
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
    const { kind, store, clock, notifyAfter, holds, pause, observer } = this.#options
    if (pause.isOn || (holds && holds() > 0)) return []
    const { due, lost } = await store.claimNotifications({
      kind,
      at: isoTime(clock.now()),
      delay: notifyAfter,
      lease: LEASE,
      limit,
    })
    for (const one of lost) observer?.mail?.({ outcome: 'uncertain', ...one })
    return due
  }

  async #next(): Promise<string | undefined> {
    const { kind, store, clock, holds, pause } = this.#options
    const held = holds?.() ?? 0
    if (held > 0) return isoTime(clock.now() + held)
    const next = await store.nextNotification(kind)
    const until = isoTime(pause.until)
    return next !== undefined && next < until ? until : next
  }
}
