import { expect, it } from 'vitest'
import { plural } from './plural.ts'

it('writes English with one form for 1 and another for the rest, and groups thousands', () => {
  const replies = { one: '# reply', other: '# replies' }
  expect([0, 1, 2, 1200].map((n) => plural('en', n, replies))).toEqual([
    '0 replies',
    '1 reply',
    '2 replies',
    '1,200 replies',
  ])
})

it('knows languages with more forms than two', () => {
  const files = { one: '# plik', few: '# pliki', many: '# plików', other: '# pliku' }
  expect([1, 3, 5, 22].map((n) => plural('pl', n, files))).toEqual(['1 plik', '3 pliki', '5 plików', '22 pliki'])
})

it('falls back to `other` for a form that a catalogue leaves out', () => {
  expect(plural('pl', 3, { other: 'plików: #' })).toBe('plików: 3')
})
