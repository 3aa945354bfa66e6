// What cameras write into images: where, when and with what it was taken, and a small copy. Only how it is to be turned is kept.
import { textAt, viewOf } from './rewriter.ts'

const ORIENTATION = 0x0112
/** A header, a directory with one entry, and no further directory */
const SMALLEST = 26

/** Of a TIFF structure (TIFF 6.0, EXIF 3.0 section 4.6). @returns 1, upright, where it does not say */
export function orientationOf(tiff: Uint8Array): number {
  const order = textAt(tiff, 0, 2)
  if ((order !== 'II' && order !== 'MM') || tiff.length < SMALLEST) return 1
  const isLittle = order === 'II'
  const view = viewOf(tiff)
  const directory = view.getUint32(4, isLittle)
  if (directory + 2 > tiff.length) return 1
  const entries = view.getUint16(directory, isLittle)
  for (let n = 0; n < entries; n++) {
    const entry = directory + 2 + n * 12
    if (entry + 12 > tiff.length) return 1
    if (view.getUint16(entry, isLittle) !== ORIENTATION) continue
    const value = view.getUint16(entry + 8, isLittle)
    return value >= 1 && value <= 8 ? value : 1
  }
  return 1
}

/** A structure of the same length, which says how to turn the image and nothing else */
export function onlyOrientation(tiff: Uint8Array): Uint8Array {
  const orientation = orientationOf(tiff)
  const bytes = new Uint8Array(tiff.length)
  if (tiff.length < SMALLEST) return bytes
  const view = viewOf(bytes)
  bytes.set([0x49, 0x49, 42, 0])
  view.setUint32(4, 8, true)
  view.setUint16(8, 1, true)
  view.setUint16(10, ORIENTATION, true)
  // One unsigned number of two bytes
  view.setUint16(12, 3, true)
  view.setUint32(14, 1, true)
  view.setUint16(18, orientation, true)
  return bytes
}
