import { joined } from './bytes.ts'

/** Bytes of the first buffer, and of the largest */
const SMALLEST = 4 * 1024
const LARGEST = 1024 * 1024

/** Bytes that come in chunks, copied: to hold on to chunks of a byte each takes hundreds of times as much memory */
export class GatheredBytes {
  readonly #full: Uint8Array[] = []
  #last = new Uint8Array(SMALLEST)
  #inLast = 0

  add(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      if (this.#inLast === this.#last.length) this.#grow()
      const part = chunk.subarray(at, at + this.#last.length - this.#inLast)
      this.#last.set(part, this.#inLast)
      this.#inLast += part.length
      at += part.length
    }
  }

  /** All that was added, in one piece */
  whole(): Uint8Array<ArrayBuffer> {
    return joined([...this.#full, this.#last.subarray(0, this.#inLast)])
  }

  #grow(): void {
    this.#full.push(this.#last)
    this.#last = new Uint8Array(Math.min(2 * this.#last.length, LARGEST))
    this.#inLast = 0
  }
}
