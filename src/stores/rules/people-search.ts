// People are found by how their address, their name, or a later word of it begins. Each of these is an expression with an index: so databases
// keep it up by themselves, whoever writes a name.
import { NAME_LOOKED_AT } from '../../protocol/name-search.ts'
import type { FoundPerson } from '../../protocol/types.ts'

/** After everything that begins with a text */
export const LAST_CHARACTER = '\u{10FFFF}'

/**
 * A name from one of its words on, in lower case; NULL where it has fewer.
 * @param name SQL
 * @param spaceIn SQL for where the first space of a text is, from 1; 0: nowhere
 */
export function nameFrom(name: string, word: number, spaceIn: (text: string) => string): string {
  let text = `lower(substr(${name}, 1, ${NAME_LOOKED_AT}))`
  for (let n = 1; n < word; n++) text = `substr(${text}, nullif(${spaceIn(text)}, 0) + 1)`
  return text
}

/** Where SQL's lower() knows ASCII alone, names are looked up as people capitalize them */
export function caseForms(start: string): string[] {
  const small = start.toLowerCase()
  const capitalized = small.replace(/(^|\s)\S/gu, (first) => first.toUpperCase())
  return [...new Set([small, capitalized, start.toUpperCase()].map(asciiLower))]
}

export const asciiLower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/** Somebody, by what they were found */
export interface Match extends FoundPerson {
  /** 0: by their name, 1: by their address, others: by a later word of the name */
  place: number
  /** What begins as was asked */
  called: string
}

/** Each once, by name first, and at most `limit` */
export function inOrderOfMatch(matches: Match[], limit: number): FoundPerson[] {
  const sorted = matches.toSorted(
    (a, b) => a.place - b.place || (a.called < b.called ? -1 : Number(a.called > b.called)) || (a.id < b.id ? -1 : 1),
  )
  const people = new Map<string, FoundPerson>()
  for (const { place: _, called: __, ...person } of sorted) if (!people.has(person.id)) people.set(person.id, person)
  return [...people.values()].slice(0, limit)
}
