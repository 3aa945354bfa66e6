import type { ChatEvent } from '../events/chat-event.ts'
import { isoTime } from '../ports/clock.ts'
import type { DueNotification } from '../ports/store/notifications.ts'
import { atMost } from '../stop/at-most.ts'
import { MAILS } from '../stop/budget.ts'
import { deliver, LEASE, type DeliveryOptions } from './mail-delivery.ts'

export interface NotifierOptions extends DeliveryOptions {
  /** Milliseconds from a reply to its e-mail */
  notifyAfter: number
}

/** Looks for due mails at least this often (ms): the node that claimed a mail may have died, and clocks differ */
const LOOK_EVERY = 60_000
/** Milliseconds until the next look after a database error */
const LOOK_AGAIN = 30_000
/** Mails in delivery at the same time. Other mails wait only when all of these hang */
const MAX_DELIVERIES = 10
/** A delivery that takes longer (ms) is no longer counted: its lease has expired, and a mailer that hangs must not block other mails */
const MAX_WAIT = 2 * LEASE

/** Sends due e-mails. The database decides at that moment, from the read marks, what is sent. */
export class Notifier {
  readonly #options: NotifierOptions
  readonly #deliveries = new Set<Promise<void>>()
  #cancel: (() => void) | undefined
  #dueAt = Infinity
  #running: Promise<void> = Promise.resolve()
  #queued = false
  #closed = false

  constructor(options: NotifierOptions) {
    this.#options = options
    this.#lookIn(0)
  }

  /** Plans a look for each reply of staff, which needs a mail unless it is read before */
  receive(events: readonly ChatEvent[]): void {
    const { clock, notifyAfter } = this.#options
    if (clock.now() + notifyAfter >= this.#dueAt) return
    if (events.some((event) => event.type === 'message' && event.message.sender_type === 'admin'))
      this.#lookIn(notifyAfter)
  }

  /** Mails in delivery */
  get onTheirWay(): number {
    return this.#deliveries.size
  }

  /** Starts no more deliveries, and waits a limited time for running ones: a provider that hangs must not block the stop */
  async close(): Promise<void> {
    this.#closed = true
    this.#cancel?.()
    await this.#running
    await atMost(MAILS, this.#options.clock, Promise.all(this.#deliveries))
  }

  #lookIn(ms: number): void {
    if (this.#closed) return
    this.#cancel?.()
    const wait = Math.max(0, Math.min(ms, LOOK_EVERY))
    this.#dueAt = this.#options.clock.now() + wait
    this.#cancel = this.#options.clock.after(wait, () => {
      this.#dueAt = Infinity
      this.#look()
    })
  }

  #look(): void {
    if (this.#closed || this.#queued) return
    this.#queued = true
    this.#running = this.#running.then(() => {
      this.#queued = false
      return this.#run()
    })
  }

  async #run(): Promise<void> {
    const { store, clock, notifyAfter, onError, observer } = this.#options
    const limit = MAX_DELIVERIES - this.#deliveries.size
    // Each delivery looks again when it ends
    if (this.#closed || limit === 0) return
    let next = LOOK_EVERY
    try {
      const { due, lost } = await store.claimNotifications({
        at: isoTime(clock.now()),
        delay: notifyAfter,
        lease: LEASE,
        limit,
      })
      for (const one of lost) observer?.mail?.({ outcome: 'uncertain', ...one })
      for (const notification of due) this.#start(notification)
      if (due.length === limit) return
      const nextAt = await store.nextNotification()
      if (nextAt !== undefined) next = Date.parse(nextAt) - clock.now()
    } catch (error) {
      onError(error)
      next = LOOK_AGAIN
    }
    if (clock.now() + next < this.#dueAt) this.#lookIn(next)
  }

  #start(due: DueNotification): void {
    const { clock, onError } = this.#options
    const end = () => {
      cancel()
      if (this.#deliveries.delete(delivery)) this.#look()
    }
    const delivery = deliver(due, this.#options).catch(onError).then(end)
    const cancel = clock.after(MAX_WAIT, end)
    this.#deliveries.add(delivery)
  }
}
