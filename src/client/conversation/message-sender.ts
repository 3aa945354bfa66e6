// Gets what is in the outbox to the server: over the socket while it is up, else by POST. One at a time, the next one when the
// server has said that it has this one: nothing then overtakes, whichever way it went and whatever got lost on the way.
import type { SupportMessage } from '../../protocol/types.ts'
import { toApiError } from '../api-error.ts'
import type { Outbox, PendingMessage } from './outbox.ts'

export interface MessageSenderOptions {
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

export class MessageSender {
  readonly #options: MessageSenderOptions
  /** What the socket was given, and when */
  #given: { clientId: string; at: number } | null = null
  #posting = false
  #paused: ReturnType<typeof setTimeout> | undefined

  constructor(options: MessageSenderOptions) {
    this.#options = options
  }

  send(content: string): void {
    this.#options.outbox.add(content)
    this.#options.changed()
    void this.flush()
  }

  retry(clientId: string): void {
    this.#options.outbox.retry(clientId)
    this.#options.changed()
    void this.flush()
  }

  /** The message is in the conversation, or the person took it back */
  confirm(clientId: string): void {
    if (!this.#options.outbox.remove(clientId)) return
    this.#options.changed()
    this.#settled(clientId)
  }

  nack(clientId: string, code: string): void {
    if (code === 'rate_limited' || code === 'unavailable' || code === 'internal') this.#pause(PAUSE)
    else this.#options.outbox.fail(clientId, code)
    this.#options.changed()
    this.#settled(clientId)
  }

  /** The line came up or broke: what the old one was given may be lost, so it goes again */
  lineChanged(): void {
    this.#given = null
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
    if (this.#given?.clientId === clientId) this.#given = null
    void this.flush()
  }

  /** The oldest, unless the socket has it and may yet answer */
  #next(): PendingMessage | undefined {
    const item = this.#options.outbox.items.find(({ status }) => status === 'sending')
    const isUnderWay = this.#given?.clientId === item?.client_id && Date.now() - (this.#given?.at ?? 0) < ECHO_TIMEOUT
    return isUnderWay ? undefined : item
  }

  /** False: stop here for now, so that nothing overtakes it */
  async #deliver(item: PendingMessage): Promise<boolean> {
    // Given before, and no echo: the other way
    if (this.#given?.clientId !== item.client_id && this.#options.perform(item)) {
      this.#given = { clientId: item.client_id, at: Date.now() }
      return true
    }
    const posted = this.#options.post(item)
    if (!posted) return false
    try {
      this.#options.stored(await posted)
      // Not there yet when it is ahead of what we have: then a page is on its way which brings it
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
