import { expect, it } from 'vitest'
import { preview } from './preview.ts'

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
/** Characters as people see them, as many as fit before the ellipsis */
function whole(content: string): string {
  let end = 0
  for (const { index, segment } of segmenter.segment(content))
    if (index + segment.length <= 99) end = index + segment.length
  return `${content.slice(0, end)}…`
}

it('shows a short text whole, and of a longer one as many whole characters as fit', () => {
  expect(preview('x'.repeat(100))).toBe('x'.repeat(100))
  expect(preview('x'.repeat(101))).toBe(`${'x'.repeat(99)}…`)
  const characters = [
    'é',
    'e\u0301',
    '\r\n',
    '\n',
    '中',
    '각',
    '각'.normalize('NFD'),
    'क्षि',
    'กำ',
    '👍🏽',
    '🇩🇪',
    '👩‍👩‍👧‍👦',
    '1️⃣',
    '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
    '©️',
  ]
  for (const character of characters)
    for (let before = 80; before <= 100; before++)
      for (const text of [character.repeat(60), character + character]) {
        const content = `${'x'.repeat(before)}${text}${'y'.repeat(100)}`
        expect([character, before, preview(content)]).toEqual([character, before, whole(content)])
      }
})

it('never shows a part of a character that is longer than the preview', () => {
  const zalgo = `Z${'\u0300\u0323'.repeat(4_999)}`
  expect(preview(zalgo)).toBe('…')
  expect(preview(`So ${zalgo}`)).toBe('So …')
  expect(preview('🇩🇪'.repeat(2_500))).toBe(`${'🇩🇪'.repeat(24)}…`)
})

it('reads only the start of a text', () => {
  const time = (content: string): number => {
    const rounds = Array.from({ length: 20 }, () => {
      const begun = performance.now()
      for (let n = 0; n < 100; n++) preview(content)
      return performance.now() - begun
    })
    return Math.min(...rounds)
  }
  expect(time('\u0300'.repeat(1_000_000))).toBeLessThan(20 * time('\u0300'.repeat(200)) + 1)
})
