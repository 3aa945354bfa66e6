import type { Clock } from '../../ports/clock.ts'
import type { Frame, Socket } from '../../ports/socket.ts'

/** How long a peer may take to read what is left, once we have said goodbye (ms) */
const CLOSE_TIMEOUT = 2_000

/** The body of a response, written to like a socket. It goes one way: there is nothing to read and no ping. */
export class SseSocket implements Socket {
  readonly body: ReadableStream<Uint8Array>
  readonly #clock: Clock
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  #closed = false
  #inTurn = false
  #backlog = 0

  /** @param gone the peer left, or its runtime gave it up */
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
      // Bytes are counted, so that `desiredSize` tells how many wait
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
    // A reader that takes nothing would keep what waits for it in memory: the runtime then cuts the connection
    this.#clock.after(CLOSE_TIMEOUT, () => this.#controller?.error('An event stream was cut: its reader is too slow'))
  }

  get bufferedBytes(): number {
    // What this turn wrote has had no chance to leave yet: it says nothing about the peer
    return this.#inTurn ? this.#backlog : this.#queued
  }

  get #queued(): number {
    return -(this.#controller?.desiredSize ?? 0)
  }
}
