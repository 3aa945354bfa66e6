import type { ChatEvent } from '../events/chat-event.ts'
import { isoTime } from '../ports/clock.ts'
import type { DueNotification } from '../ports/store/notifications.ts'
import { DELIVERIES } from '../stop/budget.ts'
import { DueWorker } from '../work/due-worker.ts'
import { deliver, LEASE, type DeliveryOptions } from './mail-delivery.ts'
import { ProviderPause } from './provider-pause.ts'

export interface NotifierOptions extends Omit<DeliveryOptions, 'pause'> {
  /** Milliseconds from a reply to its e-mail */
  notifyAfter: number
}

/** Mails in delivery at the same time */
const MAX_DELIVERIES = 10

/** Sends due e-mails. The database decides at that moment, from the read marks, what is sent. */
export class Notifier {
  readonly #options: NotifierOptions
  readonly #worker: DueWorker<DueNotification>
  readonly #pause: ProviderPause

  constructor(options: NotifierOptions) {
    this.#options = options
    const { clock, onError } = options
    const pause = new ProviderPause(clock)
    this.#pause = pause
    this.#worker = new DueWorker({
      clock,
      onError,
      atOnce: MAX_DELIVERIES,
      patience: 2 * LEASE,
      claim: async (limit) => (pause.isOn ? [] : this.#claim(limit)),
      next: () => this.#next(),
      work: (due) => deliver(due, { ...options, pause }),
    })
  }

  /** Plans a look for each reply of staff, which needs a mail unless it is read before */
  receive(events: readonly ChatEvent[]): void {
    if (events.some((event) => event.type === 'message' && event.message.sender_type === 'admin'))
      this.#worker.lookIn(this.#options.notifyAfter)
  }

  /** Mails in delivery */
  get onTheirWay(): number {
    return this.#worker.underWay
  }

  /** Starts no more deliveries, and waits a limited time for running ones: a provider that hangs must not block the stop */
  close(): Promise<void> {
    return this.#worker.close(DELIVERIES)
  }

  async #next(): Promise<string | undefined> {
    const next = await this.#options.store.nextNotification()
    const until = isoTime(this.#pause.until)
    return next !== undefined && next < until ? until : next
  }

  async #claim(limit: number): Promise<DueNotification[]> {
    const { store, clock, notifyAfter, observer } = this.#options
    const { due, lost } = await store.claimNotifications({
      at: isoTime(clock.now()),
      delay: notifyAfter,
      lease: LEASE,
      limit,
    })
    for (const one of lost) observer?.mail?.({ outcome: 'uncertain', ...one })
    return due
  }
}
