// Random lives over Socket.IO: two devices of a person and one of staff, with the client of docs/realtime.md, on two nodes whose bus
// doubles and reorders hints, while lines break and nodes restart. FAULT_SEED replays the steps of the lives (not the moments of the
// machine), FAULT_RUNS sets how many are led.
import fc from 'fast-check'
import type { Server } from 'socket.io'
import type { Socket } from 'socket.io-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { FaultProxy } from '../../src/testing/fault-proxy.ts'
import { LossyBus } from '../../src/testing/lossy-bus.ts'
import { pause, startDesk, until, type Desk } from '../support/desk.ts'
import { documentedClient, serveSocketIo, type DocumentedClient } from '../support/socket-io.ts'

const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000_007)
const RUNS = Number(process.env['FAULT_RUNS'] ?? 4)
/** Half-open lines are found soon */
const HEARTBEAT = { pingInterval: 500, pingTimeout: 1_500 }

interface Node {
  desk: Desk
  io: Server
}

interface Device {
  socket: Socket
  line: FaultProxy
  /** The seqs that its person was shown */
  seqs: number[]
  texts: string[]
  say: (content: string) => Promise<unknown>
}

const bus = new LossyBus()
const nodes: Node[] = []
const clients: DocumentedClient[] = []
let lives = 0

beforeAll(async () => {
  bus.faults = { lose: 0, double: 0.3, delay: 40 }
  for (let n = 0; n < 2; n++) {
    const desk = await startDesk({ rateLimit: null, addressLimits: null, bus: bus.node() }, nodes[0]?.desk.file)
    nodes.push({ desk, io: serve(desk) })
  }
  const quick = { forceNew: true, reconnectionDelay: 30, reconnectionDelayMax: 200, timeout: 2_000 }
  for (const transports of [['websocket'], ['polling', 'websocket'], ['polling']])
    clients.push(await documentedClient({ ...quick, transports }, 800))
})
afterAll(async () => {
  for (const { io } of nodes) await io.close()
  for (const { desk } of nodes.toReversed()) {
    expect(desk.errors).toEqual([])
    await desk.stop()
  }
})

/** One node recovers sockets, and the other does not */
function serve(desk: Desk): Server {
  const recovery = nodes.length === 0 || desk === nodes[0]?.desk ? { connectionStateRecovery: {} } : {}
  return serveSocketIo(desk, { ...HEARTBEAT, ...recovery })
}

async function restart(node: Node): Promise<void> {
  await node.io.close()
  await node.desk.restart()
  node.io = serve(node.desk)
}

async function enter(kind: number, token: string, chat_id: string): Promise<Device> {
  const line = await FaultProxy.start(nodes[kind % 2]!.desk.port)
  const { follow, send } = clients[kind % clients.length]!
  const seqs: number[] = []
  const texts: string[] = []
  const socket = follow(
    `http://127.0.0.1:${line.port}`,
    { token },
    {
      chat_id,
      show: ({ seq, content }) => void (seqs.push(seq), texts.push(content)),
      clear: () => void seqs.push(Number.NaN),
    },
  )
  return { socket, line, seqs, texts, say: (content) => send(socket, { chat_id, content }) }
}

const who = fc.nat({ max: 2 })
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('say' as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('cut' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('dark' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('refuse' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('move' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('heal' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), who }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), who }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

function heal({ line }: Device): void {
  line.refuse(false)
  line.blackhole(false)
  // What was dark stays so until it ends
  line.cut()
}

async function live(steps: readonly Step[]): Promise<void> {
  const { desk } = nodes[0]!
  const { token, chatId } = await desk.person(`p${++lives}`)
  const staff = await desk.admin()
  const devices = [await enter(0, token, chatId), await enter(1, token, chatId), await enter(2, staff, chatId)]
  const said: string[] = []
  const sends: Promise<unknown>[] = []
  try {
    for (const { do: what, who } of steps) {
      const device = devices[who]!
      const { line } = device
      if (what === 'say') {
        const content = `${lives}.${said.length}`
        said.push(content)
        sends.push(device.say(content))
      } else if (what === 'cut') line.cut()
      else if (what === 'dark') line.blackhole(true)
      else if (what === 'refuse') line.refuse(true)
      else if (what === 'move') {
        line.retarget(nodes[(who + lives) % 2]!.desk.port)
        line.cut()
      } else if (what === 'heal') heal(device)
      else if (what === 'restart') {
        // A server waits for connections whose other end it cannot reach; a process that ends does not
        for (const { line } of devices) line.cut()
        await restart(nodes[who % 2]!)
      } else await pause(100)
      await pause(10)
    }
    for (const device of devices) heal(device)
    for (const answer of await Promise.all(sends)) expect(answer).toMatchObject({ ok: true })
    await until(() => devices.every(({ seqs }) => seqs.length >= said.length))
    const { messages } = await nodes[0]!.desk.store.messages(chatId, { after: 0, limit: 1_000 })
    expect(messages.map(({ content }) => content).toSorted()).toEqual(said.toSorted())
    for (const { seqs, texts } of devices) {
      expect(seqs).toEqual(said.map((_, i) => i + 1))
      expect(texts).toEqual(messages.map(({ content }) => content))
    }
  } finally {
    for (const { socket, line } of devices) {
      socket.disconnect()
      await line.close()
    }
  }
}

it(
  `each message is stored once and shown once, in order, to everybody (${RUNS} lives, FAULT_SEED=${SEED})`,
  async () => {
    const life = fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30, size: 'max' }), live)
    await fc.assert(life, { seed: SEED, numRuns: RUNS, endOnFailure: true })
  },
  60_000 + RUNS * 60_000,
)
