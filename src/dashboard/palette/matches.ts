// What is called as somebody typed it: each word that they typed begins a word of the text, whatever its case and its accents.
const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

const LETTER = /[\p{L}\p{N}]/u

function hasWord(text: string, start: string): boolean {
  for (let at = text.indexOf(start); at !== -1; at = text.indexOf(start, at + 1))
    if (at === 0 || !LETTER.test(text.charAt(at - 1))) return true
  return false
}

/** @returns whether texts are called so; every text is, where nothing was typed */
export function matcher(typed: string): (text: string) => boolean {
  const starts = fold(typed)
    .split(/\s+/)
    .filter((start) => start !== '')
  return (text) => {
    const folded = fold(text)
    return starts.every((start) => hasWord(folded, start))
  }
}
