// WebP (RFC 9649) without EXIF and XMP.
import { onlyOrientation, orientationOf } from './exif.ts'
import { Rewriter, textAt, viewOf, type Step } from './rewriter.ts'
import type { Cleaner } from './cleaner.ts'

/** `RIFF`, a length, `WEBP` */
const HEADER = 12
const MOST_HELD = 256 * 1024
/** Some programs begin it as in JPEG */
const EXIF = 'Exif\0\0'

export function webpCleaner(): Cleaner {
  let orientation = 1
  /** Bytes of the file that are left, as its header says; undefined before the header */
  let left: number | undefined

  function chunk(held: Uint8Array): Step | undefined {
    if (held.length < 8) return undefined
    const type = textAt(held, 0, 4)
    const size = viewOf(held).getUint32(4, true)
    // An odd length is followed by a byte that is not counted
    const whole = 8 + size + (size % 2)
    const isExif = type === 'EXIF' && size <= MOST_HELD
    if (isExif && held.length < whole) return undefined
    left = Math.max(0, (left ?? 0) - whole)
    if (type === 'EXIF' && !isExif) return { blank: whole }
    if (!isExif && type !== 'XMP ') return { keep: whole }
    const cleaned = new Uint8Array(isExif ? whole : 8)
    cleaned.set(held.subarray(0, 8))
    if (!isExif) return { replace: cleaned, thenBlank: whole - 8 }
    exif(held.subarray(8, 8 + size), cleaned)
    return { replace: cleaned }
  }

  function exif(data: Uint8Array, cleaned: Uint8Array): void {
    const start = textAt(data, 0, EXIF.length) === EXIF ? EXIF.length : 0
    const tiff = data.subarray(start)
    orientation = orientationOf(tiff)
    cleaned.set(data.subarray(0, start), 8)
    cleaned.set(onlyOrientation(tiff), 8 + start)
  }

  const rewriter = new Rewriter((held) => {
    if (left === undefined) {
      if (held.length < HEADER) return undefined
      left = viewOf(held).getUint32(4, true) - 4
      return { keep: HEADER }
    }
    return left === 0 ? { blank: held.length } : chunk(held)
  })
  return {
    push: (bytes) => rewriter.push(bytes),
    end: () => rewriter.end(),
    get found() {
      return { orientation }
    },
  }
}
