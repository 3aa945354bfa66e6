import { describe, expect, it } from 'vitest'
import { at, type Kit } from './kit.ts'

export function revocationsConformance(name: string, kit: Kit): void {
  const revoke = (subject: string, seconds: number) => kit.store.revoke({ subject, revoked_at: at(seconds) })

  describe(`${name}: revocations`, () => {
    it('returns those of a time and later, oldest first', async () => {
      expect(await kit.store.revocationsSince('')).toEqual([])
      await revoke('user:b', 2)
      await revoke('admin:b', 1)
      await revoke('session:x', 3)
      const all = [
        { subject: 'admin:b', revoked_at: at(1) },
        { subject: 'user:b', revoked_at: at(2) },
        { subject: 'session:x', revoked_at: at(3) },
      ]
      expect(await kit.store.revocationsSince('')).toEqual(all)
      expect(await kit.store.revocationsSince(at(2))).toEqual(all.slice(1))
      expect(await kit.store.revocationsSince(at(3.001))).toEqual([])
    })

    it('keeps the latest per subject, in whatever order they are stored', async () => {
      await revoke('user:a', 5)
      await revoke('user:a', 9)
      await revoke('user:a', 7)
      expect(await kit.store.revocationsSince('')).toEqual([{ subject: 'user:a', revoked_at: at(9) }])
    })

    it('forgets what is older than asked', async () => {
      for (const seconds of [1, 2, 3]) await revoke(`user:${seconds}`, seconds)
      await kit.store.forgetRevocations(at(2))
      expect((await kit.store.revocationsSince('')).map((r) => r.subject)).toEqual(['user:2', 'user:3'])
    })
  })
}
