import { isoTime, type Clock } from '../ports/clock.ts'
import { MailRefused, type Mail, type Mailer } from '../ports/mailer.ts'
import type { DueNotification, NotificationOutcome, Store } from '../ports/store.ts'

export interface NotifierOptions {
  store: Store
  clock: Clock
  mailer: Mailer
  /** Milliseconds from a reply to its e-mail */
  notifyAfter: number
  compose: (due: DueNotification) => Promise<Mail>
  onError: (error: unknown) => void
}

/** Looks at least this often (ms): a node that was to send may have died, and clocks differ */
const LOOK_EVERY = 60_000
/** Claimed at a time: as many as a process that is killed can lose */
const BATCH = 4
const MAX_ATTEMPTS = 8
/** Milliseconds before the second attempt; doubles each time */
const FIRST_RETRY = 30_000

/** Sends the e-mails that are due. What to send is decided by the database at that moment, from read state. */
export class Notifier {
  readonly #options: NotifierOptions
  #cancel: (() => void) | undefined
  #dueAt = Infinity
  #running: Promise<void> | undefined
  #closed = false

  constructor(options: NotifierOptions) {
    this.#options = options
    this.#look(0)
  }

  /** Something will be due at this time (ms since 1970) */
  expect(at: number): void {
    if (at < this.#dueAt) this.#look(at - this.#options.clock.now())
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#cancel?.()
    await this.#running
  }

  #look(inMs: number): void {
    if (this.#closed) return
    this.#cancel?.()
    const wait = Math.max(0, Math.min(inMs, LOOK_EVERY))
    this.#dueAt = this.#options.clock.now() + wait
    this.#cancel = this.#options.clock.after(wait, () => {
      this.#running = (this.#running ?? Promise.resolve()).then(() => this.#run())
    })
  }

  async #run(): Promise<void> {
    const { store, clock, notifyAfter, onError } = this.#options
    this.#dueAt = Infinity
    let next = LOOK_EVERY
    try {
      let due: DueNotification[]
      do {
        due = await store.claimNotifications(isoTime(clock.now()), notifyAfter, BATCH)
        await Promise.all(due.map((notification) => this.#send(notification)))
      } while (due.length > 0 && !this.#closed)
      const nextAt = await store.nextNotification()
      if (nextAt !== undefined) next = Date.parse(nextAt) - clock.now()
    } catch (error) {
      onError(error)
      next = FIRST_RETRY
    }
    if (clock.now() + next < this.#dueAt) this.#look(next)
  }

  async #send(due: DueNotification): Promise<void> {
    const { store, clock, mailer, compose, onError } = this.#options
    let outcome: NotificationOutcome = { state: 'sent' }
    try {
      const mail = await compose(due).catch((error: Error) => {
        throw new MailRefused(error.message)
      })
      await mailer.send(mail)
    } catch (error) {
      onError(error)
      const reason = error instanceof Error ? error.message : String(error)
      if (!(error instanceof MailRefused)) outcome = { state: 'uncertain', reason }
      else if (due.attempts >= MAX_ATTEMPTS) outcome = { state: 'failed', reason }
      else {
        const retry_at = isoTime(clock.now() + FIRST_RETRY * 2 ** (due.attempts - 1))
        outcome = { state: 'retry', retry_at, reason }
      }
    }
    await store.settleNotification(due.id, outcome, isoTime(clock.now()))
  }
}
