import type { Alternatives, Term } from '../../../protocol/search-query.ts'

/** For `to_tsquery` */
export interface Tsqueries {
  exact: string
  /** Only words, in any order and with none excluded: what the index can tell without the text */
  loose: string
}

/** Undefined when there is nothing to search for */
export function tsqueriesOf(alternatives: Alternatives): Tsqueries | undefined {
  if (alternatives.length === 0) return undefined
  const included = alternatives.map((terms) => terms.filter((term) => !term.isExcluded))
  return { exact: anyOf(alternatives, ' <-> '), loose: anyOf(included, ' & ') }
}

const anyOf = (alternatives: Alternatives, between: string): string =>
  alternatives.map((terms) => `(${terms.map((term) => termOf(term, between)).join(' & ')})`).join(' | ')

function termOf({ words, isStart, isExcluded }: Term, between: string): string {
  // Words have only letters and digits, so none of them ends its quotes
  const quoted = words.map((word, i) => `'${word}'${isStart && i === words.length - 1 ? ':*' : ''}`)
  return `${isExcluded ? '!' : ''}(${quoted.join(between)})`
}
