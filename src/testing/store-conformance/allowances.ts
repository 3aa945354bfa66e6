import { describe, expect, it } from 'vitest'
import { isoTime } from '../../server/ports/clock.ts'
import { at, type Kit } from './kit.ts'

export function allowancesConformance(name: string, kit: Kit): void {
  describe(`${name}: allowances`, () => {
    it('counts what comes at once, and gives those who look again what is left', async () => {
      const ids = ['a', 'b']
      const start = Date.parse(at(0))
      const take = (id: string[]) =>
        kit.store.changeAllowances(id, (used) => used.map((n) => Math.max(n, start) + 1_000))
      await Promise.all([take(ids), take(ids), take(['b']), take(ids)])
      const read = async (which: string[]) => {
        let seen: number[] = []
        await kit.store.changeAllowances(which, (used) => {
          seen = used
          return null
        })
        return seen
      }
      expect(await read(['a', 'b', 'c'])).toEqual([start + 3_000, start + 4_000, 0])
      await kit.store.sweepAllowances(isoTime(start + 3_000))
      expect(await read(ids)).toEqual([0, start + 4_000])
    })
  })
}
