import { describe, expect, it } from 'vitest'
import { FaultProxy } from '../fault-proxy.ts'
import { loopTime } from '../loop-time.ts'
import { through } from './faults.ts'
import { hearEachOther, until, urlOf, type Kit } from './kit.ts'

export function silenceConformance(name: string, kit: () => Kit): void {
  describe(`${name}: a server that is silent`, () => {
    it('is noticed, and delivers hints again when it answers', async () => {
      // Bytes are lost in both directions, from the server, or to the server
      await Promise.all((['both', 'down', 'up'] as const).map((way) => silence(kit(), way)))
    })

    it('from the start makes listen reject in time', async () => {
      const { bus, server } = kit()
      const url = urlOf(server)
      const proxy = await FaultProxy.start(Number(url.port))
      proxy.blackhole(true)
      const deaf = bus({ url: through(proxy, url) })
      let resumed = 0
      const listening = deaf.listen(
        () => undefined,
        () => resumed++,
      )
      await expect(listening).rejects.toThrow(/^The bus .+ cannot be used: it did not answer in time$/)
      proxy.blackhole(false)
      // It still keeps trying
      await until(() => resumed === 1)
      await deaf.close()
      await proxy.close()
    })
  })
}

async function silence({ ear, server }: Kit, way: 'both' | 'down' | 'up'): Promise<void> {
  const url = urlOf(server)
  const proxy = await FaultProxy.start(Number(url.port))
  const [near, far] = await Promise.all([ear({ url: through(proxy, url) }), ear()])
  const connections = proxy.accepted
  const began = loopTime()
  proxy.blackhole(true, way)
  await until(() => {
    near.bus.publish(`into the void ${'x'.repeat(1_000)}`)
    return proxy.accepted > connections
  })
  expect(loopTime() - began).toBeLessThan(16_000)
  // It tries again, without an answer
  await until(() => proxy.accepted > connections + 1)
  expect(near.resumed).toBe(0)
  proxy.blackhole(false)
  await until(() => near.resumed === 1)
  await hearEachOther(near, far)
  expect(far.resumed).toBe(0)
  await near.bus.close()
  await proxy.close()
}
