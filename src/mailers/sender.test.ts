import { expect, it } from 'vitest'
import { postmarkMailer } from './postmark.ts'
import { smtpMailer } from './smtp.ts'

const EXAMPLE = "{ name: 'Example Support', address: 'support@example.com' }"

it.each([
  undefined,
  'support@example.com',
  { name: 'Support' },
  { name: 'Support', address: 'nobody' },
  { address: 'a@b.c' },
])('says what a sender is where it is %j', (from) => {
  const options = { from: from as never }
  expect(() => smtpMailer({ url: 'smtp://localhost', ...options })).toThrow(EXAMPLE)
  expect(() => postmarkMailer({ token: 'x', ...options })).toThrow(EXAMPLE)
})
