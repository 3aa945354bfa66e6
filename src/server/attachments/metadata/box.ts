// The head of a box (ISO/IEC 14496-12, section 4.2).
import { textAt, viewOf } from './rewriter.ts'

export interface Box {
  type: string
  /** Bytes of its head, and of all of it; up to the end of the file: infinite */
  head: number
  size: number
}

/** @returns undefined: its head is not all there. A size that cannot be is 0 */
export function boxAt(bytes: Uint8Array): Box | undefined {
  if (bytes.length < 8) return undefined
  const size = viewOf(bytes).getUint32(0)
  const type = textAt(bytes, 4, 4)
  if (size !== 1) return { type, head: 8, size: size === 0 ? Infinity : size < 8 ? 0 : size }
  if (bytes.length < 16) return undefined
  const long = Number(viewOf(bytes).getBigUint64(8))
  return { type, head: 16, size: long < 16 ? 0 : long }
}
