import { describe, expect, it } from 'vitest'
import { FaultProxy } from '../fault-proxy.ts'
import { hearEachOther, pause, until, urlOf, type Kit } from './kit.ts'
import { megabytesInUse } from './memory.ts'

/** How long the server is dead (ms) */
const DEATH = 3_000

export function faultsConformance(name: string, kit: () => Kit, hasNetwork: boolean): void {
  describe(`${name}: a server that dies`, () => {
    it('delivers hints again when it is back, without those published meanwhile', async () => {
      const { ear, server } = kit()
      const [a, b] = await Promise.all([ear(), ear()])
      await hearEachOther(a, b)
      await server.kill()
      await pause(50)
      const before = megabytesInUse()
      const end = Date.now() + DEATH
      let said = 0
      while (Date.now() < end) {
        for (let n = 0; n < 1_000; n++) a.bus.publish(`into the void ${said++} ${'x'.repeat(1_000)}`)
        await pause(20)
      }
      expect(said).toBeGreaterThan(10_000)
      expect(megabytesInUse() - before).toBeLessThan(10)
      expect([a.resumed, b.resumed]).toEqual([0, 0])
      await server.start()
      await until(() => a.resumed > 0 && b.resumed > 0)
      await hearEachOther(a, b)
      expect([a.resumed, b.resumed]).toEqual([1, 1])
      expect(b.hints.filter((hint) => hint.startsWith('into the void'))).toEqual([])
    })

    it('again and again does not wear it out', async () => {
      const { ear, server } = kit()
      const [a, b] = await Promise.all([ear(), ear()])
      for (let time = 1; time <= 4; time++) {
        a.bus.publish('on its way when it dies')
        await server.kill()
        await pause(Math.random() * 300)
        await server.start()
        await until(() => a.resumed >= time && b.resumed >= time)
        await hearEachOther(a, b)
      }
    })

    if (!hasNetwork) return

    it('between two words is noticed at once', async () => {
      const { ear, server } = kit()
      const url = urlOf(server)
      const proxy = await FaultProxy.start(Number(url.port))
      const [near, far] = await Promise.all([ear({ url: through(proxy, url) }), ear()])
      proxy.cut()
      // Because of the reset: silence would be noticed later
      await until(() => near.resumed === 1, 8_000)
      await hearEachOther(near, far)
      expect(far.resumed).toBe(0)
      await near.bus.close()
      await proxy.close()
    })
  })
}

/** The same URL through a proxy */
export function through(proxy: FaultProxy, url: URL): string {
  const other = new URL(url)
  other.host = `127.0.0.1:${proxy.port}`
  return other.href
}
