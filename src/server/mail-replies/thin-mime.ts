// Takes the contents of attachments out of a mail before it is parsed: parsers copy them several times, and nothing else is done meanwhile.
import { joined } from '../bytes.ts'
import type { FileContent } from '../ports/file-content.ts'
import { base64Content } from './base64-content.ts'
import { MOST_ADDRESSES } from './mailboxes.ts'

/** What is parsed of all bodies that are not taken out. Parsers take their time with each line */
export const MOST_PARSED: Budget = { bytes: 2_000_000, lines: 20_000 }
/** What is parsed of all headers together. Each line of them costs more than one of a body */
const MOST_HEADERS: Budget = { bytes: 131_072, lines: 4_000 }
/** The parser reads the addresses in these */
const ADDRESSES = /^(?:from|sender|reply-to|to|cc|bcc|delivered-to|return-path)[ \t]*:.*(?:\r?\n[ \t].*)*\r?\n/gim
/** Bytes of a body in Base64 that is left where it is */
const SMALL = 1_024
/** Bytes of the header of a part that are looked at */
const MOST_HEADER = 65_536
/** RFC 2046 section 5.1.1 has at most 70 characters */
const MOST_BOUNDARY = 256
/** Lines that might be delimiters. Behind more of them nothing is found */
const MOST_CANDIDATES = 50_000
const NEW_LINE = 10
const RETURN = 13
const DASH = 45

interface Budget {
  bytes: number
  lines: number
}

export interface ThinMail {
  raw: Uint8Array
  /** @param parsed what a part of `raw` contains. @returns what it contained before; undefined: its end is missing */
  contentOf: (parsed: Uint8Array<ArrayBuffer>) => FileContent | undefined
}

/**
 * A mail (RFC 5322 and MIME) with a mark in place of each file in Base64, as programs send them. Other bodies are cut off where the mail is
 * too large to parse.
 */
export function thinMime(whole: Uint8Array): ThinMail {
  /** Nobody can put a mark into a mail */
  const secret = crypto.randomUUID()
  const files: FileContent[] = []
  const kept: Uint8Array[] = []
  const ofHeaders = { ...MOST_HEADERS }
  const ofBodies = { ...MOST_PARSED }

  for (const { header, body, isWhole } of partsOf(whole)) {
    const about = latin1(header.subarray(0, MOST_HEADER))
    const parsedHeader = beginning(header, ofHeaders)
    if (parsedHeader.length < header.length) break
    kept.push(...(kept.length === 0 ? withoutLongAddresses(header) : [header]))
    if (body.length > SMALL && isFile(about) && isBase64(about)) {
      const mark = isWhole ? `${secret}:${files.push(base64Content(body)) - 1}` : secret
      kept.push(ascii(`${btoa(mark)}\r\n`))
      continue
    }
    const parsed = beginning(body, ofBodies)
    kept.push(parsed)
    if (parsed.length < body.length && isFile(about)) kept.push(ascii(`\r\n${secret}\r\n`))
  }

  return {
    raw: joined(kept),
    contentOf(parsed) {
      const [, index] = latin1(parsed.subarray(-MOST_BOUNDARY)).split(`${secret}:`)
      if (index !== undefined) return files[Number(index)]
      return latin1(parsed.subarray(-MOST_BOUNDARY)).includes(secret) ? undefined : new Blob([parsed])
    },
  }
}

/** What is left of a header without the fields that name more people than are read */
function withoutLongAddresses(header: Uint8Array): Uint8Array[] {
  if (header.length <= MOST_ADDRESSES) return [header]
  const kept: Uint8Array[] = []
  let start = 0
  let left = MOST_ADDRESSES
  for (const { 0: field, index } of latin1(header).matchAll(ADDRESSES)) {
    if (field.length <= left) {
      left -= field.length
      continue
    }
    kept.push(header.subarray(start, index))
    start = index + field.length
  }
  return [...kept, header.subarray(start)]
}

interface Part {
  /** With the delimiter above it and the empty line below it */
  header: Uint8Array
  body: Uint8Array
  /** Its end is there */
  isWhole: boolean
}

/** The parts of a mail one after the other, however they are nested. A mail in a mail is a part as a whole */
function* partsOf(mail: Uint8Array): Generator<Part> {
  const boundaries = new Set<string>()
  let start = 0
  let isClosing = false
  let candidates = MOST_CANDIDATES
  while (start < mail.length) {
    // Nothing has a header that stands below the last part of a multipart
    const headerEnd = isClosing ? lineEnd(mail, start) : headerEndOf(mail, start)
    const header = mail.subarray(start, headerEnd)
    if (!isClosing)
      for (const boundary of boundariesIn(latin1(header.subarray(0, MOST_HEADER)))) boundaries.add(boundary)
    let end = headerEnd
    let delimiter: string | undefined
    for (; end < mail.length; end++) {
      if (mail[end] !== DASH || mail[end + 1] !== DASH || mail[end - 1] !== NEW_LINE) continue
      if (candidates-- === 0) end = mail.length
      delimiter = delimiterIn(mail.subarray(end, lineEnd(mail, end)), boundaries)
      if (delimiter !== undefined) break
    }
    yield { header, body: mail.subarray(headerEnd, end), isWhole: delimiter !== undefined || boundaries.size === 0 }
    isClosing = delimiter !== undefined && !boundaries.has(delimiter)
    start = end
  }
}

/** Where the next line begins */
function lineEnd(mail: Uint8Array, start: number): number {
  const found = mail.indexOf(NEW_LINE, start)
  return found === -1 ? mail.length : found + 1
}

/** Where the body begins: after an empty line */
function headerEndOf(mail: Uint8Array, start: number): number {
  for (let at = start; at < mail.length; at++) {
    if (mail[at] !== NEW_LINE) continue
    const next = mail[at + 1] === RETURN ? at + 2 : at + 1
    if (mail[next] === NEW_LINE) return next + 1
  }
  return mail.length
}

/** As much as the budget allows, which it takes from it */
function beginning(bytes: Uint8Array, budget: Budget): Uint8Array {
  let end = 0
  while (end < bytes.length && budget.lines > 0) {
    end = lineEnd(bytes, end)
    budget.lines--
  }
  const part = bytes.subarray(0, Math.min(end, budget.bytes))
  budget.bytes -= part.length
  return part
}

function boundariesIn(header: string): string[] {
  return [...header.matchAll(/\bboundary\s*=\s*(?:"([^"]*)"|([^\s;"]+))/gi)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  )
}

/** @returns what follows the dashes; undefined: the line is no delimiter */
function delimiterIn(line: Uint8Array, boundaries: ReadonlySet<string>): string | undefined {
  if (line.length > MOST_BOUNDARY) return undefined
  const text = latin1(line).slice(2).trimEnd()
  return boundaries.has(text) || boundaries.has(text.replace(/--$/, '')) ? text : undefined
}

/** It is no text of the mail */
const isFile = (header: string): boolean =>
  /^content-type:\s*(?!text\/)\S/im.test(header) || /^content-disposition:\s*attachment\b/im.test(header)
const isBase64 = (header: string): boolean => /^content-transfer-encoding:\s*base64\b/im.test(header)

const latin1 = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes)
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)
