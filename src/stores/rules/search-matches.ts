import { wordsOf, type Alternatives, type Term } from '../../protocol/search-query.ts'

/** Whether a message's text is what was searched for. The index alone cannot tell phrases and excluded words. */
export function matcherOf(alternatives: Alternatives): (content: string) => boolean {
  const lower = alternatives.map((terms) =>
    terms.map((term) => ({ ...term, words: term.words.map((word) => word.toLowerCase()) })),
  )
  const isPossible = (content: string): boolean =>
    lower.some((terms) => terms.every((term) => term.isExcluded || term.words.every((word) => content.includes(word))))
  return (text) => {
    const content = text.toLowerCase()
    // Much quicker than taking the text apart
    if (!isPossible(content)) return false
    const words = wordsOf(content)
    return lower.some((terms) => terms.every((term) => occurs(term, words) !== term.isExcluded))
  }
}

function occurs({ words: [first = '', ...rest], isStart }: Term, content: string[]): boolean {
  const isWord = (wanted: string, there: string | undefined, isLast: boolean): boolean =>
    isStart && isLast ? (there?.startsWith(wanted) ?? false) : there === wanted
  return content.some(
    (word, from) =>
      isWord(first, word, rest.length === 0) &&
      rest.every((wanted, i) => isWord(wanted, content[from + 1 + i], i === rest.length - 1)),
  )
}
