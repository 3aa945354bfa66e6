// A run that is broken off leaves neither servers nor folders behind, or they are swept by the next.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sweep } from './ownership.ts'

/** A process with a server in a folder */
async function start() {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'ownership-child.ts')])
  await once(child.stdout, 'data')
  const dir = readdirSync(tmpdir())
    .filter((name) => name.startsWith('deskbell-owned-'))
    .map((name) => join(tmpdir(), name))
    .find((folder) => readFileSync(join(folder, 'owner.pid'), 'utf8') === `${child.pid}`)
  if (dir === undefined) return expect.fail('It has no folder')
  const server = Number(readFileSync(join(dir, 'server.pid'), 'utf8'))
  const end = async (signal: NodeJS.Signals) => {
    const ended = once(child, 'exit')
    child.kill(signal)
    expect(await ended).toEqual([null, signal])
  }
  return { dir, server, end }
}

const isRunning = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))

it.skipIf(process.platform !== 'linux').each(['SIGHUP', 'SIGINT', 'SIGTERM'] as const)(
  'nothing is left by %s',
  async (signal) => {
    const { dir, server, end } = await start()
    expect([existsSync(dir), isRunning(server)]).toEqual([true, true])
    await end(signal)
    expect(existsSync(dir)).toBe(false)
    await expect.poll(() => isRunning(server)).toBe(false)
  },
)

it.skipIf(process.platform !== 'linux')('what a kill leaves is swept, and nothing of who lives', async () => {
  const [dead, alive] = [await start(), await start()]
  await dead.end('SIGKILL')
  expect([existsSync(dead.dir), isRunning(dead.server)]).toEqual([true, true])
  await sweep()
  expect(existsSync(dead.dir)).toBe(false)
  await expect.poll(() => isRunning(dead.server)).toBe(false)
  expect([existsSync(alive.dir), isRunning(alive.server)]).toEqual([true, true])
  await alive.end('SIGTERM')
})
