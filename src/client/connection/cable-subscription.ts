// One channel of a cable.
import type { ActivityAction, ChatAction } from '../../protocol/events.ts'
import { createBackoff } from './backoff.ts'
import type { ServerFrame, Subscription, SubscriptionHandlers } from './cable-frames.ts'
import type { Stream, StreamModule, StreamOptions } from './stream.ts'

export class CableSubscription implements Subscription {
  readonly #identifier: string
  readonly #handlers: SubscriptionHandlers
  #send: (frame: object) => boolean
  #forget: () => boolean
  #connected = false
  #ended = false
  /** Replaces the socket while that is down */
  stream: Stream | null = null

  constructor(
    identifier: string,
    handlers: SubscriptionHandlers,
    send: (frame: object) => boolean,
    forget: () => boolean,
  ) {
    this.#identifier = identifier
    this.#handlers = handlers
    this.#send = send
    this.#forget = forget
  }

  get connected(): boolean {
    return this.#connected
  }

  get isServed(): boolean {
    return this.#handlers.service !== undefined
  }

  get live(): boolean {
    return this.#connected || this.stream?.live === true
  }

  /**
   * Opens a stream, once its script is there
   * @param listenBy loads what listens to services
   * @param isWanted whether it still is by then
   */
  async standIn(
    listenBy: (() => Promise<StreamModule>) | undefined,
    isWanted: () => boolean,
    options: Omit<StreamOptions, 'handlers' | 'backoff'>,
  ): Promise<void> {
    if (this.stream) return
    // If the script does not load either, polling goes on, and the next failed attempt loads it again
    const load = (this.isServed && listenBy) || (() => import('./event-stream.ts'))
    const script = await load().catch(() => undefined)
    if (!script || this.#connected || this.#ended || !isWanted()) return
    // A proxy that ends one stream ends the next one too, so the waits are longer than those of the socket
    this.stream ??= script.openStream({ ...options, handlers: this.#handlers, backoff: createBackoff(1_000, 60_000) })
  }

  subscribe(): void {
    this.#command('subscribe', { history: this.#handlers.cursor?.() ?? undefined })
  }

  resubscribe(): void {
    this.#command('unsubscribe')
    this.lost()
    this.subscribe()
  }

  perform(data: ChatAction | ActivityAction): boolean | undefined {
    return this.#connected ? this.#command('message', { data: JSON.stringify(data) }) : this.stream?.perform?.(data)
  }

  unsubscribe(): void {
    this.#command('unsubscribe')
    this.#forget()
    // Another subscription may use the same identifier from now on; this one must not end it or send for it
    this.#send = this.#forget = () => false
    this.#connected = false
    this.#ended = true
    this.endStream()
  }

  receive({ type, message }: ServerFrame): void {
    if (type === 'confirm_subscription') {
      this.#connected = true
      this.endStream()
      this.#handlers.connected?.()
    } else if (type === 'reject_subscription') this.#handlers.rejected?.()
    else if (type === 'reject_history') this.#handlers.historyRejected?.()
    else if (type === undefined && message !== undefined) this.#handlers.message(message)
  }

  lost(): void {
    if (!this.#connected) return
    this.#connected = false
    this.#handlers.disconnected?.()
  }

  endStream(): void {
    this.stream?.close()
    this.stream = null
  }

  #command(command: string, more?: object): boolean {
    return this.#send({ command, identifier: this.#identifier, ...more })
  }
}
