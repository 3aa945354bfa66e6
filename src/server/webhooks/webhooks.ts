import type { Webhook, WebhookPage } from '../../protocol/webhooks.ts'
import type { ChatEvent } from '../events/chat-event.ts'
import { isoTime } from '../ports/clock.ts'
import type { DueWebhook, WebhookListQuery, WebhookRecord, WebhookStore } from '../ports/store/webhooks.ts'
import type { Afterwork } from '../stop/afterwork.ts'
import { DELIVERIES } from '../stop/budget.ts'
import { DueWorker, type Turn } from '../work/due-worker.ts'
import { TimeLimit } from '../work/time-limit.ts'
import type { Endpoint } from './endpoint.ts'
import { LEASE, sendWebhook, type SendOptions } from './send-webhook.ts'

/** Webhooks that a node sends to one endpoint at the same time, each of another chat */
const AT_ONCE = 20
/** Webhooks are in the log for this long (ms) */
const KEEP = 7 * 24 * 3_600_000
const FORGET_EVERY = 3_600_000
/** How many are forgotten in one transaction */
const FORGOTTEN_AT_ONCE = 500
/** How long webhooks are sent on after the request that caused them (ms), where no process lives on */
const SENT_WITHIN = 10_000

export interface WebhooksOptions extends Omit<SendOptions, 'store'> {
  store: WebhookStore
  endpoints: Endpoint[]
  onError: (error: unknown) => void
  /** See `DueWork.onDemand` */
  onDemand?: boolean
  afterwork?: Pick<Afterwork, 'add'>
}

/** Sends what is in the outbox, and keeps the log. An endpoint that hangs or fails does not delay the others. */
export class Webhooks {
  readonly #options: WebhooksOptions
  readonly #workers: Map<string, DueWorker<DueWebhook>>
  #forgetting: Promise<void> = Promise.resolve()
  #cancel: (() => void) | undefined
  #closed = false

  constructor(options: WebhooksOptions) {
    this.#options = options
    const { store, clock, onError, endpoints, onDemand = false, afterwork } = options
    const workerOf = (endpoint: Endpoint): DueWorker<DueWebhook> =>
      new DueWorker({
        clock,
        onError,
        onDemand,
        afterwork,
        atOnce: AT_ONCE,
        patience: LEASE,
        claim: (limit) => store.claimWebhooks({ endpoint: endpoint.id, at: isoTime(clock.now()), lease: LEASE, limit }),
        next: () => store.nextWebhook(endpoint.id),
        work: (due) => sendWebhook(due, endpoint, options),
      })
    this.#workers = new Map(endpoints.map((endpoint) => [endpoint.id, workerOf(endpoint)]))
    if (!onDemand) this.#forgetIn(0)
  }

  /** Looks at once for what was just written to the outbox; what kind it is, the database knows */
  receive(events: readonly ChatEvent[]): void {
    if (events.some(({ type }) => type !== 'read')) this.#look(...this.#workers.values())
  }

  async list(query: WebhookListQuery): Promise<Pick<WebhookPage, 'webhooks' | 'endpoints'>> {
    const records = await this.#options.store.listWebhooks(query)
    return {
      webhooks: records.map((record) => this.#shown(record)),
      endpoints: this.#options.endpoints.map(({ shownUrl }) => shownUrl),
    }
  }

  /** @returns undefined: there is none with this id */
  async sendAgain(id: string): Promise<Webhook | undefined> {
    const { store, clock } = this.#options
    const record = await store.sendWebhookAgain(id, isoTime(clock.now()))
    if (!record) return undefined
    const worker = this.#workers.get(record.endpoint)
    if (worker) this.#look(worker)
    return this.#shown(record)
  }

  /** Sends what is due, and forgets what is old. Never rejects */
  async runDue(limit: TimeLimit): Promise<Turn> {
    const turns = await Promise.all([...this.#workers.values()].map((worker) => worker.runDue(limit)))
    const isTidy = await this.#forgetOld(() => limit.leftToBegin > 0)
    return {
      taken: turns.reduce((sum, { taken }) => sum + taken, 0),
      isDone: isTidy && turns.every(({ isDone }) => isDone),
    }
  }

  /** Sends no more, and waits a limited time for answers. What is not answered by then is sent again when its lease has expired */
  async close(): Promise<void> {
    this.#closed = true
    this.#cancel?.()
    await Promise.all([this.#forgetting, ...[...this.#workers.values()].map((worker) => worker.close(DELIVERIES))])
  }

  #look(...workers: DueWorker<DueWebhook>[]): void {
    const { clock, onDemand, afterwork } = this.#options
    for (const worker of workers) {
      if (onDemand) afterwork?.add(worker.runDue(new TimeLimit(clock, SENT_WITHIN)))
      else worker.lookIn(0)
    }
  }

  #shown({ endpoint, ...record }: WebhookRecord): Webhook {
    const url = this.#options.endpoints.find(({ id }) => id === endpoint)?.shownUrl ?? null
    return { ...record, url }
  }

  #forgetIn(ms: number): void {
    if (this.#closed) return
    this.#cancel = this.#options.clock.after(ms, () => {
      this.#forgetting = this.#forgetOld(() => true).then(() => this.#forgetIn(FORGET_EVERY))
    })
  }

  /** @returns whether all were forgotten */
  async #forgetOld(goesOn: () => boolean): Promise<boolean> {
    const { store, clock, endpoints, onError } = this.#options
    const query = {
      before: isoTime(clock.now() - KEEP),
      endpoints: endpoints.map(({ id }) => id),
      limit: FORGOTTEN_AT_ONCE,
    }
    try {
      while (!this.#closed && goesOn()) if ((await store.forgetWebhooks(query)) < FORGOTTEN_AT_ONCE) return true
    } catch (error) {
      onError(error)
    }
    return false
  }
}
