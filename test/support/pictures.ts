// Pictures as files, made here, so that tests know each byte of them.
import { crc32, deflateSync } from 'node:zlib'

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1')

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** A chunk of a PNG (https://www.w3.org/TR/png-3/#5Chunk-layout) */
export function pngChunk(type: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([ascii(type), data])
  return Buffer.concat([uint32(data.length), named, uint32(crc32(named))])
}

export const PNG_SIGNATURE: Buffer = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/**
 * A grey PNG.
 * @param rows that are there; the header says `height` all the same
 * @param more chunks in front of the pixels
 */
export function pixels(width: number, height: number, rows: number = height, more: Buffer[] = []): Buffer<ArrayBuffer> {
  const header = Buffer.concat([uint32(width), uint32(height), Buffer.from([8, 0, 0, 0, 0])])
  const data = deflateSync(Buffer.alloc((width + 1) * rows, 0))
  const chunks = [pngChunk('IHDR', header), ...more, pngChunk('IDAT', data), pngChunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([PNG_SIGNATURE, ...chunks])
}
