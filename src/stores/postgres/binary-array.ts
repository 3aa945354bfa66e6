// Arrays in PostgreSQL's binary form, as `array_recv` reads it: dimensions, whether there are NULLs, the type of the elements, how many,
// the first index; and each element after its length. Its server reads it several times as fast as text, and of times and ids it is a third as long.
import type { Kind } from '../sql/write.ts'

export type Value = string | number | null | undefined

/** Of the elements, by their number in PostgreSQL's catalogue (pg_type.dat) */
const TYPES: Record<Kind, number> = { uuid: 2950, person: 25, word: 25, text: 25, integer: 23, time: 1184 }

const EMPTY_HEAD = 12
const HEAD = 20
const NULL = -1

/** Where an array is made, before it is copied to a buffer of its length */
let scratch = Buffer.allocUnsafe(0)
/** Where the next byte goes */
let offset = 0

type Rows = readonly object[]

const valueOf = (rows: Rows, i: number, column: string): Value => (rows[i] as Record<string, Value>)[column]

/** A column of rows. One of nothing but NULL is left empty, since `unnest` fills up what is shorter than the others */
export function binaryArray(rows: Rows, column: string, kind: Kind): Buffer {
  const count = rows.length
  let leading = 0
  while (leading < count && isNull(valueOf(rows, leading, column))) leading++
  if (leading === count) return EMPTY[kind]
  offset = HEAD
  let hasNulls = leading > 0
  for (let i = 0; i < leading; i++) writeNull()
  const write = WRITERS[kind]
  for (let i = leading; i < count; i++) {
    const value = valueOf(rows, i, column)
    if (isNull(value)) {
      writeNull()
      hasNulls = true
    } else write(value)
  }
  const length = offset
  offset = 0
  for (const field of [1, Number(hasNulls), TYPES[kind], count, 1]) writeInteger(field)
  return Buffer.from(scratch.subarray(0, length))
}

const isNull = (value: Value): value is null | undefined => value === null || value === undefined

function emptyOf(type: number): Buffer {
  const empty = Buffer.alloc(EMPTY_HEAD)
  empty.writeInt32BE(type, EMPTY_HEAD - 4)
  return empty
}
const EMPTY = Object.fromEntries(Object.entries(TYPES).map(([kind, type]) => [kind, emptyOf(type)])) as Record<
  Kind,
  Buffer
>

function reserve(bytes: number): void {
  if (scratch.length - offset >= bytes) return
  const longer = Buffer.allocUnsafe(2 * (offset + bytes))
  scratch.copy(longer, 0, 0, offset)
  scratch = longer
}

function writeNull(): void {
  reserve(4)
  writeInteger(NULL)
}

function writeInteger(value: number): void {
  const at = offset
  scratch[at] = value >>> 24
  scratch[at + 1] = value >>> 16
  scratch[at + 2] = value >>> 8
  scratch[at + 3] = value
  offset = at + 4
}

const WRITERS: Record<Kind, (value: string | number) => void> = {
  uuid: (value) => writeUuid(value as string),
  person: (value) => writeText(value as string),
  word: (value) => writeText(value as string),
  text: (value) => writeText(value as string),
  time: (value) => writeTime(value as string),
  integer: (value) => {
    reserve(8)
    writeInteger(4)
    writeInteger(value as number)
  },
}

/** Up to this many characters it is faster to write them one by one */
const SHORT = 24
/** In UTF-8, of a UTF-16 code unit */
const MOST_BYTES = 3

function writeText(text: string): void {
  reserve(4 + MOST_BYTES * text.length)
  const start = offset + 4
  const length = (text.length <= SHORT && writeAscii(text, start)) || scratch.write(text, start)
  writeInteger(length)
  offset += length
}

/** @returns 0 where there are other characters */
function writeAscii(text: string, start: number): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0x7f) return 0
    scratch[start + i] = code
  }
  return text.length
}

const UUID_BYTES = 16
const UUID_CHARACTERS = 36
const NO_DIGIT = 0xff
/** By the code of a character */
const DIGITS = new Uint8Array('f'.charCodeAt(0) + 1).fill(NO_DIGIT)
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16)
  DIGITS[digit.charCodeAt(0)] = value
  DIGITS[digit.toUpperCase().charCodeAt(0)] = value
}
const digitAt = (text: string, i: number): number => DIGITS[text.charCodeAt(i)] ?? NO_DIGIT

function writeUuid(id: string): void {
  reserve(4 + UUID_BYTES)
  writeInteger(UUID_BYTES)
  let all = 0
  let at = offset
  for (let i = 0; i < UUID_CHARACTERS; i += 2) {
    if (i === 8 || i === 13 || i === 18 || i === 23) i++
    const high = digitAt(id, i)
    const low = digitAt(id, i + 1)
    all |= high | low
    scratch[at++] = (high << 4) | low
  }
  offset = at
  if (all > 0xf || id.length !== UUID_CHARACTERS) throw new Error(`Not an id: ${id}`)
}

const TIME_BYTES = 8
/** Of an ISO 8601 time with milliseconds in UTC, and of the day in it */
const TIME_CHARACTERS = 24
const DAY_CHARACTERS = 10
const EPOCH = Date.UTC(2000, 0, 1)
const WORD = 2 ** 32
const LOW_PART = 2 ** 29
/** 2 ** 29 milliseconds are so many times 2 ** 32 microseconds */
const HIGH_FACTOR = 125

/** Microseconds since 2000, of 64 bits: more than a number holds, so the lower 29 bits of the milliseconds become 32 and a carry */
function writeTime(iso: string): void {
  reserve(4 + TIME_BYTES)
  writeInteger(TIME_BYTES)
  const milliseconds = millisecondsOf(iso) - EPOCH
  const high = Math.floor(milliseconds / LOW_PART)
  const low = (milliseconds - high * LOW_PART) * 1000
  writeInteger(high * HIGH_FACTOR + Math.floor(low / WORD))
  writeInteger(low)
}

/** Of the last time that was written: nearly all are of one day, and `Date.parse` takes as long as everything else */
let day = ''
let dayStart = 0

function millisecondsOf(iso: string): number {
  if (iso.length !== TIME_CHARACTERS) return Date.parse(iso)
  const its = iso.slice(0, DAY_CHARACTERS)
  if (its !== day) {
    day = its
    dayStart = Date.parse(its)
  }
  const seconds = (twoDigits(iso, 11) * 60 + twoDigits(iso, 14)) * 60 + twoDigits(iso, 17)
  return dayStart + seconds * 1000 + twoDigits(iso, 20) * 10 + digitAt(iso, 22)
}

const twoDigits = (text: string, i: number): number => digitAt(text, i) * 10 + digitAt(text, i + 1)
