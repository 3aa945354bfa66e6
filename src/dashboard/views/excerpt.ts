// The part of a message that a search found, as pieces of plain text.
import { parseSearch, WORD_CHARACTERS } from '../../protocol/search-query.ts'

export interface Piece {
  text: string
  isMatch: boolean
}

/** Characters before the first match that is shown, and in all: two lines of a card, and some to spare */
const BEFORE = 32
/** Fewer than these are not worth leaving out */
const FEW = 16
const LENGTH = 160

const BETWEEN = `[^${WORD_CHARACTERS}]+`
const NOTHING = /(?!)/gu

/** Finds the words, and phrases, that a search asks for */
export function matcher(q: string): RegExp {
  const words = parseSearch(q).flatMap((terms) =>
    terms
      .filter((term) => !term.isExcluded)
      // Letters and digits alone, so nothing in them means anything else
      .map((term) => term.words.join(BETWEEN) + (term.isStart ? '' : `(?![${WORD_CHARACTERS}])`)),
  )
  if (words.length === 0) return NOTHING
  // Longest first: of `fox or foxes` the longer word is to be marked
  words.sort((a, b) => b.length - a.length)
  return new RegExp(`(?<![${WORD_CHARACTERS}])(?:${words.join('|')})`, 'giu')
}

/** Where the most different words are near each other, the earliest of such places. Whoever wrote one word a thousand times gets its first */
function bestPlace(matches: RegExpExecArray[]): number {
  const early = matches.slice(0, 100)
  const different = early.map(({ index }) => {
    const nearby = early.filter((other) => other.index >= index && other.index < index + LENGTH - BEFORE)
    return new Set(nearby.map(([word]) => word.toLowerCase())).size
  })
  return early[different.indexOf(Math.max(...different))]?.index ?? 0
}

/** Never in the middle of a word that has an end near, nor of a character */
function cutBefore(text: string, at: number): number {
  if (at < FEW) return 0
  const space = text.indexOf(' ', at)
  if (space !== -1 && space - at < BEFORE) return space + 1
  return text.charCodeAt(at) >= 0xdc00 && text.charCodeAt(at) <= 0xdfff ? at + 1 : at
}

export function excerpt(content: string, q: string): Piece[] {
  const text = content.replace(/\s+/g, ' ').trim()
  const matches = [...text.matchAll(matcher(q))]
  const from = cutBefore(text, bestPlace(matches) - BEFORE)
  const cut = text.slice(from, from + LENGTH)
  const end = from + (cut.isWellFormed() ? cut.length : cut.length - 1)
  const pieces: Piece[] = []
  let at = from
  const add = (to: number, isMatch: boolean): void => {
    const piece = text.slice(at, to)
    if (piece !== '') pieces.push({ text: piece, isMatch })
    at = to
  }
  for (const { index, 0: match } of matches) {
    if (index < from || index >= end) continue
    add(index, false)
    add(Math.min(index + match.length, end), true)
  }
  add(end, false)
  const [first] = pieces
  if (from > 0 && first) pieces.unshift({ text: '…', isMatch: false })
  if (end < text.length) pieces.push({ text: '…', isMatch: false })
  return pieces
}
