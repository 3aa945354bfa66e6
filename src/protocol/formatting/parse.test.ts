import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse, type Block } from './parse.ts'
import type { Inline } from './parse-inline.ts'

/** As short text: <b>, <i>, <c>, <a>, and for blocks <pre>, <q>, <ul>, <ol> with <li> and <big> */
const inline = (one: Inline): string => {
  if (typeof one === 'string') return one
  if (one.kind === 'code') return `<c>${one.text}</c>`
  if (one.kind === 'link') return `<a>${one.text}</a>`
  return one.kind === 'strong'
    ? `<b>${one.content.map(inline).join('')}</b>`
    : `<i>${one.content.map(inline).join('')}</i>`
}
const block = (one: Block): string => {
  switch (one.kind) {
    case 'text':
      return one.content.map(inline).join('')
    case 'emoji':
      return `<big>${one.text}</big>`
    case 'code':
      return `<pre>${one.text}</pre>`
    case 'quote':
      return `<q>${one.content.map(block).join('|')}</q>`
    case 'list':
      return `<list>${one.items.map(({ number, content }) => `${number ?? '•'} ${content.map(block).join('|')}`).join(', ')}</list>`
  }
}
const shown = (text: string): string => parse(text).map(block).join('|')

describe('within a line', () => {
  it.each([
    ['*bold* and _italic_ and `code`', '<b>bold</b> and <i>italic</i> and <c>code</c>'],
    ['**bold**, as in Markdown', '<b>bold</b>, as in Markdown'],
    ['*_both_* and _*both*_', '<b><i>both</i></b> and <i><b>both</b></i>'],
    ['(*in brackets*), "*quoted*", *end*.', '(<b>in brackets</b>), "<b>quoted</b>", <b>end</b>.'],
    ['*two* *of* *them*', '<b>two</b> <b>of</b> <b>them</b>'],
    ['*a *b* c', '*a <b>b</b> c'],
    ['_a *b_ c*', '<i>a *b</i> c*'],
    ['请看*这里*吧', '请看<b>这里</b>吧'],
    ['*서울*은 _크다_는', '<b>서울</b>은 <i>크다</i>는'],
    ['زر *هنا* الآن', 'زر <b>هنا</b> الآن'],
    ['`*not bold*` *`code`*', '<c>*not bold*</c> <b><c>code</c></b>'],
    ['``a ` b``', '<c>a ` b</c>'],
    ['```one line```', '<c>one line</c>'],
    ['*see https://a.example/x_y_z*', '<b>see <a>https://a.example/x_y_z</a></b>'],
    ['_https://a.example/_', '<i><a>https://a.example/</a></i>'],
    ['`https://a.example`', '<c>https://a.example</c>'],
    ['*Ada* <ada@a.example>', '<b>Ada</b> <<a>ada@a.example</a>>'],
  ])('%s', (text, expected) => {
    expect(shown(text)).toBe(expected)
  })

  it.each([
    '2 * 3 * 4 = 24, 2*3*4, a*b*c',
    'snake_case_name, __init__, _private, CONSTANT_A_B',
    '*.txt and *.md, src/**/*.ts, /_next_/x',
    'f(*args, **kwargs)',
    '***loud***',
    '(*^_^*) ^_^ *_* ¯\\_(ツ)_/¯',
    'price* see below, *conditions apply',
    '* a * b*',
    '*over\ntwo lines*',
    'a ` b, `` c',
    '` `',
    '<b>bold</b> &amp; [text](javascript:alert(1))',
    'https://a.example/_x_/*y*/z',
  ])('leaves as it was typed: %s', (text) => {
    expect(shown(text).replaceAll(/<\/?a>/g, '')).toBe(text)
  })
})

describe('in lines of their own', () => {
  it.each([
    ['See:\n```\na *b*\n\n  c\n```\nDone', 'See:|<pre>a *b*\n\n  c</pre>|Done'],
    ['```ts\nlet a\n```', '<pre>let a</pre>'],
    ['> one\n> *two*\n\nthree', '<q>one\n<b>two</b></q>|three'],
    ['> a\n> > b', '<q>a|<q>b</q></q>'],
    ['Buy:\n\n- milk\n- *eggs*\n\nThanks', 'Buy:|<list>• milk, • <b>eggs</b></list>|Thanks'],
    ['3. three\n4. four\n7. seven', '<list>3 three, 4 four, 7 seven</list>'],
    ['1) a\n2) b', '<list>1 a, 2 b</list>'],
    ['* a\n* b', '<list>• a, • b</list>'],
    ['1. a\n   - b\n   - c\n2. d\n   more', '<list>1 a|<list>• b, • c</list>, 2 d\nmore</list>'],
    ['- a\n\t- b\n\t- c\n- d', '<list>• a|<list>• b, • c</list>, • d</list>'],
    ['- a\n- b\n1. c\n2. d', '<list>• a, • b</list>|<list>1 c, 2 d</list>'],
  ])('%j', (text, expected) => {
    expect(shown(text)).toBe(expected)
  })

  it.each([
    '- Bonjour',
    '3. Mai',
    '-5\n-6',
    '2024. godine\n2025. godine',
    '>_<\n>:(',
    '>',
    '```\nnever closed\n- x',
    '\n\n  spaces  and lines \n\n',
  ])('leaves as it was typed: %j', (text) => {
    expect(shown(text)).toBe(text)
  })
})

it('up to three emoji alone are large', () => {
  for (const text of ['👍', ' 🎉🎉 🎉\n', '👨‍👩‍👧‍👦🇩🇪❤️', '👋🏽', '1️⃣', '☝🏽🏴󠁧󠁢󠁥󠁮󠁧󠁿🏳️‍🌈', '🧑🏽‍🤝‍🧑🏿'])
    expect(shown(text)).toBe(`<big>${text.trim()}</big>`)
  for (const text of ['👍👍👍👍', '👍 ok', '1', '12', '#', '©', '🇩', ' ']) expect(shown(text)).toBe(text)
})

const marks = fc.constantFrom(
  '*',
  '**',
  '_',
  '`',
  '```',
  '\n',
  '\n- ',
  '\n> ',
  '\n1. ',
  '\n  ',
  ' ',
  'a',
  '，',
  'é',
  '👍',
  '.',
  '(',
)
const typed = fc
  .array(fc.oneof({ weight: 4, arbitrary: marks }, fc.string(), fc.string({ unit: 'grapheme' })), { maxLength: 60 })
  .map((parts) => parts.join(''))

it('shows each letter that was typed, in its order, but for the language of code', () => {
  const letters = (text: string): string => text.replaceAll(/[^\p{L}\p{M}]/gu, '')
  const said = (blocks: Block[]): string => blocks.map(words).join('')
  const words = (one: Block): string => {
    if (one.kind === 'text') return one.content.map(inWords).join('')
    if (one.kind === 'quote') return said(one.content)
    return one.kind === 'list' ? one.items.map(({ content }) => said(content)).join('') : one.text
  }
  const inWords = (one: Inline): string =>
    typeof one === 'string' ? one : 'text' in one ? one.text : one.content.map(inWords).join('')
  // One that is never closed, or is itself in code, is shown
  const mayBeFence = /```[\w+#.-]*\s*$/
  fc.assert(
    fc.property(typed, (text) => {
      const shownLetters = letters(said(parse(text)))
      /** How much of it may be of the lines so far */
      let ends = new Set([0])
      for (const line of text.split('\n')) {
        const own = letters(line)
        const further = [...ends].filter((end) => shownLetters.startsWith(own, end)).map((end) => end + own.length)
        ends = new Set(mayBeFence.test(line) ? [...further, ...ends] : further)
      }
      expect([...ends], shownLetters).toContain(shownLetters.length)
    }),
  )
})

/** @returns the shortest of many rounds (ms): one of them is hardly interrupted, on a busy machine too */
const timeOf = (text: string): number => {
  const rounds = Array.from({ length: 20 }, () => {
    const begun = performance.now()
    parse(text)
    return performance.now() - begun
  })
  return Math.min(...rounds)
}

const HOSTILE = ['*', '* ', ' *', '*a ', '*a* ', '_*', '_*a*_ ', '`', '`` ` ', '`a', '```\n', '```a\n']
  .concat('> ', '>\n', '>\n>  \n', '> > ', '> > a\n', '- ', '- a\n', '-\n', '1. ', '1. a\n', '\t- a\n', ' ', '\n', '*(')
  .concat('❤', '❤️ ', '- a\n  > b\n', 'https://a.example/x ', '_https://a.example_ ')
it.each(HOSTILE)('ten thousand characters of %j take no time', (part) => {
  // Without the rules against it, they take half a second and more
  expect(timeOf(part.repeat(10_000 / part.length))).toBeLessThan(200)
})

it.each(['*.', '*;', '_.', '**.', '*_.'])(
  'sixty thousand characters of %j, which says nothing, take no time',
  (part) => {
    // Where each mark looks at all before it, they take a second and more
    expect(timeOf(part.repeat(60_000 / part.length))).toBeLessThan(400)
  },
)
