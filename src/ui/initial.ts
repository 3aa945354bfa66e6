/**
 * What stands for a name in a circle: its first letter, digit or emoji, whole as people see it ("é" may be two code points, a family is
 * seven), and in capitals
 */
export function initial(name: string, locale: string): string {
  for (const { segment } of new Intl.Segmenter(locale).segment(name)) {
    if (!/[\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]/u.test(segment)) continue
    const capital = segment.toLocaleUpperCase(locale)
    // "ß" would be two letters. Georgian has capitals for headlines alone
    return capital.length > segment.length || /\p{sc=Geor}/u.test(segment) ? segment : capital
  }
  return '?'
}
