// Server-Sent Events: the events of a chat, or of the whole desk, as the body of an ordinary response.
import { type CableFrame, type DisconnectReason } from '../../../protocol/cable.ts'
import { encode } from '../../../protocol/encode.ts'
import { STREAM_BEATS, STREAM_KEPT } from '../../../protocol/timing.ts'
import type { Core } from '../../core.ts'
import { Frame } from '../../ports/socket.ts'
import type { ConnectionSlot } from '../connections/admission.ts'
import { Connection, type ConnectionParts } from '../connections/connection.ts'
import { resume, resumeFrom } from '../streams/resume.ts'
import { Subscription } from '../streams/subscription.ts'
import { streamOf, type Topic } from '../streams/topic.ts'
import { formatEvent, parseEventId, sseEnvelope } from './sse-format.ts'

/** An SSE comment. The first one makes proxies pass on the response's headers; the others show that the connection is alive */
const BEAT = new Frame(':\n\n')
const REJECT_HISTORY = new Frame(formatEvent('reject_history', encode({ type: 'reject_history' })))

interface EventStream {
  topic: Topic
  lastEventId: string | undefined
  slot: ConnectionSlot | undefined
}

export class SseConnection extends Connection {
  readonly #core: Core
  readonly #subscription: Subscription
  readonly #slot: ConnectionSlot | undefined
  #beats = 0

  /**
   * @param stream `lastEventId`: the last event that a returning client saw · `slot`: freed when the stream ends
   */
  constructor(parts: ConnectionParts, stream: EventStream) {
    super(parts)
    const { core, identity } = parts
    const { topic, lastEventId, slot } = stream
    this.#core = core
    this.#slot = slot
    this.#subscription = new Subscription({
      topic,
      identity,
      envelope: sseEnvelope(streamOf(topic), core.store.epoch),
      sink: this,
    })
    this.write(BEAT)
    if (topic.type !== 'staff' && lastEventId !== undefined) void this.#resume(topic, lastEventId)
    core.hub.join(this.#subscription)
  }

  override get kind(): 'events' {
    return 'events'
  }

  override receive(): void {}

  override beat(): void {
    if (++this.#beats > STREAM_BEATS) return this.disconnect('idle_timeout', true)
    // An event stream has no pong. A reader that takes what we write counts as alive
    if (this.socket.bufferedBytes === 0) this.alive()
    this.write(BEAT)
  }

  override disconnect(reason: DisconnectReason, reconnect: boolean, retryAfter?: number): void {
    const data = encode<CableFrame>({ type: 'disconnect', reason, reconnect, retry_after: retryAfter })
    // A browser's EventSource takes its pause as it is, so the server draws it
    const pause = retryAfter === undefined ? '' : `retry: ${Math.round(Math.random() * retryAfter * 1000)}\n`
    this.socket.send(new Frame(pause + formatEvent('disconnect', data)))
    this.close(reconnect ? 1001 : 1000, reason)
  }

  /** The client asks again, and is told then that the chat is gone */
  override reject(): void {
    this.disconnect('remote', true)
  }

  protected override release(): void {
    const { hub, clock } = this.#core
    if (this.#beats > STREAM_BEATS) clock.after(STREAM_KEPT, () => hub.leave(this.#subscription))
    else hub.leave(this.#subscription)
    this.#slot?.leave()
  }

  /** Replays what was missed before live events go out. A refusal leaves the stream open, as on the cable */
  async #resume(topic: Exclude<Topic, { type: 'staff' }>, lastEventId: string): Promise<void> {
    const subscription = this.#subscription
    await subscription.hold()
    const { offset, epoch, stream } = parseEventId(lastEventId)
    const isResumed = await resume(this.#core, {
      chat: topic.chat,
      subscription,
      from: (row) =>
        stream === streamOf(topic) ? resumeFrom(this.#core, { row, of: topic.type, offset, epoch }) : undefined,
    })
    if (!isResumed) this.write(REJECT_HISTORY)
    subscription.release()
  }
}
