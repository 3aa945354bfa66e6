import { expect, it } from 'vitest'
import { Cookie } from './cookies.ts'

it.each([
  ['http://localhost:3000', 'deskbell_session_3000'],
  ['http://localhost:3000/support', 'deskbell_session_3000_support'],
  ['https://example.com', '__Host-deskbell_session'],
  ['https://example.com/support/desk', '__Host-deskbell_session_support_desk'],
  ['https://example.com:8443/a%20b', '__Host-deskbell_session_8443_a_20b'],
])('at %s the session cookie is %s', (publicUrl, name) => {
  expect(new Cookie('session', publicUrl).name).toBe(name)
})
