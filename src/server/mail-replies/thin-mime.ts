// Takes bodies out of a mail before it is parsed: parsers copy them several times, take their time with each line, and nothing else is done meanwhile.
import { joined } from '../bytes.ts'
import type { FileContent } from '../ports/file-content.ts'
import { inBase64 } from './base64-steps.ts'
import { decodingSteps, encodedContent } from './encoded-content.ts'
import { addressCost, MOST_ADDRESSES } from './mailboxes.ts'
import { contentType, transferEncoding } from './mime-header.ts'
import { partsOf, type MimePart } from './mime-parts.ts'
import type { Steps } from './steps.ts'

/** Decoded bytes of all texts of a kind that are read: somebody wrote some of them, and the others are old mails */
export const MOST_TEXT = 400_000
/** What is parsed of all headers together. Each line of them costs more than one of a body */
const MOST_HEADERS: Budget = { bytes: 131_072, lines: 4_000 }
/** Parts that are read. What people write is in the first ones */
const MOST_PARTS = 500
/** Texts that are parsed as they are: those of nearly all mails */
const AS_THEY_ARE: Budget = { bytes: 65_536, lines: 1_000 }
/** Bytes of a file in Base64 that is left where it is */
const SMALL = 1_024
/** The parser reads the addresses in these */
const ADDRESSES = /^(?:from|sender|reply-to|to|cc|bcc|delivered-to|return-path)[ \t]*:.*(?:\r?\n[ \t].*)*\r?\n/gim
/** Bytes of what the parser found in which a mark is */
const MOST_MARK = 256
/** The first field of a name counts */
const ENCODED = ascii('Content-Transfer-Encoding: base64\r\n')
const LINE_END = ascii('\r\n')
const NOTHING = new Uint8Array()
const NEW_LINE = 10

interface Budget {
  bytes: number
  lines: number
}

export interface ThinMail {
  raw: Uint8Array
  /** The kinds of text that it has */
  texts: ReadonlySet<'plain' | 'html'>
  /** @param parsed what a part of `raw` contains. @returns opens what it contained before; undefined: its end is missing */
  contentOf: (parsed: Uint8Array<ArrayBuffer>) => (() => Promise<FileContent>) | undefined
}

/** A mail (RFC 5322 and MIME) with a mark in place of each file, and with only the beginning of texts that are too long to be read */
export async function thinMime(whole: Uint8Array): Promise<ThinMail> {
  /** Nobody can put a mark into a mail */
  const secret = crypto.randomUUID()
  const files: (() => Promise<FileContent>)[] = []
  const kept: Uint8Array[] = []
  const ofHeaders = { ...MOST_HEADERS }
  const asTheyAre = { ...AS_THEY_ARE }
  const ofTexts = { plain: MOST_TEXT, html: MOST_TEXT }
  const texts = new Set<'plain' | 'html'>()

  /** What is parsed of a body, or what a body in Base64 is to contain instead */
  function parsed({ body, isWhole }: MimePart, fields: Uint8Array): { asIs: Uint8Array } | { content: Uint8Array } {
    const { kind } = contentType(fields)
    // Above its first part stands nothing that is read
    if (kind === 'multipart') return { asIs: NOTHING }
    const encoding = transferEncoding(fields)
    if (kind !== 'file') {
      texts.add(kind)
      if (isWithin(body, asTheyAre)) return { asIs: body }
      const content = beginning(decodingSteps(encoding, body), ofTexts[kind])
      ofTexts[kind] -= content.length
      return { content }
    }
    if (!isWhole) return { content: ascii(secret) }
    if (encoding === 'base64' && body.length <= SMALL) return { asIs: body }
    return { content: ascii(`${secret}:${files.push(() => encodedContent(encoding, body)) - 1}`) }
  }

  let parts = 0
  for await (const part of partsOf(whole)) {
    const { header, delimiter, after } = part
    if (parts++ === MOST_PARTS || !isWithin(header, ofHeaders)) break
    const fields = header.subarray(delimiter)
    const body = parsed(part, fields)
    kept.push(header.subarray(0, delimiter), 'content' in body ? ENCODED : NOTHING)
    kept.push(...(parts === 1 ? withoutLongAddresses(fields) : [fields]))
    kept.push(...('content' in body ? [inBase64(body.content), LINE_END] : [body.asIs]), ...after)
  }

  return {
    raw: joined(kept),
    texts,
    contentOf(parsed) {
      const [before, index] = latin1(parsed.subarray(-MOST_MARK)).split(`${secret}:`)
      if (index !== undefined) return files[Number(index)]
      return before?.includes(secret) ? undefined : async () => new Blob([parsed])
    },
  }
}

/** What is left of a header without the fields that name more people than are read */
function withoutLongAddresses(header: Uint8Array): Uint8Array[] {
  const kept: Uint8Array[] = []
  let start = 0
  let left = MOST_ADDRESSES
  for (const { 0: field, index } of latin1(header).matchAll(ADDRESSES)) {
    const cost = addressCost(field)
    if (cost <= left) {
      left -= cost
      continue
    }
    kept.push(header.subarray(start, index))
    start = index + field.length
  }
  return [...kept, header.subarray(start)]
}

/** Whether all of it is within the budget, from which it is then taken */
function isWithin(bytes: Uint8Array, budget: Budget): boolean {
  if (bytes.length > budget.bytes) return false
  let lines = 0
  for (let at = bytes.indexOf(NEW_LINE); at !== -1; at = bytes.indexOf(NEW_LINE, at + 1)) lines++
  if (lines > budget.lines) return false
  budget.bytes -= bytes.length
  budget.lines -= lines
  return true
}

/** The first bytes, at most `most` */
function beginning(steps: Steps, most: number): Uint8Array {
  const read: Uint8Array[] = []
  let left = most
  for (const bytes of steps) {
    read.push(bytes.subarray(0, left))
    left -= Math.min(left, bytes.length)
    if (left === 0) break
  }
  return joined(read)
}

const latin1 = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes)

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
