import { expect, it } from 'vitest'
import { oneLine } from './one-line.ts'

it.each([
  ['Ada', 'Ada'],
  ['Ada\r\nBcc: victim@example.com', 'Ada Bcc: victim@example.com'],
  ['Ada\u2028Lovelace\u2029', 'Ada Lovelace'],
  ['Ada\v\u0085\tLovelace', 'Ada Lovelace'],
  ['\u202eadA\u202c', 'adA'],
  ['A\u200eda', 'Ada'],
  ['👩‍👩‍👧‍👦', '👩‍👩‍👧‍👦'],
  [' \u0000 ', ''],
])('%j is %j as one line', (text, expected) => {
  expect(oneLine(text)).toBe(expected)
})
