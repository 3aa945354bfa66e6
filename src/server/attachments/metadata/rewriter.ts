// Changes a file while it streams by. Its length stays, so that whoever stores it knows that in advance.
import { giveBack, markOwn } from '../../ports/own-memory.ts'

/** What becomes of the next bytes */
export type Step =
  /** They stay. More than are here: those that come too */
  | { keep: number }
  /** They become zeros */
  | { blank: number }
  /** As many others, and then so many zeros */
  | { replace: Uint8Array; thenBlank?: number }

/** @param held what is known of the rest. @returns undefined: it takes more to decide */
export type NextStep = (held: Uint8Array) => Step | undefined

export class Rewriter {
  readonly #next: NextStep
  /** What is held is its beginning. It has room for more, so that many small chunks are not copied again for each other */
  #room: Uint8Array = new Uint8Array(0)
  #held = 0
  #keep = 0
  #blank = 0

  constructor(next: NextStep) {
    this.#next = next
  }

  /** @returns what is ready, in one part or none; the rest comes later */
  push(chunk: Uint8Array): Uint8Array[] {
    const held = this.#heldWith(chunk)
    let ready: Uint8Array | undefined
    let at = 0
    while (at < held.length) {
      if (this.#keep > 0 || this.#blank > 0) {
        ready ??= new Uint8Array(held.length)
        const to = at + Math.min(this.#keep || this.#blank, held.length - at)
        if (this.#keep > 0) {
          ready.set(held.subarray(at, to), at)
          this.#keep -= to - at
        } else this.#blank -= to - at
        at = to
        continue
      }
      const step = this.#next(held.subarray(at))
      if (!step) break
      if ('keep' in step) this.#keep = step.keep
      else if ('blank' in step) this.#blank = step.blank
      else {
        ready ??= new Uint8Array(held.length)
        ready.set(step.replace, at)
        at += step.replace.length
        this.#blank = step.thenBlank ?? 0
      }
    }
    if (!ready) return []
    this.#room = held.subarray(at)
    this.#held = this.#room.length
    if (this.#held === 0) giveBack(chunk)
    markOwn(ready)
    return [ready.subarray(0, at)]
  }

  /** @returns the end of a file that is cut off in the middle of what cannot be read */
  end(): Uint8Array {
    return new Uint8Array(this.#held)
  }

  #heldWith(chunk: Uint8Array): Uint8Array {
    const length = this.#held + chunk.length
    if (this.#held === 0) this.#room = chunk
    else {
      if (length > this.#room.length) {
        const larger = new Uint8Array(2 * length)
        larger.set(this.#room.subarray(0, this.#held))
        this.#room = larger
      }
      this.#room.set(chunk, this.#held)
    }
    this.#held = length
    return this.#room.subarray(0, length)
  }
}

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export const textAt = (bytes: Uint8Array, from: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(from, from + length))
