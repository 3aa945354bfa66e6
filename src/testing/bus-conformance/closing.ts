import { describe, expect, it } from 'vitest'
import { loopTime } from '../loop-time.ts'
import { until, type Kit } from './kit.ts'

/** `close` waits for nothing; this (ms) only allows for a busy machine */
export const PROMPT = 10_000

export function closingConformance(name: string, kit: () => Kit): void {
  describe(`${name}: closed`, () => {
    it('closes at once, and can be closed repeatedly', async () => {
      const { bus } = await kit().ear()
      const began = loopTime()
      await Promise.all([bus.close(), bus.close()])
      await bus.close()
      expect(loopTime() - began).toBeLessThan(PROMPT)
    })

    it('sends what was published right before', async () => {
      const [from, to] = await Promise.all([kit().ear(), kit().ear()])
      from.bus.publish('goodbye')
      await from.bus.close()
      await until(() => to.hints.length > 0)
      expect(to.hints).toEqual(['goodbye'])
      expect(from.resumed).toBe(0)
    })

    it('refuses to listen when it was closed before', async () => {
      const bus = kit().bus()
      await bus.close()
      await expect(
        bus.listen(
          () => undefined,
          () => undefined,
        ),
      ).rejects.toThrow('closed')
    })
  })
}
