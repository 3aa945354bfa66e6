// Parses a search for messages, for the server that searches and the dashboard that highlights matches: words that must all occur,
// "phrases in quotes", -excluded words, this or that. The last word may still be being typed, so it matches all words that begin
// with it.

/** Characters in a search */
export const MAX_SEARCH = 320

export interface Term {
  /** One word, or consecutive ones: a phrase, or words joined by punctuation */
  words: string[]
  /** The last word may be incomplete */
  isStart: boolean
  isExcluded: boolean
}

/** At least one of these must match with all its terms. Empty: there is nothing to search for */
export type Alternatives = Term[][]

/** The characters of words, for a regular expression's class. Zero-width joiners are part of words, as in Persian */
export const WORD_CHARACTERS = '\\p{L}\\p{N}\\p{M}\\u200C\\u200D'
const WORD = new RegExp(`[${WORD_CHARACTERS}]+`, 'gu')
const ENDS_IN_WORD = new RegExp(`[${WORD_CHARACTERS}]$`, 'u')
/** A phrase up to its closing quote, or text between spaces. Phones and word processors use typographic quotes */
const TOKEN = /(-?)["“”„«»]([^"“”„«»]*)(["“”„«»]?)|[^\s"“”„«»]+/gu

export const wordsOf = (text: string): string[] => text.match(WORD) ?? []

export function parseSearch(text: string): Alternatives {
  const alternatives: Alternatives = [[]]
  const tokens = [...text.matchAll(TOKEN)]
  tokens.forEach(([token, minus = '', phrase, end], i) => {
    const isLast = i === tokens.length - 1
    if (/^or$/i.test(token) && !isLast && i > 0) return void alternatives.push([])
    const isExcluded = minus === '-' || (phrase === undefined && token.startsWith('-'))
    const words = wordsOf(phrase ?? token)
    // After a space or punctuation, the last word is complete
    const isOpen = isLast && !end && ENDS_IN_WORD.test(text)
    if (words.length > 0) alternatives.at(-1)?.push({ words, isStart: isOpen && !isExcluded, isExcluded })
  })
  // Nobody searches only for what to exclude
  return alternatives.filter((terms) => terms.some((term) => !term.isExcluded))
}
