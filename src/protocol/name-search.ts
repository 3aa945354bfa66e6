// Which names a search finds, for stores and for clients: so a row that comes by an event stands where the server lists it.

/** Words of a name by which somebody is found first */
export const NAME_WORDS = 4
/** Characters of a name that are looked at, so that an entry of an index is short */
export const NAME_LOOKED_AT = 100

/** The words of a name in lower case; as in indexes, each space ends one */
const wordsOfName = (name: string | null): string[] =>
  Array.from(name ?? '')
    .slice(0, NAME_LOOKED_AT)
    .join('')
    .toLowerCase()
    .split(' ')

const wordsTyped = (q: string): string[] => q.toLowerCase().match(/\S+/g) ?? []

/** Of what somebody typed, in lower case, the word that must begin one of a name's first ones: the longest of so many. Empty: nothing was typed */
export const mainWord = (q: string): string =>
  wordsTyped(q)
    .slice(0, NAME_WORDS)
    .sort((a, b) => b.length - a.length)[0] ?? ''

const begins = (words: string[], start: string): boolean => words.some((word) => word.startsWith(start))

/**
 * @returns whether each word that was typed is the beginning of a word of a name, in whatever order and case, and the main one of one of
 *   its first four. Nobody is found by nothing
 */
export function nameMatcher(q: string): (name: string | null) => boolean {
  const [main, typed] = [mainWord(q), wordsTyped(q)]
  return (name) => {
    const words = wordsOfName(name)
    return main !== '' && begins(words.slice(0, NAME_WORDS), main) && typed.every((start) => begins(words, start))
  }
}
