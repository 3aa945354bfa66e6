import { encode, encodeCableEvent, type EncodedEvent, type Json } from '../../../protocol/encode.ts'
import type { Envelope } from '../streams/subscription.ts'

/** There is one for each subscription, so it is an object, which takes less memory than a closure */
export class CableEnvelope implements Envelope {
  readonly key: string
  readonly #identifier: Json<string>
  /** Where stored messages have their position (AnyCable extended); null in ActionCable v1 */
  readonly #stream: { stream: string; epoch: string } | null

  constructor(identifier: string, stream: { stream: string; epoch: string } | null) {
    this.#identifier = encode(identifier)
    this.#stream = stream
    this.key = stream ? `ext ${this.#identifier}` : this.#identifier
  }

  wrap(event: EncodedEvent): string {
    const position = this.#stream && event.seq !== undefined ? { ...this.#stream, offset: event.seq } : undefined
    return encodeCableEvent(this.#identifier, event, position)
  }
}
