// Tells a service of what was committed here. Nobody waits for it: not the sender, and not the next message.
import type { RealtimeHint, RealtimeTyping } from '../../../protocol/publication.ts'
import type { ChatEvent } from '../../events/chat-event.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Observer } from '../../ports/observer.ts'
import { PublicationFailed, type Publication, type PublishedTopic, type Publisher } from '../../ports/publisher.ts'
import { atMost } from '../../stop/at-most.ts'
import { DELIVERIES } from '../../stop/budget.ts'
import { IN_ROWS } from '../streams/hub.ts'
import { PendingHints, type PendingHint } from './pending-hints.ts'

/** How long the service may take for one call (ms) */
export const CALL_WITHIN = 5_000
/** Calls at the same time, each of another chat */
export const AT_ONCE = 10
/** The same for what nobody waits for */
const TYPING_AT_ONCE = 4
/** One side of a chat is published as typing this often at most (ms), since services are paid by the call. Clients repeat it after 3 s */
const TYPING_EVERY = 1_000
/** Sides of chats whose last typing is remembered */
const MAX_TYPED = 10_000
/** Chats with a hint that waits. Beyond, the oldest is dropped: its listeners compare with this server by themselves */
export const MAX_WAITING = 10_000
/** Tries of one hint; by then, its listeners have compared */
export const MAX_FAILURES = 5
/** The pause after a failure (ms); twice as long after each further one */
const FIRST_PAUSE = 1_000
const LONGEST_PAUSE = 30_000
/** The longest pause that a service may ask for (ms) */
const LONGEST_WISH = 300_000
/** Pauses differ by this part, so that nodes do not come back together */
const JITTER = 0.2
/** How long the end of a request may wait for its publication (ms) */
export const SETTLE_WITHIN = 10_000

export interface PublishingOptions {
  publisher: Publisher
  /** Whether hints have the message in them */
  withMessages: boolean
  clock: Clock
  observer: Observer | undefined
  onError: (error: unknown) => void
}

const STAFF: PublishedTopic = { type: 'staff' }

/** Publishes in the order of each chat. While the service is down, the newest hint of each chat waits, for as many chats as memory allows. */
export class Publishing {
  readonly #options: PublishingOptions
  readonly #waiting = new PendingHints(MAX_WAITING)
  /** By chat */
  readonly #underWay = new Map<string, PendingHint>()
  readonly #typing = new Map<string, Promise<void>>()
  /** By chat and side: when it may be published next (ms since 1970) */
  readonly #typedUntil = new Map<string, number>()
  #settling: { before: number; resolve: () => void }[] = []
  #order = 0
  /** In a row; 0: the service answers */
  #failures = 0
  #pausedUntil = 0
  #cancelPause: (() => void) | undefined
  readonly #stop = new AbortController()

  constructor(options: PublishingOptions) {
    this.#options = options
  }

  /** What waits or is on its way */
  get pending(): number {
    return this.#waiting.size + this.#underWay.size + this.#typing.size
  }

  get isIdle(): boolean {
    return this.pending === 0
  }

  receive(events: readonly ChatEvent[]): void {
    if (this.#isClosed) return
    for (const event of events) {
      const order = this.#order++
      if (event.type !== 'activity') this.#wait({ hint: this.#hintOf(event), failures: 0, order })
      // Activity is for staff alone, and of what they listen to only the rows of the list show any of it
      else if (IN_ROWS.has(event.activity.kind))
        this.#wait({ hint: { chat_id: event.chat.id, seq: 0, state: true }, failures: 0, order, staffOnly: true })
    }
    this.#run()
  }

  /** Somebody types, or has stopped. It goes out now or not at all */
  typing(data: RealtimeTyping): void {
    const { chat_id } = data
    const isBusy = this.#typing.size >= TYPING_AT_ONCE || this.#typing.has(chat_id)
    if (this.#isClosed || isBusy || this.#isPaused || this.#options.publisher.maxData === 0 || !this.#mayType(data))
      return
    const topics: PublishedTopic[] = [{ type: 'chat', chatId: chat_id }]
    const call = this.#call({ topics, event: 'typing', data })
      .then(
        () => this.#options.observer?.published?.({ event: 'typing', outcome: 'published' }),
        // The next hint finds out what is wrong with the service
        () => this.#options.observer?.published?.({ event: 'typing', outcome: 'dropped' }),
      )
      .finally(() => this.#typing.delete(chat_id))
    this.#typing.set(chat_id, call)
  }

  /** Resolves when all that has come so far is published or given up, after `SETTLE_WITHIN` at the latest */
  async settled(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#settling.push({ before: this.#order, resolve })
    this.#tellSettled()
    await atMost(SETTLE_WITHIN, this.#options.clock, Promise.all([promise, ...this.#typing.values()]))
    this.#settling = this.#settling.filter((one) => one.resolve !== resolve)
  }

  /** Waits a limited time for what is on its way. Call it when nothing comes any more */
  async close(): Promise<void> {
    if (!this.#isPaused) await atMost(DELIVERIES, this.#options.clock, this.settled())
    this.#stop.abort()
    this.#cancelPause?.()
    this.#options.publisher.close?.()
  }

  #mayType({ chat_id, sender_type }: RealtimeTyping): boolean {
    const side = `${chat_id} ${sender_type}`
    const now = this.#options.clock.now()
    if (now < (this.#typedUntil.get(side) ?? 0)) return false
    if (this.#typedUntil.size >= MAX_TYPED) this.#typedUntil.clear()
    this.#typedUntil.set(side, now + TYPING_EVERY)
    return true
  }

  get #isClosed(): boolean {
    return this.#stop.signal.aborted
  }

  get #isPaused(): boolean {
    return this.#options.clock.now() < this.#pausedUntil
  }

  #hintOf(event: Exclude<ChatEvent, { type: 'activity' }>): RealtimeHint {
    const chat_id = event.chat.id
    if (event.type === 'read') return { chat_id, seq: event.up_to_seq, state: true }
    if (event.type !== 'message') return { chat_id, seq: 0, state: true }
    const { message } = event
    return { chat_id, seq: message.seq, ...(this.#options.withMessages ? { message } : {}) }
  }

  #wait(pending: PendingHint): void {
    if (this.#waiting.add(pending)) this.#dropped()
  }

  #dropped(reason?: string): void {
    this.#options.observer?.published?.({
      event: 'new-message',
      outcome: 'dropped',
      ...(reason === undefined ? {} : { reason }),
    })
  }

  #run(): void {
    // After a failure, a single call finds out whether the service is back
    const most = this.#failures > 0 ? 1 : AT_ONCE
    while (!this.#isClosed && !this.#isPaused && this.#underWay.size < most) {
      const next = this.#waiting.next(this.#underWay)
      if (!next) break
      void this.#publish(next)
    }
    this.#tellSettled()
  }

  async #publish(pending: PendingHint): Promise<void> {
    const { chat_id } = pending.hint
    this.#underWay.set(chat_id, pending)
    try {
      await this.#call({
        topics: pending.staffOnly ? [STAFF] : [{ type: 'chat', chatId: chat_id }, STAFF],
        event: 'new-message',
        data: this.#sized(pending.hint),
      })
      this.#failures = 0
      this.#options.observer?.published?.({ event: 'new-message', outcome: 'published' })
    } catch (error) {
      this.#failed(pending, error)
    }
    this.#underWay.delete(chat_id)
    this.#run()
  }

  /** Without the message, if it is too long for the service */
  #sized(hint: RealtimeHint): RealtimeHint {
    if (!hint.message || utf8.encode(JSON.stringify(hint)).length <= this.#options.publisher.maxData) return hint
    const { message: _tooLong, ...rest } = hint
    return rest
  }

  /** @throws what the publisher throws, or PublicationFailed when it takes too long */
  async #call(publication: Publication): Promise<void> {
    const { publisher, clock } = this.#options
    const abort = new AbortController()
    const { promise: tooLong, reject } = Promise.withResolvers<never>()
    const cancel = clock.after(CALL_WITHIN, () => {
      reject(new PublicationFailed(`no answer within ${CALL_WITHIN / 1000} s`))
      abort.abort()
    })
    try {
      await Promise.race([publisher.publish(publication, AbortSignal.any([abort.signal, this.#stop.signal])), tooLong])
    } finally {
      cancel()
    }
  }

  #failed(pending: PendingHint, error: unknown): void {
    const { observer, onError } = this.#options
    const { message, retryAfter, final } =
      error instanceof PublicationFailed
        ? error
        : new PublicationFailed(error instanceof Error ? error.message : String(error))
    const tell = (outcome: 'retry' | 'refused' | 'dropped'): void =>
      observer?.published?.({ event: 'new-message', outcome, reason: message })
    if (final) {
      onError(error)
      return tell('refused')
    }
    // Calls that were under way when the first one failed say nothing new
    if (!this.#isPaused) this.#failures++
    const wished = retryAfter === undefined ? 0 : Math.min(retryAfter, LONGEST_WISH)
    this.#pause(Math.max(wished, pauseAfter(this.#failures)))
    const failures = pending.failures + (retryAfter === undefined ? 1 : 0)
    if (failures >= MAX_FAILURES) return tell('dropped')
    tell('retry')
    this.#wait({ ...pending, failures })
  }

  #pause(ms: number): void {
    const { clock } = this.#options
    const until = clock.now() + ms
    if (until <= this.#pausedUntil) return
    this.#pausedUntil = until
    this.#cancelPause?.()
    this.#cancelPause = clock.after(ms, () => {
      // Not by the time: timers may be a little early
      this.#pausedUntil = 0
      this.#run()
    })
  }

  #tellSettled(): void {
    if (this.#settling.length === 0) return
    let oldest = Infinity
    for (const { order } of [...this.#underWay.values(), ...this.#waiting]) oldest = Math.min(oldest, order)
    this.#settling = this.#settling.filter(({ before, resolve }) => {
      if (oldest < before) return true
      resolve()
      return false
    })
  }
}

const utf8 = new TextEncoder()

const pauseAfter = (failures: number): number =>
  Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE) * (1 - JITTER + 2 * JITTER * Math.random())
