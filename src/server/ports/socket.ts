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

/** The longest header of a frame */
const HEADER = 10
/**
 * Short frames lie beside each other in blocks: memory of its own for each takes longer than to encode it. A peer that reads slowly keeps
 * the blocks of what it has not read
 */
const BLOCK = 8 * 1024
let block = newBlock()
let used = 0

/** Node's streams make a `Buffer` of every other array, each time that it is written to a socket */
function newBlock(): Uint8Array {
  const { Buffer } = globalThis as { Buffer?: { alloc: (size: number) => Uint8Array } }
  return Buffer?.alloc(BLOCK) ?? new Uint8Array(BLOCK)
}

function encodeTextFrame(text: string): Uint8Array {
  // A UTF-16 unit takes at most three bytes of UTF-8. The header goes in front once the length is known.
  const most = HEADER + text.length * 3
  if (most > BLOCK / 2) return textFrameIn(new Uint8Array(most), text)
  if (used + most > BLOCK) {
    block = newBlock()
    used = 0
  }
  const frame = textFrameIn(block.subarray(used, used + most), text)
  used = frame.byteOffset + frame.byteLength
  return frame
}

function textFrameIn(room: Uint8Array, text: string): Uint8Array {
  const length = encoder.encodeInto(text, room.subarray(HEADER)).written
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = room.subarray(HEADER - head, HEADER + length)
  frame[0] = 0x81
  if (head === 2) frame[1] = length
  else if (head === 4) {
    frame[1] = 126
    frame[2] = length >> 8
    frame[3] = length
  } else {
    frame[1] = 127
    new DataView(frame.buffer, frame.byteOffset).setBigUint64(2, BigInt(length))
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
