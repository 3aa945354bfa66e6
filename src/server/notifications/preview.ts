/** UTF-16 units: a character may carry any number of combining marks */
const LONGEST = 4_000

/** Whatever ends a line for some program: mail servers would break a quotation at a lone CR */
const LINE_END = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/
/** Control characters, except the tab. Terminals would act on them */
const CONTROLS = /(?!\t)\p{Cc}/gu

/**
 * The beginning of a message as the mail quotes it, line by line, without white space around it or at the ends of lines
 * @param most characters, as people count them
 */
export function previewLines(content: string, locale: string, most: number): string[] {
  const lines = content.split(LINE_END).map((line) => line.replace(CONTROLS, '').trimEnd())
  const first = lines.findIndex((line) => line !== '')
  const last = lines.findLastIndex((line) => line !== '')
  return cut(lines.slice(Math.max(0, first), last + 1).join('\n'), locale, most).split('\n')
}

/** Counts graphemes, so that no emoji is split */
function cut(text: string, locale: string, most: number): string {
  let count = 0
  let end = 0
  for (const { index, segment } of new Intl.Segmenter(locale).segment(text)) {
    count++
    if (count > most || index + segment.length > LONGEST) return `${text.slice(0, end).trimEnd()}…`
    if (count < most) end = index + segment.length
  }
  return text
}
