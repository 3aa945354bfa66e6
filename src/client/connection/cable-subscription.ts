// One channel of a cable.
import type { StreamPosition } from '../../protocol/cable.ts'
import type { ServerFrame, Subscription, SubscriptionHandlers } from './cable-frames.ts'
import type { EventStream } from './event-stream.ts'

export class CableSubscription implements Subscription {
  readonly #identifier: string
  readonly #handlers: SubscriptionHandlers
  #send: (frame: object) => boolean
  #forget: () => boolean
  #connected = false
  /** Replaces the socket while that is down */
  stream: EventStream | null = null

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

  get live(): boolean {
    return this.#connected || this.stream?.live === true
  }

  standIn(open: (handlers: SubscriptionHandlers) => EventStream): void {
    if (!this.#connected) this.stream ??= open(this.#handlers)
  }

  subscribe(): void {
    const history = this.#handlers.cursor?.() ?? null
    this.#send({ command: 'subscribe', identifier: this.#identifier, ...(history ? { history } : {}) })
  }

  resubscribe(): void {
    this.#send({ command: 'unsubscribe', identifier: this.#identifier })
    this.lost()
    this.subscribe()
  }

  perform(data: object): boolean {
    if (!this.#connected) return false
    return this.#send({ command: 'message', identifier: this.#identifier, data: JSON.stringify(data) })
  }

  unsubscribe(): void {
    this.#send({ command: 'unsubscribe', identifier: this.#identifier })
    this.#forget()
    // Another subscription may use the same identifier from now on; this one must not end it or send for it
    this.#send = this.#forget = () => false
    this.#connected = false
    this.endStream()
  }

  receive(frame: ServerFrame): void {
    const { type, message, stream_id: stream, offset, epoch } = frame
    if (type === 'confirm_subscription') {
      this.#connected = true
      this.endStream()
      this.#handlers.connected?.()
    } else if (type === 'reject_subscription') this.#handlers.rejected?.()
    else if (type === 'reject_history') this.#handlers.historyRejected?.()
    else if (type === undefined && message !== undefined) {
      const stored = stream !== undefined && offset !== undefined && epoch !== undefined
      const position: StreamPosition | null = stored ? { offset, epoch } : null
      this.#handlers.message(message, position)
    }
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
}
