// Where EXIF and XMP are in a file of items, such as HEIC (ISO/IEC 14496-12, section 8.11, and 23008-12, annex A).
import { boxAt } from './box.ts'
import { textAt, viewOf } from './rewriter.ts'

interface Range {
  start: number
  end: number
}

export interface Place extends Range {
  isExif: boolean
}

export interface Places {
  /** Ascending */
  inFile: Place[]
  /** Within the box of the items itself, ascending. None lies in another: a list may name the same bytes a hundred thousand times */
  inMeta: Range[]
}

const XMP = 'application/rdf+xml'

/** @param meta the box of the items, as a whole. One that contradicts itself has none that can be found */
export function placesOf(meta: Uint8Array): Places {
  const places = { inFile: [] as Place[], inMeta: [] as Range[] }
  try {
    find(meta, places)
  } catch (error) {
    // It says that it has more than it has
    if (!(error instanceof RangeError)) throw error
  }
  return { inFile: places.inFile.toSorted(byStart), inMeta: apart(places.inMeta.toSorted(byStart)) }
}

const byStart = (a: Range, b: Range): number => a.start - b.start

/** @param ranges ascending */
function apart(ranges: readonly Range[]): Range[] {
  const found: Range[] = []
  for (const { start, end } of ranges) {
    const last = found.at(-1)
    if (!last || start > last.end) found.push({ start, end })
    else last.end = Math.max(last.end, end)
  }
  return found
}

function find(meta: Uint8Array, places: Places): void {
  // After its head are a version and flags, as in all that follow
  const parts = childrenOf(meta, (boxAt(meta)?.head ?? 0) + 4)
  const infos = parts.find(({ type }) => type === 'iinf')
  const locations = parts.find(({ type }) => type === 'iloc')
  const data = parts.find(({ type }) => type === 'idat')
  if (!infos || !locations) return
  const wanted = itemsAbout(infos.body)
  const reader = new Reader(locations.body)
  const version = reader.uint(1)
  reader.skip(3)
  const sizes = reader.uint(2)
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15]
  const indexSize = version > 0 ? sizes & 15 : 0
  const extentSize = indexSize + offsetSize + lengthSize
  const long = version < 2 ? 2 : 4
  for (let left = reader.uint(long); left > 0; left--) {
    const isExif = wanted.get(reader.uint(long))
    const method = version > 0 ? reader.uint(2) & 15 : 0
    const isHere = reader.uint(2) === 0
    const base = reader.uint(baseSize)
    const extents = reader.uint(2)
    if (isExif === undefined || !isHere || extentSize === 0) {
      reader.skip(extents * extentSize)
      continue
    }
    for (let n = 0; n < extents; n++) {
      reader.skip(indexSize)
      const start = base + reader.uint(offsetSize)
      const end = start + reader.uint(lengthSize)
      if (method === 0) places.inFile.push({ start, end, isExif })
      else if (method === 1 && data)
        places.inMeta.push({ start: data.start + start, end: Math.min(data.start + end, data.end) })
    }
  }
}

/** The ids of items that are EXIF (true) or XMP (false) */
function itemsAbout(infos: Uint8Array): Map<number, boolean> {
  const about = new Map<number, boolean>()
  const countSize = new Reader(infos).uint(1) === 0 ? 2 : 4
  for (const { type, body } of childrenOf(infos, 4 + countSize)) {
    const reader = new Reader(body)
    const version = reader.uint(1)
    if (type !== 'infe' || version < 2) continue
    reader.skip(3)
    const id = reader.uint(version === 2 ? 2 : 4)
    reader.skip(2)
    const kind = textAt(body, reader.at, 4)
    if (kind === 'Exif') about.set(id, true)
    // A name, and its type
    else if (kind === 'mime' && wordsAt(body, reader.at + 4)[1] === XMP) about.set(id, false)
  }
  return about
}

const wordsAt = (bytes: Uint8Array, from: number): string[] =>
  new TextDecoder('latin1').decode(bytes.subarray(from)).split('\0')

interface Child {
  type: string
  body: Uint8Array
  /** Of its body, within what it is a part of */
  start: number
  end: number
}

function childrenOf(bytes: Uint8Array, from: number): Child[] {
  const children: Child[] = []
  for (let at = from; at < bytes.length;) {
    const box = boxAt(bytes.subarray(at))
    if (!box || box.size === 0) break
    const end = Math.min(at + box.size, bytes.length)
    children.push({ type: box.type, body: bytes.subarray(at + box.head, end), start: at + box.head, end })
    at = end
  }
  return children
}

/** @throws RangeError at the end, and for a size that no number has */
class Reader {
  at = 0
  readonly #view: DataView

  constructor(bytes: Uint8Array) {
    this.#view = viewOf(bytes)
  }

  skip(bytes: number): void {
    this.at += bytes
  }

  uint(bytes: number): number {
    const { at } = this
    this.at += bytes
    if (bytes === 0) return 0
    if (bytes === 1) return this.#view.getUint8(at)
    if (bytes === 2) return this.#view.getUint16(at)
    if (bytes === 4) return this.#view.getUint32(at)
    if (bytes === 8) return Number(this.#view.getBigUint64(at))
    throw new RangeError('No number has this size')
  }
}
