import { readFileSync } from 'node:fs'
import { imageSize } from 'image-size'
import { describe, expect, it } from 'vitest'
import { boxCleaner } from './boxes.ts'
import { placesOf } from './item-places.ts'

const latin = (text: string): Uint8Array => Uint8Array.from(text, (one) => one.charCodeAt(0))
const concat = (...parts: (Uint8Array | number[] | string)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...(typeof part === 'string' ? latin(part) : part)]))
const text = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes)
const uint = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** (bytes - 1 - i)) % 256)
const box = (type: string, ...parts: Parameters<typeof concat>): Uint8Array => {
  const body = concat(...parts)
  return concat(uint(body.length + 8, 4), type, body)
}
const SECRET = '+52.5200+013.4050/'
const ftyp = box('ftyp', 'isom', [0, 0, 0, 0])
const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../../test/fixtures/positions/${name}`, import.meta.url)))

/** Whatever pieces a file comes in, these all give the same */
function clean(file: Uint8Array): Uint8Array {
  const results = [file.length, 1, 3, 64].map((step) => {
    const cleaner = boxCleaner()
    const parts: Uint8Array[] = []
    for (let at = 0; at < file.length; at += step) parts.push(...cleaner.push(file.slice(at, at + step)))
    return concat(...parts, cleaner.end())
  })
  for (const result of results) expect(text(result)).toBe(text(results[0] ?? new Uint8Array(0)))
  expect(results[0]).toHaveLength(file.length)
  return results[0] ?? expect.fail()
}

/** Where two files of one length differ, joined where less than 64 bytes are between */
function differences(a: Uint8Array, b: Uint8Array): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = []
  for (let at = 0; at < a.length; at++) {
    if (a[at] === b[at]) continue
    const last = found.at(-1)
    if (last && at - last.to < 64) last.to = at + 1
    else found.push({ from: at, to: at + 1 })
  }
  return found
}

describe('A photograph of items', () => {
  it.each(['photo.heic', 'photo.avif'])('%s loses its EXIF and XMP, and nothing else', (name) => {
    const file = fixture(name)
    expect(text(file)).toMatch(/SECRET-CAMERA[^]*SECRET-XMP|SECRET-XMP[^]*SECRET-CAMERA/)
    const bytes = clean(file)
    expect(text(bytes)).not.toContain('SECRET')
    expect(imageSize(bytes)).toMatchObject({ width: 96, height: 64 })
    // EXIF, whose structure is valid and empty, and XMP; they may be side by side
    const changed = differences(file, bytes)
    expect(changed.length).toBeLessThanOrEqual(2)
    expect(text(bytes)).toContain('\0\0\0\0II*\0')
    // The list of items, and what comes in front of it
    const start = text(file).indexOf('mdat')
    expect(changed.every(({ from }) => from > start)).toBe(true)
  })

  const item = (id: number, ...parts: Parameters<typeof concat>) =>
    box('infe', [2, 0, 0, 0], uint(id, 2), [0, 0], ...parts)
  const meta = (iloc: Uint8Array, ...more: Uint8Array[]): Uint8Array =>
    box(
      'meta',
      [0, 0, 0, 0],
      box(
        'iinf',
        [0, 0, 0, 0],
        uint(3, 2),
        item(1, 'av01\0'),
        item(2, 'Exif\0'),
        item(3, 'mime\0application/rdf+xml\0'),
      ),
      iloc,
      ...more,
    )

  it('may have its data in the list itself, and in pieces', () => {
    // Version 1, offsets and lengths of 4 bytes: item 2 in the file, item 3 in `idat`
    const iloc = (at: number): Uint8Array =>
      box(
        'iloc',
        [1, 0, 0, 0],
        uint(0x4400, 2),
        uint(2, 2),
        [uint(2, 2), uint(0, 2), uint(0, 2), uint(2, 2)].flat(),
        [uint(at + 4, 4), uint(6, 4), uint(at + 14, 4), uint(6, 4)].flat(),
        [uint(3, 2), uint(1, 2), uint(0, 2), uint(1, 2), uint(2, 4), uint(6, 4)].flat(),
      )
    const idat = box('idat', 'abSECRETcd')
    const at = ftyp.length + meta(iloc(0), idat).length + 8
    const file = concat(ftyp, meta(iloc(at), idat), box('mdat', 'abcdSECRETefghSECRETij'))
    const zeros = '\0'.repeat(6)
    expect(text(clean(file))).toBe(text(file).replaceAll('SECRET', zeros))
  })

  it('is gone through once, however many of its pieces are the same bytes', () => {
    // Item 3: pieces of 9 bytes from the start of `idat`, of which each is named by its length alone
    const pieces = Array.from({ length: 1_000 }, () => [0, 9]).flat()
    const iloc = box('iloc', [1, 0, 0, 0], uint(0x0200, 2), uint(2, 2), [
      ...[uint(3, 2), uint(1, 2), uint(0, 2), uint(1_000, 2)].flat(),
      ...pieces,
      ...[uint(3, 2), uint(1, 2), uint(0, 2), uint(1, 2), uint(4, 2)].flat(),
    ])
    const items = meta(iloc, box('idat', 'SECRET-XMP'))
    const start = items.length - 10
    expect(placesOf(items).inMeta).toEqual([{ start, end: start + 9 }])
    expect(text(clean(items))).toBe(text(items).replace('SECRET-XM', '\0'.repeat(9)))
  })

  it.each([
    [
      'a size that no number has',
      box('iloc', [1, 0, 0, 0], uint(0x3500, 2), uint(1, 2), uint(2, 2), uint(0, 2), uint(0, 2)),
    ],
    [
      'more items than there are',
      box('iloc', [2, 0, 0, 0], uint(0x4400, 2), uint(0xffffffff, 4), uint(2, 4), uint(0, 8)),
    ],
    [
      'extents without a size',
      box('iloc', [0, 0, 0, 0], uint(0, 2), uint(1, 2), uint(2, 2), uint(0, 2), uint(0xffff, 2)),
    ],
    [
      'an extent up to the end of all',
      box(
        'iloc',
        [0, 0, 0, 0],
        uint(0x8800, 2),
        uint(1, 2),
        uint(2, 2),
        uint(0, 2),
        uint(1, 2),
        Array.from({ length: 16 }, () => 255),
      ),
    ],
    ['a list that ends at once', box('iloc')],
    ['a child that is longer than its box', concat(uint(0xfffffff0, 4), 'iloc')],
  ])('stays where its list contradicts itself: %s', (_, iloc) => {
    const file = concat(ftyp, meta(iloc), box('mdat', 'pixels'))
    expect(text(clean(file))).toBe(text(file))
  })
})

describe('A film', () => {
  it.each(['film.mov', 'film.3gp'])('%s loses where and with what it was taken, and keeps its tracks', (name) => {
    const file = fixture(name)
    const bytes = clean(file)
    expect(text(file)).toMatch(/ISO6709|loci/)
    expect(text(bytes)).not.toMatch(/SECRET|ISO6709|loci|xyz|52\.52/)
    const ends = ['udta', 'meta'].map((type) => text(file).indexOf(type)).filter((found) => found > 0)
    expect(differences(file, bytes)[0]?.from).toBeGreaterThanOrEqual(Math.min(...ends))
    for (const type of ['mdat', 'moov', 'trak', 'stbl', 'stco']) expect(text(bytes)).toContain(type)
  })

  const long = (type: string, body: string): Uint8Array => concat(uint(1, 4), type, uint(body.length + 16, 8), body)

  it('loses what is said in it and in its tracks, whatever form the boxes have; other boxes stay', () => {
    const file = (about: (type: string, body: string) => Uint8Array): Uint8Array =>
      concat(
        ftyp,
        box('mdat', `frames ${SECRET}`),
        box(
          'moov',
          box('mvhd', 'head'),
          box('trak', box('tkhd', 'head'), about('udta', SECRET)),
          about('meta', SECRET),
        ),
        about('uuid', SECRET),
        box('mpvd', ftyp, box('moov', about('udta', SECRET), box('mvhd', 'head'))),
        box('free', 'end'),
      )
    for (const about of [box, long]) {
      const given = file(about)
      const empty = (_: string, body: string): Uint8Array => about('free', '\0'.repeat(body.length))
      expect(text(clean(given))).toBe(text(file(empty)))
    }
    // The last box may go to the end of the file
    const open = concat(ftyp, box('moov'), uint(0, 4), 'uuid', SECRET)
    expect(text(clean(open))).toBe(text(concat(ftyp, box('moov'), uint(0, 4), 'free', '\0'.repeat(SECRET.length))))
  })

  it.each([
    ['a size that cannot be', concat(ftyp, uint(7, 4), 'moov', 'rest')],
    ['a long size that cannot be', concat(ftyp, uint(1, 4), 'moov', uint(15, 8), 'rest')],
    ['a box that is longer than the file', concat(ftyp, uint(0xffffffff, 4), 'mdat', 'rest')],
    [
      'the longest box of all',
      concat(
        ftyp,
        uint(1, 4),
        'mdat',
        Array.from({ length: 8 }, () => 255),
        'rest',
      ),
    ],
    ['no box', latin('nothing of that')],
  ])('stays where it has %s', (_, file) => {
    expect(text(clean(file))).toBe(text(file))
  })

  it('is never held: boxes in boxes in boxes, and a list of items that is too long, stream by', () => {
    const cleaner = boxCleaner()
    let deepest = 0
    const part = concat(...Array.from({ length: 1_000 }, () => concat(uint(0x7fffffff, 4), 'moov')))
    for (const chunk of [
      ...Array.from({ length: 50 }, () => part),
      concat(uint(0x10000000, 4), 'mdat'),
      new Uint8Array(9),
    ])
      deepest = Math.max(deepest, chunk.length - cleaner.push(chunk).reduce((sum, { length }) => sum + length, 0))
    const large = boxCleaner()
    large.push(concat(ftyp, uint(0x100000, 4), 'meta'))
    for (let n = 0; n < 16; n++)
      deepest = Math.max(
        deepest,
        65_536 - large.push(new Uint8Array(65_536)).reduce((sum, { length }) => sum + length, 0),
      )
    expect(deepest).toBeLessThanOrEqual(8)
  })
})
