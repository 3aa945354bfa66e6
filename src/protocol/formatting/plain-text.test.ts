import { expect, test } from 'vitest'
import { preview } from '../preview.ts'
import { plainText } from './plain-text.ts'

test.each([
  ['*Bold*, _italic_ and `code`', 'Bold, italic and code'],
  ['*_both_*', 'both'],
  ['```ts\nconst a = 1\n```\nafter it', 'const a = 1\nafter it'],
  ['> quoted\nmine', 'quoted\nmine'],
  ['- one\n- *two*', '• one\n• two'],
  ['1. one\n2. two', '1. one\n2. two'],
  // No formatting
  ['2*3*4 in snake_case_names', '2*3*4 in snake_case_names'],
  ['https://a.example/_b_ is there', 'https://a.example/_b_ is there'],
  ['- Bonjour', '- Bonjour'],
  ['One\ntwo', 'One\ntwo'],
  ['👍', '👍'],
  ['', ''],
])('%j says %j', (text, said) => {
  expect(plainText(text)).toBe(said)
})

test('code that was cut off is code, and shows that it was cut off', () => {
  const said = plainText(preview(`Try this:\n\`\`\`\n${'x'.repeat(200)}\n\`\`\``))
  expect(said).toMatch(/^Try this:\nx{80,}…$/)
})
