// Nodes as people run them, processes of their own on one PostgreSQL: who is revoked by the command line is out on each of them
// within 5 s, whether they talk over a bus or not.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { loopTime } from '../../src/testing/loop-time.ts'
import { deskbell } from '../support/cli.ts'
import { freshDatabase } from '../support/databases.ts'
import { until } from '../support/desk.ts'
import { TestStream } from '../support/event-stream.ts'
import { SECRET, ServerProcess, userToken } from '../support/server-process.ts'
import { TestSocket, V1 } from '../support/socket.ts'

/** What the guarantee allows (ms) */
const SOON = 5_000

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

it.for([
  { name: 'with a bus', settings: {} },
  { name: 'without a bus', settings: { BUS_URL: 'off' } },
])('who is revoked is out on every node within 5 s, $name', async ({ settings }, { skip }) => {
  const database = (await freshDatabase('postgres')) ?? skip('it is not on this machine')
  ends.push(() => database.drop())
  const dir = mkdtempSync(join(tmpdir(), 'deskbell-nodes-'))
  ends.push(() => rmSync(dir, { recursive: true, force: true }))
  const env = { DATA_DIR: dir, DATABASE_URL: database.url, DESKBELL_SECRET: SECRET, ...settings }
  const nodes: ServerProcess[] = []
  ends.push(() => Promise.all(nodes.map((node) => node.stop())))
  // One after the other: all at once they would keep each other waiting
  while (nodes.length < 3) nodes.push(await ServerProcess.start(env))

  const bob = await userToken('bob')
  const socket = (node: ServerProcess, token: string, path = '/cable', protocols = [V1]): Promise<TestSocket> =>
    TestSocket.open(`ws://127.0.0.1:${node.port}${path}?jid=${token}`, protocols)
  const visit = async (node: ServerProcess, token: string): Promise<number> =>
    (await fetch(`${node.url}/support_chat`, { headers: { authorization: `Bearer ${token}` } })).status
  await visit(nodes[0]!, bob)
  const others = await Promise.all(nodes.map((node) => socket(node, bob)))
  ends.push(() => others.forEach((other) => other.close()))

  /** @returns how long it takes (ms) */
  async function revoke(sub: string): Promise<number> {
    const token = await userToken(sub)
    await visit(nodes[0]!, token)
    const mine = await Promise.all(nodes.flatMap((node) => [socket(node, token), socket(node, token, '/ws/chat', [])]))
    const streams = await Promise.all(nodes.map((node) => TestStream.open(`${node.url}/support_chat/events`, token)))
    expect(await deskbell(['revoke', '--sub', sub], env)).toMatchObject({ code: 0, err: '' })
    const begun = loopTime()
    await until(() => mine.every((one) => one.closed))
    await Promise.all(streams.map((stream) => stream.end()))
    expect(await Promise.all(nodes.map((node) => visit(node, token)))).toEqual([401, 401, 401])
    const took = loopTime() - begun
    expect(mine.map((one) => one.closed?.reason)).toEqual(mine.map(() => 'unauthorized'))
    return took
  }
  // Of several rounds one is not interrupted, on a busy machine too
  let soonest = Infinity
  for (let round = 0; round < 4 && soonest >= SOON; round++) soonest = Math.min(soonest, await revoke(`ada-${round}`))
  expect(soonest).toBeLessThan(SOON)

  expect(await Promise.all(nodes.map((node) => visit(node, bob)))).toEqual([200, 200, 200])
  expect(others.map((other) => other.closed)).toEqual([undefined, undefined, undefined])
})
