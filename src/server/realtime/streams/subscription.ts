import { encodeEvent, type EncodedEvent } from '../../../protocol/encode.ts'
import type { ActivityChannelMessage, ChatChannelMessage } from '../../../protocol/events.ts'
import type { Identity } from '../../people/identity.ts'
import { Frame } from '../../ports/socket.ts'
import type { Topic } from './topic.ts'

/** What a dialect puts around an event */
export interface Envelope {
  /** Subscriptions to a stream whose envelopes have the same key share their frames */
  key: string
  wrap(event: EncodedEvent): string
}

/** Events that may wait behind a replay. A peer that reads the replay too slowly is cut off, and returns */
const MAX_HELD = 1_000
/** Unfinished replays that a peer may have requested; no client requests more than two */
const MAX_REPLAYS = 16

/** Shared: there is a subscription for each connection */
const NOTHING_BEFORE: Promise<void> = Promise.resolve()

/** What a subscription needs from its connection */
export interface FrameSink {
  write: (frame: Frame) => void
  /** Ends a connection that cannot keep up */
  overflow: () => void
  /** Ends a subscription to something that is gone, and tells the client */
  reject: (subscription: Subscription) => void
  /** Resolves when the peer has read most of what was sent, or is gone */
  drained: () => Promise<void>
  readonly isOpen: boolean
}

interface SubscriptionParts {
  topic: Topic
  identity: Identity
  envelope: Envelope
  sink: FrameSink
}

/**
 * One connection's subscription to one topic. While it is held, live events wait until missed messages were replayed. Stored
 * messages go out in strictly ascending order: a client remembers the last position it saw, so a message that overtook the replay
 * would make it skip the rest.
 */
export class Subscription {
  readonly topic: Topic
  readonly identity: Identity
  readonly frameKey: string
  readonly #envelope: Envelope
  readonly #sink: FrameSink
  #held: { frame: Frame; seq: number | undefined }[] = []
  /** Replays that are running or waiting for their turn */
  #holds = 0
  /** Resolves when the last replay is done */
  #turn = NOTHING_BEFORE
  /** Ends the turn of the running replay */
  #endTurn: (() => void) | undefined
  #lastSentSeq = 0
  #ended = false

  constructor({ topic, identity, envelope, sink }: SubscriptionParts) {
    this.topic = topic
    this.identity = identity
    this.frameKey = envelope.key
    this.#envelope = envelope
    this.#sink = sink
  }

  /** The event as a frame of this dialect */
  frame(event: EncodedEvent): Frame {
    return new Frame(this.#envelope.wrap(event))
  }

  /** Writes a live event, or holds it until the replay is over. @param seq the seq of a stored message */
  push(frame: Frame, seq: number | undefined): void {
    if (this.#ended) return
    if (this.#holds > 0) {
      this.#held.push({ frame, seq })
      if (this.#held.length > MAX_HELD) this.#sink.overflow()
    } else if (seq === undefined) this.#sink.write(frame)
    else if (seq > this.#lastSentSeq) {
      this.#lastSentSeq = seq
      this.#sink.write(frame)
    }
  }

  /** Holds live events. Resolves when it is this replay's turn: replays at the same time would rewind one another */
  async hold(): Promise<void> {
    if (++this.#holds > MAX_REPLAYS) this.#sink.overflow()
    const before = this.#turn
    let end = (): void => undefined
    this.#turn = new Promise((resolve) => (end = resolve))
    await before
    this.#endTurn = end
  }

  /** False once the subscription or its connection has ended, so that a replay can stop */
  get isOpen(): boolean {
    return !this.#ended && this.#sink.isOpen
  }

  /** Stops all writing, also by a running replay: a new subscription may use the same identifier */
  end(): void {
    this.#ended = true
    this.#held = []
  }

  /** What it is about is gone */
  reject(): void {
    this.#sink.reject(this)
  }

  /** Sets the client's own position, which may be before what was sent live */
  rewind(seq: number): void {
    this.#lastSentSeq = seq
  }

  /** Writes what was read from the database, ahead of held events */
  replay({ seq, event }: { seq: number; event: ChatChannelMessage | ActivityChannelMessage }): void {
    if (seq <= this.#lastSentSeq) return
    this.#lastSentSeq = seq
    this.send(event)
  }

  /** Writes an event for this subscription only, ahead of held events */
  send(event: ChatChannelMessage | ActivityChannelMessage): void {
    if (!this.#ended) this.answer(event)
  }

  /** Writes what became of a message that was sent through this subscription, even when it has ended since */
  answer(event: ChatChannelMessage | ActivityChannelMessage): void {
    this.#sink.write(this.frame(encodeEvent(event)))
  }

  /** Resolves when the peer has read most of what was sent, or is gone */
  drained(): Promise<void> {
    return this.#sink.drained()
  }

  /** Ends a replay. After the last one, writes the held events */
  release(): void {
    this.#endTurn?.()
    if (--this.#holds > 0) return
    const held = this.#held
    this.#held = []
    for (const { frame, seq } of held) this.push(frame, seq)
  }
}
