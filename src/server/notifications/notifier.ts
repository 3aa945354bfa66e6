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

/** Looks at least this often (ms): a node that was to send may have died, and clocks differ */
const LOOK_EVERY = 60_000
/** Looks again after an error of the database (ms) */
const LOOK_AGAIN = 30_000
/** On their way at a time: so many mails have to hang to keep the others waiting */
const MAX_DELIVERIES = 10
/** Those that take longer (ms) no longer count: they are no longer ours, and a mailer that never comes back stops nobody */
const MAX_WAIT = 2 * LEASE

/** Sends the e-mails that are due. What to send is decided by the database at that moment, from read state. */
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

  /** A reply of staff is a mail to send, unless it is read before */
  receive(events: readonly ChatEvent[]): void {
    const { clock, notifyAfter } = this.#options
    if (clock.now() + notifyAfter >= this.#dueAt) return
    if (events.some((event) => event.type === 'message' && event.message.sender_type === 'admin'))
      this.#lookIn(notifyAfter)
  }

  /** Mails that are on their way */
  get onTheirWay(): number {
    return this.#deliveries.size
  }

  /** Takes on no more, and waits a little for what is on its way: a provider that hangs must not hold up the end */
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
    const { store, clock, notifyAfter, onError } = this.#options
    const limit = MAX_DELIVERIES - this.#deliveries.size
    // Whoever ends looks again
    if (this.#closed || limit === 0) return
    let next = LOOK_EVERY
    try {
      const due = await store.claimNotifications({ at: isoTime(clock.now()), delay: notifyAfter, lease: LEASE, limit })
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
