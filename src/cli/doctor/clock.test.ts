import { expect, it } from 'vitest'
import { checkClock } from './clock.ts'

it.each([
  ['the same', 10_003, [10_000, 10_010], 'ok', /by 2 ms/],
  ['a bit behind', 8_500, [10_000, 10_010], 'ok', /by 1505 ms/],
  ['behind', 7_000, [10_000, 10_010], 'wrong', /by -3 s/],
  ['ahead', 14_000, [10_000, 10_010], 'wrong', /by 4 s/],
  // It may be right, whether it was read at once or at the end
  ['read before a long way back', 10_001, [10_000, 16_000], 'ok', /by 2999 ms/],
  ['read after a long way there', 15_999, [10_000, 16_000], 'ok', /by 2999 ms/],
  ['ahead for certain, after a long way', 18_001, [10_000, 16_000], 'wrong', /by 5 s/],
] as const)('a clock that is %s', (_, time, [asked, answered], state, text) => {
  expect(checkClock(time, asked, answered)).toEqual({
    check: 'database clock',
    state,
    text: expect.stringMatching(text) as string,
  })
})
