// pusher-js as docs/realtime.md shows it, while its line is cut, dies and is slow, nodes restart, and hints between nodes are lost: everybody has
// seen every message once and in order, in the end and at each moment. FAULT_SEED replays the faults, FAULT_RUNS sets how many lives are led.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import PusherModule, { type Channel } from 'pusher-js'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { MemoryExchange } from '../../src/buses/memory.ts'
import { FaultProxy } from '../../src/testing/fault-proxy.ts'
import { pause, startDesk, until, type Desk } from '../support/desk.ts'
import { namedCodeOf } from '../support/documented-code.ts'
import { KEY } from '../support/pusher.ts'

const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000_007)
const RUNS = Number(process.env['FAULT_RUNS'] ?? 3)
/** Its types say that Node gets a module with a default export; it gets the class */
const Pusher = PusherModule as unknown as typeof PusherModule.default

interface Message {
  seq: number
  content: string
}
type FollowChat = (how: {
  pusher: PusherModule.default
  server: string
  token: string
  onMessage: (message: Message) => void
}) => Promise<{ channel: Channel }>

let dir: string
let followChat: FollowChat
let exchange: MemoryExchange
let nodes: [Desk, Desk]
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'deskbell-pusher-'))
  const file = join(dir, 'follow-chat.mjs')
  writeFileSync(
    file,
    namedCodeOf('docs/realtime.md').get('follow-chat.js') ?? expect.fail('The page has no follow-chat.js'),
  )
  ;({ followChat } = (await import(pathToFileURL(file).href)) as { followChat: FollowChat })
  exchange = new MemoryExchange()
  const one = await startDesk({ pusherKey: KEY, bus: exchange.bus(), rateLimit: null })
  nodes = [one, await startDesk({ pusherKey: KEY, bus: exchange.bus(), rateLimit: null }, one.file)]
})
afterAll(async () => {
  for (const node of nodes.toReversed()) await node.stop()
  rmSync(dir, { recursive: true })
})

/** A sequence that follows from its start (Lehmer) */
function dice(start: number): () => number {
  let state = 1 + (start % 2_147_483_646)
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

/** One tab of the person, behind a line of its own */
async function follow(node: Desk, token: string) {
  const line = await FaultProxy.start(node.port)
  const server = `http://127.0.0.1:${line.port}`
  const pusher = new Pusher(KEY, {
    cluster: 'none',
    wsHost: '127.0.0.1',
    wsPort: line.port,
    forceTLS: false,
    enabledTransports: ['ws'],
    disableStats: true,
    // A dead line is found within seconds, so that a life is short
    activityTimeout: 500,
    pongTimeout: 500,
    channelAuthorization: {
      transport: 'ajax',
      endpoint: `${server}/pusher/auth`,
      headers: { authorization: `Bearer ${token}` },
    },
  })
  const heard: Message[] = []
  await followChat({ pusher, server, token, onMessage: (message) => heard.push(message) })
  return { line, pusher, heard }
}

it(
  `pusher-js shows every message once and in order after any faults (${RUNS} lives, FAULT_SEED=${SEED})`,
  async () => {
    for (let life = 0; life < RUNS; life++) {
      const random = dice(SEED + life)
      const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T
      const { token, chatId } = await nodes[0].person(`life-${life}`)
      const admin = await nodes[0].admin()
      const tabs = [await follow(nodes[0], token), await follow(nodes[1], token)]
      let sent = 0
      const say = async (): Promise<void> => {
        const node = pick(nodes)
        const content = `line ${++sent}`
        if (random() < 0.5) await node.call('POST', '/support_chat/messages', token, { content })
        else await node.call('POST', `/admin/chats/${chatId}/messages`, admin, { content })
      }
      for (let step = 0; step < 40; step++) {
        const { line } = pick(tabs)
        const chance = random()
        if (chance < 0.5) await say()
        else if (chance < 0.6) line.cut()
        else if (chance < 0.65) line.blackhole(true, pick(['up', 'down'] as const))
        else if (chance < 0.7) line.blackhole(true)
        else if (chance < 0.75) line.refuse(true)
        else if (chance < 0.8) line.delay(Math.floor(random() * 100))
        else if (chance < 0.85) exchange.away(true)
        else if (chance < 0.9) exchange.away(false)
        else for (const one of tabs) heal(one.line)
        await pause(Math.floor(random() * 30))
      }
      exchange.away(false)
      for (const { line } of tabs) heal(line)
      await say()
      const all = Array.from({ length: sent }, (_, i) => i + 1)
      for (const { heard } of tabs) {
        await until(() => heard.length >= sent)
        expect(heard.map(({ seq }) => seq)).toEqual(all)
      }
      for (const { pusher, line } of tabs) {
        pusher.disconnect()
        await line.close()
      }
    }
    expect(nodes.flatMap(({ errors }) => errors)).toEqual([])
  },
  60_000 + RUNS * 90_000,
)

function heal(line: FaultProxy): void {
  line.blackhole(false)
  line.refuse(false)
  line.delay(0)
  // What was swallowed never comes, and requests of the documented client have no time limit
  line.cut()
}
