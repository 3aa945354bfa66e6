import { expect, it } from 'vitest'
import { isTotpSecret, newTotpSecret, stepOfCode, totpUri } from './second-factor.ts'

/** Of RFC 6238, appendix B */
const RFC = Buffer.from('12345678901234567890')
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

it.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [20_000_000_000, '353130'],
])('at %d s the code of RFC 6238 is good, for its step', async (seconds, code) => {
  expect(RFC).toHaveLength(20)
  const step = Math.floor(seconds / 30)
  expect(await stepOfCode(SECRET, code, seconds * 1000)).toBe(step)
  // One step of clocks that differ, and no more
  expect(await stepOfCode(SECRET, ` ${code.slice(0, 3)} ${code.slice(3)}`, (seconds + 30) * 1000)).toBe(step)
  expect(await stepOfCode(SECRET, code, (seconds + 60) * 1000)).toBeNull()
})

it.each(['', '28708', '2870822', 'abcdef', '２８７０８２'])('%j is no code', async (code) => {
  expect(await stepOfCode(SECRET, code, 59_000)).toBeNull()
})

it('a new secret has 160 bits, and the QR code says what it is for', async () => {
  const secret = await newTotpSecret()
  expect(isTotpSecret(secret)).toBe(true)
  expect(await newTotpSecret()).not.toBe(secret)
  const uri = new URL(await totpUri(secret, { appName: 'Fern & Well', email: 'a@example.com' }))
  expect(uri.searchParams.get('secret')).toBe(secret)
  expect(uri.searchParams.get('issuer')).toBe('Fern & Well')
  expect(decodeURIComponent(uri.pathname)).toContain('a@example.com')
})
