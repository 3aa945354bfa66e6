import { MAX_CONTENT } from '../../protocol/limits.ts'
import { cutBefore } from '../../protocol/whole-characters.ts'

/** Messages that one mail may become */
const MOST = 5
/** The last place in a text at which it may be parted, the best first */
const SEAMS = ['\n\n', '\n', ' ']

/** Parts a long text at empty lines, ends of lines or spaces into messages; undefined: it takes too many */
export function splitContent(text: string): string[] | undefined {
  const parts: string[] = []
  let rest = text
  while (rest.length > MAX_CONTENT) {
    if (parts.length === MOST - 1) return undefined
    const most = rest.slice(0, MAX_CONTENT)
    const seam = SEAMS.map((one) => most.lastIndexOf(one)).find((at) => at > MAX_CONTENT / 2)
    const end = seam ?? cutBefore(rest, MAX_CONTENT)
    parts.push(rest.slice(0, end).trim())
    rest = rest.slice(end).trim()
  }
  return [...parts, rest]
}
