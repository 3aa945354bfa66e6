/**
 * One text frame, encoded at most once, however many sockets it is written to.
 * `bytes` is the whole unmasked, unfragmented frame of RFC 6455 section 5.2.
 */
export class Frame {
  readonly text: string
  #bytes: Uint8Array | undefined
  #utf8: Uint8Array | undefined

  constructor(text: string) {
    this.text = text
  }

  get bytes(): Uint8Array {
    return (this.#bytes ??= encodeTextFrame(this.text))
  }

  /** The text alone, for event streams */
  get utf8(): Uint8Array {
    return (this.#utf8 ??= encoder.encode(this.text))
  }
}

const encoder = new TextEncoder()

function encodeTextFrame(text: string): Uint8Array {
  // A UTF-16 unit takes at most three bytes of UTF-8. The header goes in front once the length is known.
  const room = new Uint8Array(10 + text.length * 3)
  const length = encoder.encodeInto(text, room.subarray(10)).written
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = room.subarray(10 - head, 10 + length)
  const view = new DataView(frame.buffer, frame.byteOffset, head)
  view.setUint8(0, 0x81)
  if (head === 2) view.setUint8(1, length)
  else if (head === 4) {
    view.setUint8(1, 126)
    view.setUint16(2, length)
  } else {
    view.setUint8(1, 127)
    view.setBigUint64(2, BigInt(length))
  }
  return frame
}

/** What the server needs from a WebSocket. An adapter implements it. No method throws, not even after the socket is closed. */
export interface Socket {
  send(frame: Frame): void
  /** Sends an RFC 6455 ping, which every client answers automatically */
  ping(): void
  /** Sends a close frame, and ends the connection soon after, even if the peer does not answer */
  close(code: number, reason: string): void
  /** Bytes accepted by `send` that the peer has not received yet */
  readonly bufferedBytes: number
}

/** What an adapter calls while a socket is open. */
export interface SocketHandler {
  /** A text frame arrived */
  receive(text: string): void
  /** The peer answered a ping */
  alive(): void
  /** The socket was closed by either side; called once */
  closed(): void
}
