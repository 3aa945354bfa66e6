import { expect, it, vi } from 'vitest'
import { hashPassword, isGoodPassword, isPassword } from './passwords.ts'

it('a password is kept as an Argon2id hash with its own salt, and only it matches', async () => {
  const [hash, again] = await Promise.all([
    hashPassword('correct horse battery'),
    hashPassword('correct horse battery'),
  ])
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(again).not.toBe(hash)
  expect(await isPassword(hash, 'correct horse battery')).toBe(true)
  expect(await isPassword(hash, 'correct horse batterx')).toBe(false)
  expect(await isPassword(null, 'correct horse battery')).toBe(false)
})

it('the same text in other characters is the same password', async () => {
  expect(
    await isPassword(await hashPassword('pässwörd of ångström'), 'pa\u0308sswo\u0308rd of a\u030angstro\u0308m'),
  ).toBe(true)
})

it('a password has 12 to 200 characters', () => {
  expect([11, 12, 200, 201].map((length) => isGoodPassword('x'.repeat(length)))).toEqual([false, true, true, false])
})

it('many at once all get their turn, and too many are told to come back', async () => {
  const hash = await hashPassword('correct horse battery')
  const all = await Promise.allSettled(Array.from({ length: 60 }, () => isPassword(hash, 'correct horse battery')))
  const done = all.filter((one) => one.status === 'fulfilled')
  expect(done.length).toBeGreaterThanOrEqual(40)
  expect(done.every(({ value }) => value)).toBe(true)
  for (const one of all) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'unavailable' })
  expect(all.length - done.length).toBeGreaterThan(0)
  expect(await isPassword(hash, 'correct horse battery')).toBe(true)
})

it('an address without an account is checked again after there was no turn for it', async () => {
  // A module of its own, which has checked nothing yet
  vi.resetModules()
  const fresh = await import('./passwords.ts')
  const rush = Array.from({ length: 42 }, () => fresh.hashPassword('correct horse battery'))
  const refused = fresh.isPassword(null, 'correct horse battery')
  await expect(refused).rejects.toMatchObject({ code: 'unavailable' })
  await Promise.all(rush)
  expect(await fresh.isPassword(null, 'correct horse battery')).toBe(false)
})
