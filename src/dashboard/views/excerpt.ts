// The part of a message that a search found, as pieces of plain text.
import { parseSearch, WORD_CHARACTERS } from '../../protocol/search-query.ts'
import { cutBefore } from '../../protocol/whole-characters.ts'

export interface Piece {
  text: string
  isMatch: boolean
}

/** Characters before the first match, and in the whole excerpt: two lines of a card and a little more */
const BEFORE = 32
/** So few characters at the start are not worth leaving out */
const FEW = 16
const LENGTH = 160

const BETWEEN = `[^${WORD_CHARACTERS}]+`
/** The rest of the character that a word broke off in: its accents and vowel signs */
const MARKS = '[\\p{M}\\u200C\\u200D]*'
const NOTHING = /(?!)/gu

/** Finds the words, and phrases, that a search asks for */
export function matcher(q: string): RegExp {
  const words = parseSearch(q).flatMap((terms) =>
    terms
      .filter((term) => !term.isExcluded)
      // Words are letters and digits alone, so nothing in them is special in a pattern
      .map((term) => term.words.join(BETWEEN) + (term.isStart ? MARKS : `(?![${WORD_CHARACTERS}])`)),
  )
  if (words.length === 0) return NOTHING
  // Longest first, so that `fox or foxes` marks the whole of "foxes"
  words.sort((a, b) => b.length - a.length)
  return new RegExp(`(?<![${WORD_CHARACTERS}])(?:${words.join('|')})`, 'giu')
}

/** The earliest place where the most different words are near each other. Only the first matches count: a message may repeat one word a thousand times */
function bestPlace(matches: RegExpExecArray[]): number {
  const early = matches.slice(0, 100)
  const different = early.map(({ index }) => {
    const nearby = early.filter((other) => other.index >= index && other.index < index + LENGTH - BEFORE)
    return new Set(nearby.map(([word]) => word.toLowerCase())).size
  })
  return early[different.indexOf(Math.max(...different))]?.index ?? 0
}

/** Moves `at` to the start of a word if one is near, and never into the middle of a character */
function startNear(text: string, at: number): number {
  if (at < FEW) return 0
  const space = text.indexOf(' ', at)
  return space !== -1 && space - at < BEFORE ? space + 1 : cutBefore(text, at)
}

export function excerpt(content: string, q: string): Piece[] {
  const text = content.replace(/\s+/g, ' ').trim()
  const matches = [...text.matchAll(matcher(q))]
  const from = startNear(text, bestPlace(matches) - BEFORE)
  const end = text.length <= from + LENGTH ? text.length : cutBefore(text, from + LENGTH)
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
