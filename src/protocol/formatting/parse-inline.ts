// What is within lines: code, addresses, and what is bold or italic.
import { linkify } from './linkify.ts'

export type Inline =
  | string
  | { kind: 'link'; href: string; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'strong' | 'em'; content: Inline[] }

/** A part of the line that has no marks in it. `to` is the place after its end */
interface Span {
  from: number
  to: number
  node: Inline
}
/** Where something bold or italic begins or ends */
interface Edge {
  from: number
  to: number
  opens: 'strong' | 'em' | null
}

const { raw } = String

/** Scripts that write without spaces, or with endings right after a word: there, a mark stands between letters */
const SPACELESS = raw`[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]`
/** As in `2*3`, `snake_case`: a mark beside it is part of the word */
const WORD = raw`(?!${SPACELESS})[\p{L}\p{M}\p{N}]`
/** Neither a path nor an expression ends in it */
const BEFORE = raw`(?<=^|[\s"'([{<:*_-]|[^\0-\x7f])(?<!${WORD})`
/** `***`, `/*.ts` and `__init__` stay as they are */
const MARK = raw`(?:(?<![*/\\])\*{1,2}(?!\*)|(?<!_)_(?!_))`
/** Not `(ツ)_/` */
const AFTER = raw`(?=$|[\s"')\]}>,.;:!?*_-]|[^\0-\x7f])(?!${WORD})`
const OPENS = new RegExp(raw`${BEFORE}${MARK}(?=\S)`, 'yu')
const CLOSES = new RegExp(raw`(?<=\S)${MARK}${AFTER}`, 'yu')
const MARKS = new RegExp(MARK, 'gu')
/** Otherwise it is a face, such as `(*^_^*)` */
const SAYS_SOMETHING = /[\p{L}\p{N}\p{ExtPict}]+/gu

/** The rules cost more than most lines are worth */
const MAY_HAVE_ANY = /[*_`@]|:\/\/|www\./i

export const parseInline = (text: string): Inline[] =>
  MAY_HAVE_ANY.test(text)
    ? text.split(/(\n)/).flatMap((line) => (MAY_HAVE_ANY.test(line) ? parseLine(line) : [line]))
    : [text]

function parseLine(line: string): Inline[] {
  const whole: Inline[] = []
  const open = [whole]
  let end = 0
  const textTo = (to: number): void => {
    if (to > end) open.at(-1)?.push(line.slice(end, to))
  }
  const spans = spansOf(line)
  for (const part of [...spans, ...edgesOf(line, spans)].sort((a, b) => a.from - b.from)) {
    textTo(part.from)
    end = part.to
    if ('node' in part) open.at(-1)?.push(part.node)
    else if (part.opens) {
      const content: Inline[] = []
      open.at(-1)?.push({ kind: part.opens, content })
      open.push(content)
    } else open.pop()
  }
  textTo(line.length)
  return whole
}

function spansOf(line: string): Span[] {
  const spans: Span[] = []
  let end = 0
  const linksTo = (to: number): void => {
    let at = end
    for (const piece of linkify(line.slice(end, to))) {
      const text = typeof piece === 'string' ? piece : piece.text
      if (typeof piece !== 'string') spans.push({ from: at, to: at + text.length, node: { kind: 'link', ...piece } })
      at += text.length
    }
  }
  for (const { from, to, ticks } of codeOf(line)) {
    linksTo(from)
    end = to
    spans.push({ from, to, node: { kind: 'code', text: line.slice(from + ticks, to - ticks) } })
  }
  linksTo(line.length)
  return spans
}

/** Between as many backticks as it begins with. Each run is looked at once, from the end, which knows the next one of its length */
function codeOf(line: string): { from: number; to: number; ticks: number }[] {
  const nextOf = new Map<number, number>()
  const found: { from: number; to: number; ticks: number }[] = []
  for (const { 0: run, index } of [...line.matchAll(/`+/g)].reverse()) {
    const close = nextOf.get(run.length)
    nextOf.set(run.length, index)
    if (close !== undefined && line.slice(index + run.length, close).trim())
      found.push({ from: index, to: close + run.length, ticks: run.length })
  }
  let end = 0
  return found.reverse().filter(({ from, to }) => {
    if (from < end) return false
    end = to
    return true
  })
}

function edgesOf(line: string, spans: Span[]): Edge[] {
  const edges: Edge[] = []
  /** Those that nothing has closed yet, at most one of a kind */
  let open: { mark: string; from: number }[] = []
  let next = 0
  const saying = line.matchAll(SAYS_SOMETHING)
  let said = saying.next()
  let saidTo = 0
  /** Looks at the line once, however many marks there are */
  const saysSomething = (from: number, to: number): boolean => {
    for (; !said.done && said.value.index < to; said = saying.next()) saidTo = said.value.index + said.value[0].length
    return saidTo > from
  }
  for (const { 0: mark, index } of line.matchAll(MARKS)) {
    while ((spans[next]?.to ?? Infinity) <= index) next++
    if ((spans[next]?.from ?? Infinity) <= index) continue
    const at = open.findIndex((one) => one.mark === mark)
    const from = open[at]?.from ?? 0
    const start = from + mark.length
    const fits = (rule: RegExp): boolean => {
      rule.lastIndex = index
      return rule.test(line)
    }
    if (at !== -1 && index > start && fits(CLOSES) && saysSomething(start, index)) {
      const opens = mark === '_' ? 'em' : 'strong'
      edges.push({ from, to: start, opens }, { from: index, to: index + mark.length, opens: null })
      // What was begun within it ends nowhere
      open = open.slice(0, at)
    } else if (fits(OPENS)) open = [...open.filter((one) => one.mark !== mark), { mark, from: index }]
  }
  return edges
}
