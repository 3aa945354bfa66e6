import { oneLine } from '../../protocol/one-line.ts'

/** Characters of a reason: other mail servers may say anything */
const LONGEST_REASON = 300

/** On one line, without what databases refuse; null: nothing was said */
export function reasonOf(text: string): string | null {
  const line = oneLine(text.slice(0, LONGEST_REASON)).replaceAll('\0', '').toWellFormed()
  return line === '' ? null : line
}
