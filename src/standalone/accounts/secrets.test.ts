import { expect, it } from 'vitest'
import { digest, newToken, Secrets } from './secrets.ts'

const OTHER = 'another secret of 32 characters or more'
const secrets = new Secrets(['a secret that only the tests know, 32+'])

it('what was sealed can be read with the same secret alone, and not when it was changed', () => {
  const sealed = secrets.seal('JBSWY3DPEHPK3PXP')
  expect(sealed).not.toContain('JBSWY3DPEHPK3PXP')
  expect(secrets.seal('JBSWY3DPEHPK3PXP')).not.toBe(sealed)
  expect(secrets.unseal(sealed)).toBe('JBSWY3DPEHPK3PXP')
  expect(new Secrets([OTHER]).unseal(sealed)).toBeUndefined()
  const changed = sealed.startsWith('A') ? 'B' : 'A'
  expect(secrets.unseal(`${changed}${sealed.slice(1)}`)).toBeUndefined()
  expect(secrets.unseal('')).toBeUndefined()
})

it('recovery codes are the same however they are typed, and their digests differ by installation', () => {
  const codes = secrets.newRecoveryCodes()
  expect(new Set(codes)).toHaveLength(10)
  const [code = ''] = codes
  expect(code).toMatch(/^[a-hj-km-np-z2-9]{5}-[a-hj-km-np-z2-9]{5}$/)
  expect(secrets.recoveryDigests(` ${code.toUpperCase().replace('-', ' ')}`)).toEqual(secrets.recoveryDigests(code))
  expect(new Secrets([OTHER]).recoveryDigests(code)).not.toEqual(secrets.recoveryDigests(code))
})

it('a new secret still reads what was kept with the one before it', () => {
  const both = new Secrets([OTHER, 'a secret that only the tests know, 32+'])
  expect(both.unseal(secrets.seal('JBSWY3DPEHPK3PXP'))).toBe('JBSWY3DPEHPK3PXP')
  expect(new Secrets([OTHER]).unseal(both.seal('JBSWY3DPEHPK3PXP'))).toBe('JBSWY3DPEHPK3PXP')
  expect(both.recoveryDigests('abcde-fghjk')).toEqual([
    ...new Secrets([OTHER]).recoveryDigests('abcde-fghjk'),
    ...secrets.recoveryDigests('abcde-fghjk'),
  ])
})

it('tokens have 256 bits, and their digests fit the column', () => {
  expect(Buffer.from(newToken(), 'base64url')).toHaveLength(32)
  expect(newToken()).not.toBe(newToken())
  expect(digest(newToken())).toHaveLength(43)
})
