import { encodeEvent, type EncodedEvent } from '../../../protocol/encode.ts'
import type { ChatChannelMessage } from '../../../protocol/events.ts'
import type { SupportMessage } from '../../../protocol/types.ts'
import type { Identity } from '../../people/identity.ts'
import { Frame } from '../../ports/socket.ts'
import type { Topic } from './topic.ts'

/** What a dialect puts around an event, which is most of what tells the dialects apart */
export interface Envelope {
  /** Subscriptions to a stream whose envelopes have the same key share their frames */
  key: string
  wrap(event: EncodedEvent): string
}

/** Events that may wait behind a replay. A peer that takes the replay too slowly for that is cut off, and returns */
const MAX_HELD = 1_000
/** Replays that a peer may have asked for and not yet been given; no client asks for more than one or two */
const MAX_REPLAYS = 16

/** What a subscription needs of its connection */
export interface FrameSink {
  write: (frame: Frame) => void
  /** Ends the connection: it cannot keep up */
  overflow: () => void
  /** Resolves when the peer has taken most of what it was sent, or is gone */
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
 * One connection's subscription to one topic. While it is held, live events wait behind the replay of what was missed, and stored
 * messages go out in strictly ascending order: a client keeps the last position it saw, so a message ahead of the replay would
 * lose the rest.
 */
export class Subscription {
  readonly topic: Topic
  readonly identity: Identity
  readonly frameKey: string
  readonly #envelope: Envelope
  readonly #sink: FrameSink
  #held: { frame: Frame; seq: number | undefined }[] = []
  /** Replays that are under way, or wait for their turn */
  #holds = 0
  /** Resolves when the last of them is done */
  #turn: Promise<void> = Promise.resolve()
  /** Ends the turn of the first of them */
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

  /** The event in this dialect's words */
  frame(event: EncodedEvent): Frame {
    return new Frame(this.#envelope.wrap(event))
  }

  /** Writes a live event, or keeps it until the replay is over. @param seq of a stored message */
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

  /** Live events wait from now on. Resolves when it is this replay's turn: several at once would rewind one another */
  async hold(): Promise<void> {
    if (++this.#holds > MAX_REPLAYS) this.#sink.overflow()
    const before = this.#turn
    let end = (): void => undefined
    this.#turn = new Promise((resolve) => (end = resolve))
    await before
    this.#endTurn = end
  }

  /** False once the subscription or its connection has ended: a replay may stop */
  get isOpen(): boolean {
    return !this.#ended && this.#sink.isOpen
  }

  /** Nothing more is written, also by a replay that is under way: another subscription may have taken its identifier */
  end(): void {
    this.#ended = true
    this.#held = []
  }

  /** The client says where it stands, which may be before what went out live */
  rewind(seq: number): void {
    this.#lastSentSeq = seq
  }

  /** Writes a stored message out of the database, ahead of what is held */
  replay(message: SupportMessage): void {
    if (message.seq <= this.#lastSentSeq) return
    this.#lastSentSeq = message.seq
    this.send({ type: 'new_message', message })
  }

  /** Writes an event for this subscription alone, ahead of what is held */
  send(event: ChatChannelMessage): void {
    if (!this.#ended) this.#sink.write(this.frame(encodeEvent(event)))
  }

  /** Resolves when the peer has taken most of what it was sent, or is gone */
  drained(): Promise<void> {
    return this.#sink.drained()
  }

  /** Writes what was held, once the last replay is over */
  release(): void {
    this.#endTurn?.()
    if (--this.#holds > 0) return
    const held = this.#held
    this.#held = []
    for (const { frame, seq } of held) this.push(frame, seq)
  }
}
