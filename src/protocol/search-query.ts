// What a search for messages means, for the server that searches and the dashboard that marks what was found: words that must all
// occur, "phrases in quotes", -without these, this or that. The word that somebody is still typing stands for every word that
// begins with it.

/** Characters in a search */
export const MAX_SEARCH = 320

export interface Term {
  /** One, or several that follow each other: a phrase, or what punctuation held together */
  words: string[]
  /** Its last word is only the start of one */
  isStart: boolean
  isExcluded: boolean
}

/** One of these must hold, with all of its terms; none: nothing that could be searched for */
export type Alternatives = Term[][]

/** What words are made of, for a character class: a zero-width joiner belongs to its word, as in Persian */
export const WORD_CHARACTERS = '\\p{L}\\p{N}\\p{M}\\u200C\\u200D'
const WORD = new RegExp(`[${WORD_CHARACTERS}]+`, 'gu')
const ENDS_IN_WORD = new RegExp(`[${WORD_CHARACTERS}]$`, 'u')
/** A phrase up to its end quote, or what stands between spaces; phones and word processors have quotes of their own */
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
    // What comes after it would be another word
    const isOpen = isLast && !end && ENDS_IN_WORD.test(text)
    if (words.length > 0) alternatives.at(-1)?.push({ words, isStart: isOpen && !isExcluded, isExcluded })
  })
  // Everything but a word is nothing that anybody looks for
  return alternatives.filter((terms) => terms.some((term) => !term.isExcluded))
}
