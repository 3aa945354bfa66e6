// Finds the parts of a mail without decoding or copying anything.
import { nextTurn } from '../ports/clock.ts'
import { contentType } from './mime-header.ts'

/** Lines that might be delimiters. Behind more of them nothing is found */
const MOST_CANDIDATES = 50_000
/** Multiparts in each other: more than the parser takes */
const MOST_NESTED = 60
/** Bytes that are looked through before other work is done */
const TURN = 250_000
/** Bytes of a line with its end (RFC 5322 section 2.1.1). A longer one is no delimiter */
const MOST_LINE = 1_000
const NEW_LINE = 10
const RETURN = 13
const DASH = 45
const WHITE_SPACE = [32, 9, RETURN, NEW_LINE]
const LATIN1 = new TextDecoder('latin1')

export interface MimePart {
  /** With the delimiter above it and the empty line below it */
  header: Uint8Array
  /** Bytes of the delimiter in `header` */
  delimiter: number
  /** Without the line end that belongs to the delimiter below it. Of a multipart it is what stands above its first part */
  body: Uint8Array
  /** That line end, and the lines that close multiparts. What stands between them is read by nobody */
  after: Uint8Array[]
  /** The mail goes on to where it ends */
  isWhole: boolean
}

/** A line that begins or ends a part */
interface Delimiter {
  start: number
  end: number
  /** It ends a multipart */
  closes: boolean
}

/** The parts of a mail one after the other, however they are nested. A mail in a mail is a part as a whole */
export async function* partsOf(mail: Uint8Array): AsyncGenerator<MimePart> {
  /** Boundaries of the multiparts that are open, the innermost last */
  const open: string[] = []
  let candidates = MOST_CANDIDATES
  /** @returns the line at which the dashes are, if it is a delimiter. What it ends is then no longer open */
  function delimiterAt(start: number): Delimiter | undefined {
    if (open.length === 0 || mail[start + 1] !== DASH || candidates-- <= 0) return undefined
    const end = lineEnd(mail, start)
    if (end - start > MOST_LINE) return undefined
    const line = trimmed(mail.subarray(start + 2, end))
    const begun = open.lastIndexOf(line)
    const closed = line.endsWith('--') ? open.lastIndexOf(line.slice(0, -2)) : -1
    const depth = Math.max(begun, closed)
    if (depth === -1) return undefined
    const closes = closed > begun
    open.length = closes ? depth : depth + 1
    return { start, end, closes }
  }
  async function nextDelimiter(from: number): Promise<Delimiter | undefined> {
    let turn = from + TURN
    for (let at = from; at < mail.length; at++) {
      if (at >= turn) {
        await nextTurn()
        turn += TURN
      }
      if (mail[at] !== DASH || mail[at - 1] !== NEW_LINE) continue
      const found = delimiterAt(at)
      if (found) return found
    }
    return undefined
  }
  /** Where the body begins: after an empty line, or where a delimiter is before one comes */
  function headerEnd(from: number): { end: number; next?: Delimiter } {
    for (let at = from; at < mail.length; at = lineEnd(mail, at)) {
      if (mail[at] === NEW_LINE) return { end: at + 1 }
      if (mail[at] === RETURN && mail[at + 1] === NEW_LINE) return { end: at + 2 }
      const next = mail[at] === DASH ? delimiterAt(at) : undefined
      if (next) return { end: at, next }
    }
    return { end: mail.length }
  }

  let start = 0
  let delimiter = 0
  while (start < mail.length && open.length <= MOST_NESTED) {
    const { end: bodyStart, next: early } = headerEnd(start + delimiter)
    const header = mail.subarray(start, bodyStart)
    const { boundary } = contentType(header.subarray(delimiter))
    if (boundary !== undefined && !early) open.push(trimmed(new TextEncoder().encode(boundary)))
    let next = early ?? (await nextDelimiter(bodyStart))
    const bodyEnd = next === undefined ? mail.length : Math.max(bodyStart, withoutLineEnd(mail, next.start))
    const isWhole = next !== undefined || open.length === 0
    const after = next === undefined ? [] : [mail.subarray(bodyEnd, next.start)]
    for (; next?.closes; next = await nextDelimiter(next.end)) after.push(mail.subarray(next.start, next.end))
    yield { header, delimiter, body: mail.subarray(bodyStart, bodyEnd), after, isWhole }
    if (!next) return
    start = next.start
    delimiter = next.end - next.start
  }
}

/** Where the next line begins */
function lineEnd(mail: Uint8Array, start: number): number {
  const found = mail.indexOf(NEW_LINE, start)
  return found === -1 ? mail.length : found + 1
}

function withoutLineEnd(mail: Uint8Array, end: number): number {
  if (mail[end - 1] !== NEW_LINE) return end
  return mail[end - 2] === RETURN ? end - 2 : end - 1
}

/** Bytes as a text, without the white space that may follow a boundary (RFC 2046 section 5.1.1) */
function trimmed(bytes: Uint8Array): string {
  let end = bytes.length
  while (WHITE_SPACE.includes(bytes[end - 1] ?? 0)) end--
  return LATIN1.decode(bytes.subarray(0, end))
}
