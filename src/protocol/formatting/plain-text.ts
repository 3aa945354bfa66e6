// What a message says without the marks of its formatting, for where it is one of many: rows of lists, notifications, and previews of mails.
import type { Inline } from './parse-inline.ts'
import { parse, type Block } from './parse.ts'

/** The rules cost more than most texts are worth */
const MAY_HAVE_ANY = /[*_`]|^\s*[->•\d]/m
const FENCE = /^ {0,3}```/gm

/** @param text may be cut off, with `…` at its end */
export function plainText(text: string): string {
  if (!MAY_HAVE_ANY.test(text)) return text
  // Code often ends after the cut
  const isCutInCode = text.endsWith('…') && (text.match(FENCE) ?? []).length % 2 === 1
  return blocks(parse(isCutInCode ? `${text}\n\`\`\`` : text))
}

const blocks = (all: readonly Block[]): string => all.map(block).join('\n')

function block(one: Block): string {
  switch (one.kind) {
    case 'text':
      return one.content.map(inline).join('')
    case 'quote':
      return blocks(one.content)
    case 'list':
      return one.items
        .map(({ number, content }) => `${number === undefined ? '•' : `${number}.`} ${blocks(content)}`)
        .join('\n')
    default:
      return one.text
  }
}

function inline(one: Inline): string {
  if (typeof one === 'string') return one
  return 'text' in one ? one.text : one.content.map(inline).join('')
}
