const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** The first letter, digit or emoji of a name, as a person sees it: "é" may be two code points, a family is seven */
export function initial(name: string, locale: string): string {
  for (const { segment } of graphemes.segment(name))
    if (/[\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]/u.test(segment))
      return segment.toLocaleUpperCase(locale)
  return '?'
}
