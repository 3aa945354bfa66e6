import type { Clock } from '../../ports/clock.ts'
import type { Frame, Socket } from '../../ports/socket.ts'

/** How long a peer may take to read the rest after the stream was closed (ms) */
const CLOSE_TIMEOUT = 2_000

/** The body of a response, written to like a socket. It is one-way: nothing is received, and there is no ping. */
export class SseSocket implements Socket {
  readonly body: ReadableStream<Uint8Array>
  readonly #clock: Clock
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  #closed = false
  #inTurn = false
  #backlog = 0

  /** @param gone called when the peer left, or the runtime ended the response */
  constructor(clock: Clock, gone: () => void) {
    this.#clock = clock
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => void (this.#controller = controller),
        cancel: () => {
          this.#closed = true
          gone()
        },
      },
      // Sizes are in bytes, so that `desiredSize` tells how many are waiting
      { highWaterMark: 0, size: (chunk) => chunk?.byteLength ?? 0 },
    )
  }

  send(frame: Frame): void {
    if (this.#closed) return
    const before = this.#queued
    this.#controller?.enqueue(frame.utf8)
    if (this.#inTurn || this.#queued === 0) return
    this.#inTurn = true
    this.#backlog = before
    this.#clock.after(0, () => (this.#inTurn = false))
  }

  ping(): void {}

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#controller?.close()
    // What waits for a reader that takes nothing would stay in memory. After an error the runtime cuts the connection
    this.#clock.after(CLOSE_TIMEOUT, () => this.#controller?.error('An event stream was cut: its reader is too slow'))
  }

  get bufferedBytes(): number {
    // Bytes written in this turn could not leave yet, so they say nothing about the peer
    return this.#inTurn ? this.#backlog : this.#queued
  }

  get #queued(): number {
    return -(this.#controller?.desiredSize ?? 0)
  }
}
