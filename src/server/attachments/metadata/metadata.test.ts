import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { crc32 } from 'node:zlib'
import { markOwn } from '../../ports/own-memory.ts'
import type { Cleaner } from './cleaner.ts'
import { crc32 as ownCrc32 } from './crc32.ts'
import { jpegCleaner } from './jpeg.ts'
import { pngCleaner } from './png.ts'
import { webpCleaner } from './webp.ts'

const latin = (text: string): Uint8Array => Uint8Array.from(text, (one) => one.charCodeAt(0))
const concat = (...parts: (Uint8Array | number[] | string)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...(typeof part === 'string' ? latin(part) : part)]))
const SECRET = 'LATITUDE-52.5200'

/** A TIFF structure of EXIF: upright is 1; with a position */
function tiff(orientation: number, isLittle: boolean): Uint8Array {
  const bytes = concat(new Uint8Array(60), SECRET)
  const view = new DataView(bytes.buffer)
  bytes.set(latin(isLittle ? 'II' : 'MM'))
  view.setUint16(2, 42, isLittle)
  view.setUint32(4, 8, isLittle)
  view.setUint16(8, 2, isLittle)
  const entry = (at: number, tag: number, type: number, value: number) => {
    view.setUint16(at, tag, isLittle)
    view.setUint16(at + 2, type, isLittle)
    view.setUint32(at + 4, 1, isLittle)
    if (type === 3) view.setUint16(at + 8, value, isLittle)
    else view.setUint32(at + 8, value, isLittle)
  }
  // The directory of the position comes first
  entry(10, 0x8825, 4, 40)
  entry(22, 0x0112, 3, orientation)
  return bytes
}

function cleaned(make: () => Cleaner, file: Uint8Array, step: number): { bytes: Uint8Array; found: Cleaner['found'] } {
  const cleaner = make()
  const parts: Uint8Array[] = []
  for (let at = 0; at < file.length; at += step) {
    const piece = file.slice(at, at + step)
    // So it is gone as soon as it is said to be of no more use
    markOwn(piece)
    const ready = cleaner.push(piece)
    expect(ready.length).toBeLessThanOrEqual(1)
    parts.push(...ready)
  }
  parts.push(cleaner.end())
  return { bytes: concat(...parts), found: cleaner.found }
}
/** The file, whatever pieces it comes in: these must all give the same */
function clean(make: () => Cleaner, file: Uint8Array): { bytes: Uint8Array; found: Cleaner['found'] } {
  const whole = cleaned(make, file, file.length)
  for (const step of [1, 2, 3, 7, 64]) expect(cleaned(make, file, step)).toEqual(whole)
  expect(whole.bytes.length).toBe(file.length)
  return whole
}
const text = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes)

describe('A JPEG', () => {
  const segment = (marker: number, data: Uint8Array): Uint8Array =>
    concat([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255], data)
  const frame = segment(0xc2, concat([8, 0x01, 0x2c, 0x00, 0xc8, 3], new Uint8Array(9)))
  const pixels = concat(segment(0xda, new Uint8Array(10)), [1, 2, 0xff, 0, 3, 0xff, 0xd0, 4, 0xff, 0xff, 0])
  const profile = segment(0xe2, concat('ICC_PROFILE\0\x01\x01', 'colours'))
  const adobe = segment(0xee, latin('Adobe\0d'))
  const jpeg = (...more: Uint8Array[]): Uint8Array =>
    concat([0xff, 0xd8], segment(0xe0, latin('JFIF\0')), ...more, frame, pixels, pixels, [0xff, 0xd9])

  it.each([
    [1, true],
    [6, false],
    [8, true],
  ])('keeps that it is turned (%i), its colours and its pixels, and loses all else', (orientation, isLittle) => {
    const exif = segment(0xe1, concat('Exif\0\0', tiff(orientation, isLittle)))
    const others = [
      segment(0xe1, latin(`http://ns.adobe.com/xap/1.0/\0<x>${SECRET}</x>`)),
      segment(0xe2, latin(`MPF\0${SECRET}`)),
      segment(0xed, latin(`Photoshop 3.0\0${SECRET}`)),
      segment(0xfe, latin(SECRET)),
    ]
    const file = concat(jpeg(exif, ...others, profile, adobe), SECRET, jpeg(exif))
    const { bytes, found } = clean(jpegCleaner, file)
    expect(text(bytes)).not.toContain('LATITUDE')
    expect(found).toEqual({ orientation, size: { width: 200, height: 300 } })
    // What was cleaned says the same of itself
    expect(clean(jpegCleaner, bytes)).toEqual({ bytes, found })
    for (const kept of [profile, adobe, frame, pixels]) expect(text(bytes)).toContain(text(kept))
  })

  it('without any of it stays as it is', () => {
    const file = jpeg(profile)
    expect(clean(jpegCleaner, file).bytes).toEqual(file)
  })

  it.each([
    ['bytes of nothing', [7]],
    ['FF', [0xff]],
    ['markers that stand alone', [0xff, 0xd0]],
  ])('made of %s takes few steps', (_, repeated) => {
    const file = concat(
      [0xff, 0xd8],
      Uint8Array.from({ length: 65_536 }, (__, n) => repeated[n % repeated.length] ?? 0),
    )
    const steps = vi.spyOn(Uint8Array.prototype, 'subarray')
    onTestFinished(() => steps.mockRestore())
    const parts = jpegCleaner().push(file)
    const { length } = steps.mock.calls
    expect([parts.length, length < 20]).toEqual([1, true])
  })

  it('with a long segment in small packets does not copy what is held for each of them', () => {
    const cleaner = jpegCleaner()
    const set = vi.spyOn(Uint8Array.prototype, 'set')
    onTestFinished(() => set.mockRestore())
    cleaner.push(concat([0xff, 0xd8], segment(0xe1, new Uint8Array(60_000)).slice(0, 4)))
    for (let n = 0; n < 50_000; n++) cleaner.push(Uint8Array.of(1))
    const copied = set.mock.calls.reduce((sum, [from]) => sum + from.length, 0)
    expect(copied).toBeLessThan(4 * 50_000)
  })

  it.each([
    ['that is cut', jpeg(segment(0xe1, concat('Exif\0\0', tiff(6, true)))).slice(0, 90)],
    ['with lengths that lie', concat([0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff], SECRET)],
    [
      'with a directory that points outside',
      jpeg(segment(0xe1, concat('Exif\0\0II*\0\xff\xff\xff\x7f', SECRET, SECRET))),
    ],
    ['of nothing else', concat([0xff, 0xd8])],
    ['that is none', latin('hello, this is no image at all')],
  ])('%s costs nothing but itself', (_, file) => {
    expect(text(clean(jpegCleaner, file).bytes)).not.toContain('LATITUDE')
  })
})

describe('A PNG', () => {
  const chunk = (type: string, data: Uint8Array): Uint8Array => {
    const named = concat(type, data)
    const around = new DataView(new ArrayBuffer(8))
    around.setUint32(0, data.length)
    around.setUint32(4, crc32(named))
    const bytes = new Uint8Array(around.buffer)
    return concat(bytes.slice(0, 4), named, bytes.slice(4))
  }
  const png = (...more: Uint8Array[]): Uint8Array =>
    concat([137, 80, 78, 71, 13, 10, 26, 10], chunk('IHDR', new Uint8Array(13)), ...more, chunk('IEND', latin('')))

  it('loses its texts and what follows it, and of EXIF all but how it is turned', () => {
    const data = chunk('IDAT', latin('pixels'))
    const texts = ['tEXt', 'zTXt', 'iTXt', 'tIME'].map((type) => chunk(type, latin(`XML:com.adobe.xmp\0${SECRET}`)))
    const file = concat(png(chunk('eXIf', tiff(3, false)), ...texts, data), SECRET)
    const { bytes, found } = clean(pngCleaner, file)
    expect(text(bytes)).not.toContain('LATITUDE')
    expect(found).toEqual({ orientation: 3 })
    expect(text(bytes)).toContain(text(data))
    expect(clean(pngCleaner, bytes)).toEqual({ bytes, found })
    // Decoders that check it find each checksum right
    const view = new DataView(bytes.buffer)
    let at = 8
    for (let type = ''; type !== 'IEND';) {
      const length = view.getUint32(at)
      type = text(bytes.slice(at + 4, at + 8))
      expect([type, view.getUint32(at + 8 + length)]).toEqual([type, crc32(bytes.slice(at + 4, at + 8 + length))])
      at += length + 12
    }
  })

  it('without any of it stays as it is', () => {
    const file = png(chunk('PLTE', latin('abc')), chunk('IDAT', latin('pixels')))
    expect(clean(pngCleaner, file).bytes).toEqual(file)
  })

  it('has checksums like those of others', () => {
    for (const some of ['', 'a', '123456789', SECRET]) expect(ownCrc32(latin(some))).toBe(crc32(latin(some)))
  })
})

describe('A WebP', () => {
  const chunk = (type: string, data: Uint8Array): Uint8Array => {
    const size = new Uint8Array(Uint32Array.of(data.length).buffer)
    return concat(type, size, data, data.length % 2 === 1 ? [0] : [])
  }
  const webp = (...chunks: Uint8Array[]): Uint8Array => {
    const body = concat('WEBP', ...chunks)
    return concat('RIFF', new Uint8Array(Uint32Array.of(body.length).buffer), body)
  }
  const pixels = chunk('VP8L', latin('pixel'))

  it.each(['', 'Exif\0\0'])('loses XMP and what follows it, and of EXIF all but how it is turned', (start) => {
    const file = concat(webp(pixels, chunk('EXIF', concat(start, tiff(7, true))), chunk('XMP ', latin(SECRET))), SECRET)
    const { bytes, found } = clean(webpCleaner, file)
    expect(text(bytes)).not.toContain('LATITUDE')
    expect(found).toEqual({ orientation: 7 })
    expect(text(bytes)).toContain(text(pixels))
    expect(clean(webpCleaner, bytes)).toEqual({ bytes, found })
  })

  it('without any of it stays as it is', () => {
    const file = webp(chunk('VP8X', latin('0123456789')), pixels)
    expect(clean(webpCleaner, file).bytes).toEqual(file)
  })
})
