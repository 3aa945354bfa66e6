// Where a text may be cut: never inside of a character as people see it, such as a flag, a family or a letter with its accents.

// No locale changes what a character is
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Below U+0300 nothing joins the character before it, except LF after CR */
const FIRST_MARK = 0x300
const LINE_FEED = 10

/** @returns the last place at or before `at`, in UTF-16 units, that is not inside of a character. It reads nothing after `at + 1` */
export function cutBefore(text: string, at: number): number {
  const next = text.charCodeAt(at)
  if (next < FIRST_MARK && next !== LINE_FEED && text.charCodeAt(at - 1) < FIRST_MARK) return at
  return segmenter.segment(text.slice(0, at + 2)).containing(at)?.index ?? at
}
