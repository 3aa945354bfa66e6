// PNG (https://www.w3.org/TR/png-3/) without texts and EXIF.
import { crc32 } from './crc32.ts'
import { onlyOrientation, orientationOf } from './exif.ts'
import { Rewriter, textAt, viewOf, type Step } from './rewriter.ts'
import type { Cleaner } from './cleaner.ts'

const SIGNATURE = 8
/** A length, a type and a checksum */
const AROUND = 12
/** A chunk of text that is larger is left out by its type alone */
const MOST_HELD = 1024 * 1024
/** What says something about the image. Editors keep XMP and EXIF in texts */
const ABOUT = ['eXIf', 'tEXt', 'zTXt', 'iTXt', 'tIME']
/** A type that nobody knows, and may leave out: such a chunk means nothing */
const NOTHING = 'juNk'

export function pngCleaner(): Cleaner {
  let state: 'signature' | 'chunks' | 'ended' = 'signature'
  let orientation = 1

  function chunk(held: Uint8Array): Step | undefined {
    if (held.length < 8) return undefined
    const length = viewOf(held).getUint32(0)
    const type = textAt(held, 4, 4)
    if (type === 'IEND') state = 'ended'
    if (!ABOUT.includes(type)) return { keep: length + AROUND }
    // Whatever is so large is no text. Without its checksum, programs leave it out too
    if (length > MOST_HELD) return { blank: length + AROUND }
    if (held.length < length + AROUND) return undefined
    const data = held.subarray(8, 8 + length)
    if (type !== 'eXIf') return { replace: chunkOf(NOTHING, new Uint8Array(length)) }
    orientation = orientationOf(data)
    return { replace: chunkOf(type, onlyOrientation(data)) }
  }

  const rewriter = new Rewriter((held) => {
    if (state === 'ended') return { blank: held.length }
    if (state === 'chunks') return chunk(held)
    state = 'chunks'
    return { keep: SIGNATURE }
  })
  return {
    push: (bytes) => rewriter.push(bytes),
    end: () => rewriter.end(),
    get found() {
      return { orientation }
    },
  }
}

function chunkOf(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + AROUND)
  const view = viewOf(bytes)
  view.setUint32(0, data.length)
  bytes.set(new TextEncoder().encode(type), 4)
  bytes.set(data, 8)
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)))
  return bytes
}
