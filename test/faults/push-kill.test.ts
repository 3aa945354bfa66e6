// Nodes that send pushes, killed at any moment: nobody is told twice of a message, no push but those of the dead node is lost, and a browser
// that is gone is forgotten all the same.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sqliteStore, type Store } from '../../src/entries/node.ts'
import { pause, until } from '../support/desk.ts'
import { NODE } from '../support/node.ts'
import { startPushService, type PushService, type SubscribedBrowser } from '../support/push-service.ts'
import type { GivenMessage } from '../support/pushing-node.ts'

const ROUNDS = Math.ceil(Number(process.env['FAULT_RUNS'] ?? 200) / 40)
const CHATS = 6

let service: PushService
let store: Store
let file: string
const ends: (() => unknown)[] = []
beforeEach(async () => {
  const dir = mkdtempSync(join(tmpdir(), 'deskbell-faults-'))
  ends.push(() => rmSync(dir, { recursive: true, force: true }))
  file = join(dir, 'chat.db')
  service = await startPushService()
  ends.push(() => service.stop())
  store = await sqliteStore(file)
  ends.push(() => store.close())
})
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function startNode(): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, '../support/pushing-node.ts'), {
    execPath: NODE,
    env: { ...process.env, FILE: file, CERT: service.cert.toString() },
  })
  ends.push(() => child.kill('SIGKILL'))
  await once(child, 'message')
  return child
}
async function kill(node: ChildProcess): Promise<void> {
  const gone = once(node, 'exit')
  node.kill('SIGKILL')
  await gone
}
/** Resolves once the node has stored it */
async function write(node: ChildProcess, user: string, content: string): Promise<void> {
  const given: GivenMessage = { user, content }
  const { promise: stored, resolve } = Promise.withResolvers<void>()
  const hear = (said: unknown): void => {
    if (said === content) resolve()
  }
  node.on('message', hear)
  node.send(given)
  await stored
  node.off('message', hear)
}
const pushStore = async () => (await store.push?.()) ?? expect.fail('SQLite keeps them')
async function subscribe(staff: string): Promise<SubscribedBrowser> {
  const browser = service.browser()
  const { endpoint, keys } = browser
  const record = { id: staff.padEnd(43, '_'), staff_id: staff, session_id: null, endpoint, ...keys }
  await (await pushStore()).savePushSubscription({ ...record, renewed_at: new Date().toISOString() }, 10)
  return browser
}
const subscribed = async () =>
  (await (await pushStore()).pushSubscriptions(new Date(0).toISOString())).map(({ staff_id }) => staff_id)
/** How often a browser was told of a message */
const told = ({ endpoint }: SubscribedBrowser, content: string): number =>
  service.received.filter((push) => push.endpoint === endpoint && push.payload['body'] === content).length
async function openChats(...users: string[]): Promise<void> {
  const at = new Date().toISOString()
  for (const id of users) {
    await store.savePeople([{ id, email: '', name: `User ${id}` }], at)
    await store.openChat(id, crypto.randomUUID(), at)
  }
}

it(
  `${ROUNDS} kills of two nodes with ${CHATS} pushes each lose those of the dead node at most, and double none`,
  async () => {
    const browsers = [await subscribe('sam'), await subscribe('kim')]
    const users = Array.from({ length: CHATS }, (_, i) => `u${i}`)
    await openChats(...users)
    const alive = [await startNode(), await startNode()]
    const counts = { told: 0, lost: 0 }
    for (let round = 0; round < ROUNDS; round++) {
      const victim = round % 2
      const given = users.map((user, i) => ({ user, node: (i + round) % 2, content: `${round} of ${user}` }))
      for (const { user, node, content } of given) await write(alive[node] ?? expect.fail(), user, content)
      // Before they are sent, while they are, or after it
      await pause(1_500 + 1_000 * Math.random())
      await kill(alive[victim] ?? expect.fail())
      alive[victim] = await startNode()
      const survivors = given.filter(({ node }) => node !== victim)
      await until(() => survivors.every(({ content }) => browsers.every((browser) => told(browser, content) === 1)))
      for (const { content } of given) {
        const times = browsers.map((browser) => told(browser, content))
        for (const n of times) counts[n === 0 ? 'lost' : 'told']++
      }
    }
    // The dead leave nothing behind that the living would send
    for (const user of users) await write(alive[0] ?? expect.fail(), user, `the last of ${user}`)
    await until(() => users.every((user) => browsers.every((browser) => told(browser, `the last of ${user}`) === 1)))
    const all = service.received.map(({ endpoint, payload }) => `${endpoint} ${String(payload['body'])}`)
    expect(all.filter((one, i) => all.indexOf(one) !== i)).toEqual([])
    expect(service.refused).toEqual([])
    console.log(`${ROUNDS} kills:`, counts)
  },
  60_000 + ROUNDS * 30_000,
)

it('A push that was on its way when its node was killed is not sent again, and the next one is', async () => {
  const sam = await subscribe('sam')
  await openChats('ada')
  const first = await startNode()
  service.answer = () => 'hang'
  await write(first, 'ada', 'one')
  await until(() => told(sam, 'one') === 1)
  await kill(first)
  service.answer = () => 201
  const second = await startNode()
  await write(second, 'ada', 'two')
  await until(() => told(sam, 'two') === 1)
  expect(told(sam, 'one')).toBe(1)
})

it.each([404, 410])(
  'A browser of which its service says %i while the node is killed is forgotten at the next push, and no other one',
  async (status) => {
    const [sam, kim] = [await subscribe('sam'), await subscribe('kim')]
    await openChats('ada')
    const first = await startNode()
    const dead = once(first, 'exit')
    service.answer = ({ endpoint }) => {
      if (endpoint !== sam.endpoint) return 201
      // It hears of the answer no more
      first.kill('SIGKILL')
      return status
    }
    await write(first, 'ada', 'one')
    await dead
    expect(await subscribed()).toContain('sam')
    service.answer = ({ endpoint }) => (endpoint === sam.endpoint ? status : 201)
    const second = await startNode()
    await write(second, 'ada', 'two')
    await until(async () => !(await subscribed()).includes('sam') && told(kim, 'two') === 1)
    await write(second, 'ada', 'three')
    await until(() => told(kim, 'three') === 1)
    expect([await subscribed(), told(sam, 'three')]).toEqual([['kim'], 0])
  },
)
