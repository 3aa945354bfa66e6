// Gets what is in the outbox to the server: over the socket while it is up, else by POST, one after the other, in order.
import type { SupportMessage } from '../protocol/types.ts'
import { toApiError } from './api-error.ts'
import type { Outbox, PendingMessage } from './outbox.ts'

export interface DeliveryOptions {
  outbox: Outbox
  /** False when the socket is down */
  perform: (item: PendingMessage) => boolean
  /** null while it is not known where to post */
  post: (item: PendingMessage) => Promise<SupportMessage> | null
  /** The server has it; whoever inserts it calls `confirm` */
  stored: (message: SupportMessage) => void
  changed: () => void
}

/** Sent over the socket and no echo after this long: the other way is tried. The server stores it once. */
const ECHO_TIMEOUT = 10_000
const PAUSE = 2_000

export class Delivery {
  readonly #options: DeliveryOptions
  /** When each was given to the socket */
  readonly #given = new Map<string, number>()
  #posting = false
  #paused: ReturnType<typeof setTimeout> | null = null

  constructor(options: DeliveryOptions) {
    this.#options = options
  }

  send(content: string): void {
    this.#options.outbox.add(content)
    this.#options.changed()
    void this.flush()
  }

  retry(clientId: string): void {
    this.#given.delete(clientId)
    this.#options.outbox.retry(clientId)
    this.#options.changed()
    void this.flush()
  }

  /** The message is in the conversation, or the person took it back */
  confirm(clientId: string): boolean {
    this.#given.delete(clientId)
    const removed = this.#options.outbox.remove(clientId)
    if (removed) this.#options.changed()
    return removed
  }

  nack(clientId: string, code: string): void {
    this.#given.delete(clientId)
    if (code === 'rate_limited' || code === 'unavailable' || code === 'internal') this.#pause(PAUSE)
    else this.#options.outbox.fail(clientId, code)
    this.#options.changed()
  }

  /** A new socket knows nothing of what the old one was given */
  reconnected(): void {
    this.#given.clear()
    void this.flush()
  }

  /** Called every few seconds */
  async flush(): Promise<void> {
    if (this.#posting || this.#paused !== null) return
    this.#posting = true
    try {
      for (let item = this.#next(); item; item = this.#next()) if (!(await this.#deliver(item))) break
    } finally {
      this.#posting = false
    }
  }

  close(): void {
    if (this.#paused !== null) clearTimeout(this.#paused)
    this.#paused = null
  }

  #next(): PendingMessage | undefined {
    const old = Date.now() - ECHO_TIMEOUT
    return this.#options.outbox.items.find(
      (item) => item.status === 'sending' && (this.#given.get(item.client_id) ?? 0) < old,
    )
  }

  /** False: stop here for now, so that nothing overtakes it */
  async #deliver(item: PendingMessage): Promise<boolean> {
    if (!this.#given.has(item.client_id) && this.#options.perform(item)) {
      this.#given.set(item.client_id, Date.now())
      return true
    }
    const posted = this.#options.post(item)
    if (!posted) return false
    try {
      const message = await posted
      this.#given.set(item.client_id, Date.now())
      this.#options.stored(message)
      return true
    } catch (caught) {
      const error = toApiError(caught)
      if (error.code === 'rate_limited') this.#pause((error.retryAfter ?? 2) * 1000)
      if (error.transient) return false
      this.#options.outbox.fail(item.client_id, error.code)
      this.#options.changed()
      return true
    }
  }

  #pause(ms: number): void {
    if (this.#paused !== null) clearTimeout(this.#paused)
    this.#paused = setTimeout(() => {
      this.#paused = null
      void this.flush()
    }, ms)
  }
}
