// The small part of Markdown, as chat apps have it, that people write by themselves. What is no part of it stays as it was typed. The
// text comes from strangers: every rule looks at a line a fixed number of times.
import { parseInline, type Inline } from './parse-inline.ts'

export type Block =
  | { kind: 'text'; content: Inline[] }
  /** A message of up to three emoji */
  | { kind: 'emoji'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'quote'; content: Block[] }
  | { kind: 'list'; items: Item[] }

export interface Item {
  /** As it was typed; undefined: a bullet */
  number: number | undefined
  content: Block[]
}

/** Lists and quotes within each other */
const DEPTH = 3

/** Flags and other emoji, with their tones, tags and what they are joined to. The first use of `\p{RGI_Emoji}` takes 60 times as long */
const EMOJI =
  /^\s*((\p{RI}{2}|[^\P{EPres}\p{RI}]|\p{Emoji}[\p{M}\p{EMod}])(\u200d\p{Emoji}|[\p{M}\p{Cf}\p{EMod}]){0,9}\s*){1,3}$/u
const FENCE = /^ {0,3}```[\w+#.-]*\s*$/
const FENCE_END = /^ {0,3}```\s*$/
/** It begins with words; between them it may have empty lines */
const QUOTE = /^> .*\S/
const QUOTED = /^>(?: |$)/
const ITEM = /^(\s*)(?:([-*•])|(\d{1,3})([.)]))(\s+)(?=\S)/

export const parse = (text: string): Block[] =>
  EMOJI.test(text) ? [{ kind: 'emoji', text: text.trim() }] : parseLines(text.split('\n'), 0)

function parseLines(lines: readonly string[], depth: number): Block[] {
  const blocks: Block[] = []
  let text: string[] = []
  const endText = (isBeforeBlock: boolean): void => {
    // Blocks have room around them
    const isBlank = (line: string | undefined): boolean => line !== undefined && !line.trim()
    let [from, to] = [0, text.length]
    while (blocks.length > 0 && isBlank(text[from])) from++
    while (isBeforeBlock && to > from && isBlank(text[to - 1])) to--
    if (to > from) blocks.push({ kind: 'text', content: parseInline(text.slice(from, to).join('\n')) })
    text = []
  }
  let hasFenceEnd = true
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? ''
    let found: { block: Block; end: number } | null = null
    if (hasFenceEnd && FENCE.test(line)) {
      found = codeAt(lines, at)
      hasFenceEnd = found !== null
    } else if (depth < DEPTH && QUOTE.test(line)) found = quoteAt(lines, at, depth)
    else if (depth < DEPTH && ITEM.test(line)) found = listAt(lines, at, depth)
    if (found) {
      endText(true)
      blocks.push(found.block)
      at = found.end
    } else {
      text.push(line)
      at++
    }
  }
  endText(false)
  return blocks
}

function codeAt(lines: readonly string[], at: number): { block: Block; end: number } | null {
  let end = at + 1
  while (end < lines.length && !FENCE_END.test(lines[end] ?? '')) end++
  if (end === lines.length) return null
  return { block: { kind: 'code', text: lines.slice(at + 1, end).join('\n') }, end: end + 1 }
}

function quoteAt(lines: readonly string[], at: number, depth: number): { block: Block; end: number } {
  let end = at
  while (QUOTED.test(lines[end] ?? '')) end++
  const quoted = lines.slice(at, end).map((line) => line.slice(2))
  return { block: { kind: 'quote', content: parseLines(quoted, depth + 1) }, end }
}

/** One line alone is no list: it may be a dialogue ("- Bonjour") or a date ("3. Mai") */
function listAt(lines: readonly string[], at: number, depth: number): { block: Block; end: number } | null {
  const items: { number: number | undefined; lines: string[]; width: number }[] = []
  let outer = 0
  let mark: string | undefined
  let end = at
  for (; end < lines.length; end++) {
    const line = (lines[end] ?? '').replace(/^\t+/, (tabs) => '    '.repeat(tabs.length))
    const indent = line.length - line.trimStart().length
    const [all, , bullet, number, dot] = ITEM.exec(line) ?? []
    if (end === at) {
      outer = indent
      mark = bullet ?? dot
    }
    if (all !== undefined && indent < outer + 2 && mark === (bullet ?? dot))
      items.push({
        number: number === undefined ? number : Number(number),
        lines: [line.slice(all.length)],
        width: all.length,
      })
    else if (indent >= outer + 2 && indent < line.length) {
      const last = items.at(-1)
      last?.lines.push(line.slice(Math.min(indent, last.width)))
    } else break
  }
  if (items.length < 2) return null
  const parsed = items.map(({ number, lines: own }) => ({ number, content: parseLines(own, depth + 1) }))
  return { block: { kind: 'list', items: parsed }, end }
}
