import type { Alternatives } from '../../../protocol/search-query.ts'
import { indexedWord } from './word-index.ts'

/** What the index is asked for; the rest is decided by the text */
export interface IndexedWords {
  exact: string[]
  /** The beginning of one more word */
  start: string | undefined
}

/** Words of one alternative that the index is asked for. Each is a join, of which an engine has 61 */
const MAX_WORDS = 8

export function indexedWordsOf(alternatives: Alternatives): IndexedWords[] {
  return alternatives.map((terms) => {
    const exact = new Set<string>()
    let start: string | undefined
    for (const { words, isStart, isExcluded } of terms) {
      if (isExcluded) continue
      const whole = isStart ? words.slice(0, -1) : words
      if (isStart) start = indexedWord(words.at(-1) ?? '')
      for (const word of whole) exact.add(indexedWord(word))
    }
    // Long words are rare ones
    return { exact: [...exact].sort((a, b) => b.length - a.length).slice(0, MAX_WORDS), start }
  })
}
