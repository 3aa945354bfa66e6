import { expect, it } from 'vitest'
import { initial } from './initial.ts'

it.each([
  ['ada@example.com', 'A'],
  ['  „quoted“ name', 'Q'],
  ['e\u0301lan', 'E\u0301'],
  ['4312', '4'],
  ['נועה', 'נ'],
  ['👩‍👩‍👧 family', '👩‍👩‍👧'],
  ['🇳🇴', '🇳🇴'],
  ['👍🏽', '👍🏽'],
  ['\u200f\u202e .-', '?'],
  ['', '?'],
])('of %j is %j', (name, expected) => {
  expect(initial(name, 'en')).toBe(expected)
})

it('is written as the catalogue’s language writes capitals, whatever the browser’s is', () => {
  expect(initial('irem', 'tr')).toBe('İ')
  expect(initial('irem', 'en')).toBe('I')
})
