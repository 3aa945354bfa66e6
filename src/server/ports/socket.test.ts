import { expect, it } from 'vitest'
import { Frame } from './socket.ts'

/** RFC 6455 section 5.2, of a whole, unmasked text frame */
function textOf(frame: Uint8Array): string {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  expect(view.getUint8(0)).toBe(0x81)
  const short = view.getUint8(1)
  const [head, length] =
    short === 127 ? [10, Number(view.getBigUint64(2))] : short === 126 ? [4, view.getUint16(2)] : [2, short]
  expect(frame.byteLength).toBe(head + length)
  return new TextDecoder().decode(frame.subarray(head))
}

it('encodes texts of every length, and keeps each as it is while others are encoded', () => {
  const lengths = [0, 1, 125, 126, 127, 1_000, 1_365, 1_366, 3_000, 65_535, 65_536, 70_000]
  const texts = lengths.flatMap((length) => ['x'.repeat(length), '€'.repeat(length / 3), '😀'.repeat(length / 4)])
  const all = [...texts, ...texts.toReversed()]
  const frames = all.map((text) => new Frame(text).bytes)
  expect(frames.map(textOf)).toEqual(all)
})
