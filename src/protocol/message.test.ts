import { expect, it } from 'vitest'
import { isEmpty } from './message.ts'

it.each(['', ' \n\t', '\u00a0\u3000', '\u200b\u2060\ufeff', '\u0007', '\u2800', '\u00ad', '\ufe0f'])(
  'A message of which nothing can be seen is empty: %j',
  (content) => {
    expect(isEmpty({ content })).toBe(true)
  },
)

it.each(['x', ' . ', '0', '😀', '\u200bx'])('A message with anything to see is not empty: %j', (content) => {
  expect(isEmpty({ content })).toBe(false)
})
