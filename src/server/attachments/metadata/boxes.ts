// Files that are made of boxes (ISO/IEC 14496-12): HEIC, AVIF, MP4 and QuickTime, without EXIF, XMP and what cameras say about a film.
// Nothing moves, so that what points into the file still does: a box becomes one that means nothing, and an item becomes empty.
import { boxAt } from './box.ts'
import type { Cleaner } from './cleaner.ts'
import { onlyOrientation } from './exif.ts'
import { placesOf, type Place } from './item-places.ts'
import { Rewriter, type Step } from './rewriter.ts'

/** A list of items that is larger stays as it is; those of photographs have a few kilobytes */
const MOST_HELD = 256 * 1024
/** What is in them is looked at too. `mpvd`: the film of a photograph that moves */
const CONTAINERS = ['moov', 'trak', 'mpvd']
/** What says something about a film or one of its tracks */
const ABOUT = ['udta', 'meta', 'uuid']
/** As an item has it: no bytes in front of the structure */
const EMPTY_EXIF = new Uint8Array([0, 0, 0, 0, ...onlyOrientation(new Uint8Array(26))])

export function boxCleaner(): Cleaner {
  let at = 0
  /** Bytes of a box that stays, but for the places in it */
  let left = 0
  let filmEnd = 0
  /** Ascending; undefined before the list of items, of which a file has one */
  let places: Place[] | undefined
  /** Places that are behind */
  let past = 0

  function next(held: Uint8Array): Step | undefined {
    if (left > 0) return withoutPlaces(held)
    const box = boxAt(held)
    if (!box) return undefined
    const { type, head, size } = box
    if (size === 0) return { keep: Infinity }
    const isInFilm = at < filmEnd
    if (CONTAINERS.includes(type)) {
      if (type === 'moov') filmEnd = at + size
      return { keep: head }
    }
    if (type === 'meta' && !isInFilm && !places && size <= MOST_HELD)
      return held.length < size ? undefined : { replace: withoutItems(held.slice(0, size)) }
    if (ABOUT.includes(type) && (isInFilm || type === 'uuid')) {
      const free = held.slice(0, head)
      free.set(new TextEncoder().encode('free'), 4)
      return { replace: free, thenBlank: size - head }
    }
    left = size
    return withoutPlaces(held)
  }

  function withoutItems(meta: Uint8Array): Uint8Array {
    const { inFile, inMeta } = placesOf(meta)
    for (const { start, end } of inMeta) meta.fill(0, start, end)
    places = inFile
    return meta
  }

  /** The rest of a box, or as much of it as is treated alike */
  function withoutPlaces(held: Uint8Array): Step | undefined {
    while ((places?.[past]?.end ?? Infinity) <= at) past++
    const place = places?.[past]
    const keep = Math.min(left, (place?.start ?? Infinity) - at)
    if (!place || keep > 0) return { keep }
    const blank = Math.min(left, place.end - at)
    if (!place.isExif || at !== place.start || blank < EMPTY_EXIF.length) return { blank }
    return held.length < EMPTY_EXIF.length ? undefined : { replace: EMPTY_EXIF, thenBlank: blank - EMPTY_EXIF.length }
  }

  const rewriter = new Rewriter((held) => {
    const step = next(held)
    if (!step) return undefined
    const length =
      'keep' in step ? step.keep : 'blank' in step ? step.blank : step.replace.length + (step.thenBlank ?? 0)
    at += length
    if (left > 0) left -= length
    return step
  })
  return {
    push: (bytes) => rewriter.push(bytes),
    end: () => rewriter.end(),
    // What such an image says about its turn is not in its EXIF
    found: { orientation: 1 },
  }
}
