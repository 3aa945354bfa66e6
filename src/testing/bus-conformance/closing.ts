// That nothing is left of a closed bus is seen best by a process that has nothing else to live for: it ends.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { FaultProxy } from '../fault-proxy.ts'
import { through } from './faults.ts'
import { pause, type Kit } from './kit.ts'

/** What `close` and the end of a process that is being watched by others may take (ms) */
const PROMPT = 2_000

export function closingConformance(name: string, kit: () => Kit): void {
  async function closesAt(moment: (proxy: FaultProxy, listened: Promise<void>) => Promise<void>): Promise<void> {
    const { server } = kit()
    if (!server.url) return
    const proxy = await FaultProxy.start(Number(server.url.port))
    const child = fork(fileURLToPath(new URL('closing-child.ts', import.meta.url)), [], {
      env: { ...process.env, BUS_URL: through(proxy, server.url) },
      execArgv: ['--no-warnings'],
    })
    const exited = once(child, 'exit') as Promise<[number | null]>
    const listened = once(child, 'message').then(() => undefined)
    await once(child, 'spawn')
    await moment(proxy, listened)
    const began = Date.now()
    child.send('close')
    const [code] = await exited
    expect(code).toBe(0)
    expect(Date.now() - began).toBeLessThan(PROMPT)
    await proxy.close()
  }

  describe(`${name}: closed`, () => {
    it('leaves nothing: at rest', () => closesAt((_, listened) => listened))

    it('leaves nothing: while it waits to try again, and while the server says no', () =>
      closesAt(async (proxy, listened) => {
        await listened
        proxy.refuse(true)
        proxy.cut()
        await pause(1_500)
      }))

    it('leaves nothing: while the server is silent, noticed or not', { timeout: 40_000 }, async () => {
      await Promise.all([
        closesAt(async (proxy, listened) => {
          await listened
          proxy.blackhole(true)
          await pause(1_000)
        }),
        closesAt(async (proxy, listened) => {
          await listened
          proxy.blackhole(true)
          // It asked whether the server lives, and waits
          await pause(7_000)
        }),
        closesAt(async (proxy, listened) => {
          await listened
          proxy.blackhole(true)
          // It has given up a connection and its next, perhaps waits, perhaps tries
          await pause(17_000)
        }),
      ])
    })

    it('leaves nothing: while it connects for the first time', () =>
      closesAt(async (proxy) => {
        proxy.blackhole(true)
        while (proxy.accepted === 0) await pause(20)
        await pause(200)
      }))

    it('ends at once, however often it is closed', async () => {
      const { bus } = await kit().ear()
      const began = Date.now()
      await Promise.all([bus.close(), bus.close()])
      await bus.close()
      expect(Date.now() - began).toBeLessThan(PROMPT)
    })

    it('sends what was said right before', async () => {
      const [from, to] = await Promise.all([kit().ear(), kit().ear()])
      from.bus.publish('goodbye')
      await from.bus.close()
      while (to.hints.length === 0) await pause(20)
      expect(to.hints).toEqual(['goodbye'])
      expect(from.resumed).toBe(0)
    })

    it('before it ever listened', async () => {
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
