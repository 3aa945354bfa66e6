// JPEG (ITU-T T.81 annex B) without what its makers say about it.
import { onlyOrientation, orientationOf } from './exif.ts'
import { Rewriter, textAt, viewOf, type Step } from './rewriter.ts'
import type { Cleaner } from './cleaner.ts'

const SOI = 0xd8
const EOI = 0xd9
const SOS = 0xda
const COMMENT = 0xfe
const EXIF = 'Exif\0\0'

/** Markers that stand alone, without a length */
const isAlone = (marker: number): boolean => marker === SOI || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)
/** A frame header, which has the size. C4, C8 and CC are others */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
/** What an application adds. Without JFIF, the colour profile and Adobe's segment an image may look different */
const isApplication = (marker: number): boolean => marker >= 0xe0 && marker <= 0xef

/** Where the first marker that is more than itself may begin. Any number of FF may stand before one */
function segmentStart(held: Uint8Array): number {
  let at = held.indexOf(0xff)
  while (at >= 0) {
    const marker = held[at + 1]
    if (marker === undefined || (marker !== 0xff && !isAlone(marker))) return at
    at = held.indexOf(0xff, at + (marker === 0xff ? 1 : 2))
  }
  return held.length
}

export function jpegCleaner(): Cleaner {
  let state: 'markers' | 'pixels' | 'ended' = 'markers'
  let orientation = 1
  let size: { width: number; height: number } | undefined

  function segment(held: Uint8Array): Step | undefined {
    const start = segmentStart(held)
    if (start > 0) return { keep: start }
    if (held.length < 2) return undefined
    const marker = held[1] ?? 0
    if (marker === EOI) {
      state = 'ended'
      return { keep: 2 }
    }
    if (held.length < 4) return undefined
    const length = 2 + viewOf(held).getUint16(2)
    if (isFrame(marker)) return frame(held, length)
    if (marker === SOS) state = 'pixels'
    if (!isApplication(marker) && marker !== COMMENT) return { keep: length }
    if (held.length < length) return undefined
    return application(held.subarray(0, length), marker)
  }

  function frame(held: Uint8Array, length: number): Step | undefined {
    if (held.length < 9) return undefined
    size ??= { height: viewOf(held).getUint16(5), width: viewOf(held).getUint16(7) }
    return { keep: length }
  }

  function application(whole: Uint8Array, marker: number): Step {
    const isKept = marker === 0xe0 || marker === 0xee || (marker === 0xe2 && textAt(whole, 4, 12) === 'ICC_PROFILE\0')
    if (isKept) return { keep: whole.length }
    const cleaned = new Uint8Array(whole.length)
    cleaned.set(whole.subarray(0, 4))
    if (marker === 0xe1 && textAt(whole, 4, EXIF.length) === EXIF) {
      const tiff = whole.subarray(4 + EXIF.length)
      orientation = orientationOf(tiff)
      cleaned.set(whole.subarray(4, 4 + EXIF.length), 4)
      cleaned.set(onlyOrientation(tiff), 4 + EXIF.length)
    }
    return { replace: cleaned }
  }

  /** Up to the next marker. FF00 is a byte of the pixels, and restart markers are between them */
  function pixels(held: Uint8Array): Step | undefined {
    for (let at = held.indexOf(0xff); at >= 0; at = held.indexOf(0xff, at + 1)) {
      const next = held[at + 1]
      if (next === undefined) return at > 0 ? { keep: at } : undefined
      if (next === 0x00 || next === 0xff || (next >= 0xd0 && next <= 0xd7)) continue
      state = 'markers'
      return at > 0 ? { keep: at } : segment(held)
    }
    return { keep: held.length }
  }

  const rewriter = new Rewriter((held) => {
    if (state === 'pixels') return pixels(held)
    // What follows the image is none of it: a film, another image with a position, or a program
    return state === 'ended' ? { blank: held.length } : segment(held)
  })
  return {
    push: (chunk) => rewriter.push(chunk),
    end: () => rewriter.end(),
    get found() {
      return { orientation, size }
    },
  }
}
