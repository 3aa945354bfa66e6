import type { SupportMessage } from '../../../protocol/types.ts'
import type { Identity } from '../../people/identity.ts'
import { Frame } from '../../ports/socket.ts'

/** The words around an event, which make up most of what tells the dialects apart. */
export interface Envelope {
  /** Listeners of a stream whose envelopes have the same key share their frames */
  key: string
  /** @param message the stored message that `json` tells of, if it tells of one */
  wrap(json: string, message?: SupportMessage): string
}

/** Events that may wait behind a replay; a peer that takes the replay too slowly for that is cut off, and returns */
const MAX_HELD = 1_000
/** Replays that a peer may have ordered and not yet been given; no client orders more than one or two */
const MAX_REPLAYS = 16

/** What a subscription needs of its connection */
export interface Listener {
  write: (frame: Frame) => void
  /** Ends the connection: it cannot keep up */
  overflow: () => void
  /** Resolves when the peer has taken most of what it was sent, or is gone */
  drained: () => Promise<void>
  readonly isOpen: boolean
}

/**
 * One connection's place in one stream. While it is held, live events wait behind the replay of what was missed, and stored
 * messages go out in strictly ascending order: a client keeps the last position it saw, so one ahead of the replay would
 * lose the rest.
 */
export class Subscription {
  readonly stream: string
  readonly identity: Identity
  readonly frameKey: string
  readonly #envelope: Envelope
  readonly #listener: Listener
  #held: { frame: Frame; seq: number | undefined }[] = []
  /** Replays that are under way, or wait for their turn */
  #holds = 0
  /** Resolves when the last of them is done */
  #turn: Promise<void> = Promise.resolve()
  /** Ends the turn of the first of them */
  #endTurn: (() => void) | undefined
  #lastSeq = 0
  #ended = false

  constructor(stream: string, identity: Identity, envelope: Envelope, listener: Listener) {
    this.stream = stream
    this.identity = identity
    this.frameKey = envelope.key
    this.#envelope = envelope
    this.#listener = listener
  }

  wrap(json: string, message?: SupportMessage): string {
    return this.#envelope.wrap(json, message)
  }

  push(frame: Frame, seq: number | undefined): void {
    if (this.#ended) return
    if (this.#holds > 0) {
      this.#held.push({ frame, seq })
      if (this.#held.length > MAX_HELD) this.#listener.overflow()
    } else if (seq === undefined) this.#listener.write(frame)
    else if (seq > this.#lastSeq) {
      this.#lastSeq = seq
      this.#listener.write(frame)
    }
  }

  /** Live events wait from now on. Resolves when it is this replay's turn: several at once would rewind one another */
  async hold(): Promise<void> {
    if (++this.#holds > MAX_REPLAYS) this.#listener.overflow()
    const before = this.#turn
    let end = (): void => undefined
    this.#turn = new Promise((resolve) => (end = resolve))
    await before
    this.#endTurn = end
  }

  /** False once it or its connection has ended: nobody listens to a replay any more */
  get isOpen(): boolean {
    return !this.#ended && this.#listener.isOpen
  }

  /** Nothing more is written, also by a replay that is under way: another subscription may have taken its identifier */
  end(): void {
    this.#ended = true
    this.#held = []
  }

  /** The client says where it stands, which may be before what went out live */
  rewind(seq: number): void {
    this.#lastSeq = seq
  }

  /** Writes a stored message out of the database, ahead of what is held */
  replay(message: SupportMessage): void {
    if (this.#ended || message.seq <= this.#lastSeq) return
    this.#lastSeq = message.seq
    this.#listener.write(new Frame(this.wrap(JSON.stringify({ type: 'new_message', message }), message)))
  }

  /** Writes an event for this listener alone, ahead of what is held */
  tell(json: string): void {
    if (!this.#ended) this.#listener.write(new Frame(this.wrap(json)))
  }

  /** Resolves when the peer has taken most of what it was sent, or is gone */
  drained(): Promise<void> {
    return this.#listener.drained()
  }

  release(): void {
    this.#endTurn?.()
    if (--this.#holds > 0) return
    const held = this.#held
    this.#held = []
    for (const { frame, seq } of held) this.push(frame, seq)
  }
}
