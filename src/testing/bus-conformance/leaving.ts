// A closed bus must leave nothing open: a process with nothing else then ends.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { FaultProxy } from '../fault-proxy.ts'
import { loopTime } from '../loop-time.ts'
import { PROMPT } from './closing.ts'
import { through } from './faults.ts'
import { pause, until, urlOf, type BusFactory, type Kit } from './kit.ts'

/** Beside this file, which is TypeScript in the repository and JavaScript in the package */
const CHILD = fileURLToPath(new URL(`leaving-child${extname(import.meta.url)}`, import.meta.url))

export function leavingConformance(name: string, kit: () => Kit, factory: BusFactory): void {
  async function endsWhenClosedAt(
    moment: (proxy: FaultProxy, listened: Promise<unknown>) => Promise<unknown>,
  ): Promise<void> {
    const url = urlOf(kit().server)
    const proxy = await FaultProxy.start(Number(url.port))
    const child = fork(CHILD, [factory.module.href, factory.name, through(proxy, url)], {
      execArgv: ['--no-warnings'],
    })
    const exited = once(child, 'exit') as Promise<[number | null]>
    const listened = once(child, 'message')
    await once(child, 'spawn')
    await moment(proxy, listened)
    const began = loopTime()
    child.send('close')
    const [code] = await exited
    expect(code).toBe(0)
    expect(loopTime() - began).toBeLessThan(PROMPT)
    await proxy.close()
  }

  describe(`${name}: leaves nothing behind when it is closed`, () => {
    it('at rest', () => endsWhenClosedAt((_, listened) => listened))

    it('while the server refuses it, and it waits to try again', () =>
      endsWhenClosedAt(async (proxy, listened) => {
        await listened
        proxy.refuse(true)
        proxy.cut()
        await pause(1_500)
      }))

    it('while the server is silent, noticed or not', async () => {
      const silentFor = (ms: number) =>
        endsWhenClosedAt(async (proxy, listened) => {
          await listened
          proxy.blackhole(true)
          await pause(ms)
        })
      // Silence not noticed yet; waiting for the answer to a ping; given up and reconnecting
      await Promise.all([1_000, 7_000, 17_000].map(silentFor))
    })

    it('while it connects for the first time', () =>
      endsWhenClosedAt(async (proxy) => {
        proxy.blackhole(true)
        await until(() => proxy.accepted > 0)
        await pause(200)
      }))
  })
}
