/** Cuts between graphemes, so that no emoji is split. @param max characters (UTF-16 units) */
export function shortened(text: string, max: number): string {
  if (text.length <= max) return text
  const graphemes = new Intl.Segmenter().segment(text.slice(0, 2 * max))
  let end = 0
  for (const { index, segment } of graphemes) {
    if (index + segment.length > max) break
    end = index + segment.length
  }
  // One grapheme alone may be longer
  const cut = end > 0 ? text.slice(0, end) : text.slice(0, max)
  return (cut.isWellFormed() ? cut : cut.slice(0, -1)).trim()
}
