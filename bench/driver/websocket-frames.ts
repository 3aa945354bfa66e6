// Frames of the WebSocket protocol (RFC 6455 section 5), as a client writes and reads them.

export const TEXT = 1
export const CLOSE = 8
export const PING = 9
export const PONG = 10

/** Masked with zeros, which is allowed and which the server unmasks like any other; it saves the driver the work */
export function encodeFrame(opcode: number, text: string): Buffer {
  const length = Buffer.byteLength(text)
  const head = length < 126 ? 6 : length < 65_536 ? 8 : 14
  const frame = Buffer.allocUnsafe(head + length)
  frame[0] = 0x80 | opcode
  if (length < 126) {
    frame[1] = 0x80 | length
  } else if (length < 65_536) {
    frame[1] = 0x80 | 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 0x80 | 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.fill(0, head - 4, head)
  frame.write(text, head)
  return frame
}

/** Bytes in, whole messages and control frames out */
export class FrameReader {
  #rest: Buffer | undefined
  #fragments: Buffer[] = []
  readonly #onMessage: (opcode: number, text: string) => void

  /** @param onMessage of a whole message: TEXT; of a control frame: its opcode */
  constructor(onMessage: (opcode: number, text: string) => void) {
    this.#onMessage = onMessage
  }

  /** @param chunk may be overwritten afterwards */
  read(chunk: Buffer): void {
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk
    let at = 0
    for (;;) {
      const payload = payloadAt(bytes, at)
      if (!payload || payload.end > bytes.length) break
      this.#take(bytes[at] ?? 0, bytes, payload)
      at = payload.end
    }
    this.#rest = at < bytes.length ? Buffer.from(bytes.subarray(at)) : undefined
  }

  #take(first: number, bytes: Buffer, { start, end }: Payload): void {
    const opcode = first & 15
    if (opcode >= CLOSE) return this.#onMessage(opcode, bytes.toString('utf8', start, end))
    const isLast = (first & 0x80) !== 0
    if (isLast && this.#fragments.length === 0) return this.#onMessage(TEXT, bytes.toString('utf8', start, end))
    this.#fragments.push(Buffer.from(bytes.subarray(start, end)))
    if (!isLast) return
    const whole = Buffer.concat(this.#fragments).toString()
    this.#fragments = []
    this.#onMessage(TEXT, whole)
  }
}

interface Payload {
  start: number
  end: number
}

/** Undefined while its length has not arrived */
function payloadAt(bytes: Buffer, at: number): Payload | undefined {
  if (bytes.length - at < 2) return undefined
  const length = (bytes[at + 1] ?? 0) & 0x7f
  if (length < 126) return { start: at + 2, end: at + 2 + length }
  const head = length === 126 ? 4 : 10
  if (bytes.length - at < head) return undefined
  const long = length === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
  return { start: at + head, end: at + head + long }
}
