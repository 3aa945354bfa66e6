// Sends what is in the outbox: over the socket while it is up, else by POST. One message at a time, and the next one only after
// the server has confirmed this one, so that none overtakes another, whichever way they go and whatever gets lost.
import { ECHO_WITHIN, SEND_AGAIN } from '../../protocol/timing.ts'
import type { SupportMessage } from '../../protocol/types.ts'
import { age } from '../connection/age.ts'
import { toApiError } from '../api-error.ts'
import type { Outbox, PendingMessage, Written } from './outbox.ts'

/** @typeParam Stored what the server answers: a message, or a note */
export interface MessageSenderOptions<Stored> {
  outbox: Outbox
  /** Sends over the socket; returns false when it is down */
  perform: (item: PendingMessage) => boolean | undefined
  /** Sends by POST; returns null while the chat is not loaded yet, and once it is closed */
  post: (item: PendingMessage) => Promise<Stored> | null
  /** The server has stored the message. Inserting it must call `confirm`. */
  stored: (message: Stored) => void
  changed: () => void
}

export class MessageSender<Stored = SupportMessage> {
  readonly #options: MessageSenderOptions<Stored>
  /** The `client_id` of what was given to the socket, and when */
  #given = ''
  #givenAt = 0
  #posting = false
  #paused: ReturnType<typeof setTimeout> | undefined

  constructor(options: MessageSenderOptions<Stored>) {
    this.#options = options
  }

  send(written: Written): void {
    this.#options.outbox.add(written)
    this.#options.changed()
    void this.flush()
  }

  retry(clientId: string): void {
    this.#options.outbox.retry(clientId)
    this.#options.changed()
    void this.flush()
  }

  /** The message is in the conversation, or the person discarded it */
  confirm(clientId: string): void {
    if (!this.#options.outbox.remove(clientId)) return
    this.#options.changed()
    this.#settled(clientId)
  }

  nack(clientId: string, code: string): void {
    if (['rate_limited', 'unavailable', 'internal'].includes(code)) this.#pause(SEND_AGAIN)
    else this.#options.outbox.fail(clientId, code)
    this.#options.changed()
    this.#settled(clientId)
  }

  /**
   * The socket came up or was lost. What the old one was given may be lost too, so it is sent again. So is what is being posted when one comes up:
   * on a line that died, a request hangs for long
   */
  connectionChanged(isUp: boolean): void {
    this.#given = ''
    this.#posting &&= !isUp
    void this.flush()
  }

  /** Called every few seconds */
  async flush(): Promise<void> {
    if (this.#posting || this.#paused !== undefined) return
    this.#posting = true
    try {
      for (let item = this.#next(); item; item = this.#next()) if (!(await this.#deliver(item))) break
    } finally {
      this.#posting = false
    }
  }

  close(): void {
    clearTimeout(this.#paused)
    this.#paused = undefined
  }

  #settled(clientId: string): void {
    if (this.#given === clientId) this.#given = ''
    void this.flush()
  }

  /** The oldest message, unless it was given to the socket, which may still answer */
  #next(): PendingMessage | undefined {
    const item = this.#options.outbox.items.find(({ status }) => status === 'sending')
    return this.#given === item?.client_id && age(this.#givenAt) < ECHO_WITHIN ? undefined : item
  }

  /** Returns false when later messages must wait */
  async #deliver(item: PendingMessage): Promise<boolean> {
    // If the socket was given it and no echo came, it is posted
    if (this.#given !== item.client_id && this.#options.perform(item)) {
      this.#given = item.client_id
      this.#givenAt = Date.now()
      return true
    }
    const posted = this.#options.post(item)
    if (!posted) return false
    try {
      this.#options.stored(await posted)
      // It is still here when its seq leaves a gap; then the page that fills the gap brings it too
      return !this.#options.outbox.has(item.client_id)
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
    this.close()
    this.#paused = setTimeout(() => {
      this.#paused = undefined
      void this.flush()
    }, ms)
  }
}
