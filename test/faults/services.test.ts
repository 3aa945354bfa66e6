// Random lives over each real-time service: two devices of a person and one of staff, with the real client core and the services'
// official clients, on two nodes that publish each by itself, while the service is slow, doubles, reorders, loses, refuses publications or is
// gone, hints between the nodes are lost, and nodes restart.
// FAULT_SEED replays the steps of the lives (not the moments of the machine), FAULT_RUNS sets how many are led on each service.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect, Conversation, listenWith } from '../../src/entries/client.ts'
import { LossyBus } from '../../src/testing/lossy-bus.ts'
import { pause, startDesk, until, type Desk } from '../support/desk.ts'
import type { Faults, TestService } from '../support/realtime-services/service.ts'
import { LISTENED } from '../support/realtime-services/services.ts'

const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000_007)
const RUNS = Number(process.env['FAULT_RUNS'] ?? 3)

const WELL: Partial<Faults> = { api: 'answers', delay: 0, doubles: false, reorders: false, loss: 0, gone: false }

listenWith({
  pusher: () => import('pusher-js'),
  ably: () => import('ably'),
  supabase: () => import('@supabase/realtime-js'),
  socketIo: () => import('socket.io-client'),
  firebase: () => Promise.all([import('@firebase/app'), import('@firebase/auth'), import('@firebase/database')]),
})

interface Device {
  chat: Conversation
  leave: () => void
}

const who = fc.nat({ max: 2 })
const mood = fc.oneof(
  fc.record({ delay: fc.constantFrom(0, 50, 400) }),
  fc.record({ doubles: fc.boolean() }),
  fc.record({ reorders: fc.boolean() }),
  fc.record({ loss: fc.constantFrom(0, 0.5, 1) }),
  fc.record({ gone: fc.boolean() }),
  fc.record({ api: fc.constantFrom<Faults['api'][]>('answers', 'too many', 'fails', 'html', 'hangs') }),
)
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('say' as const), who }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('change' as const), mood }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('return' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), node: fc.nat({ max: 1 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

describe.each(LISTENED)('$name', ({ start, publisher }) => {
  let service: TestService
  let nodes: [Desk, Desk]
  let lives = 0

  beforeAll(async () => {
    service = await start()
    const bus = new LossyBus()
    bus.faults = { lose: 0.3, double: 0.3, delay: 40 }
    const node = (file?: string): Promise<Desk> =>
      startDesk({ rateLimit: null, addressLimits: null, publisher: publisher(service), bus: bus.node() }, file)
    const first = await node()
    nodes = [first, await node(first.file)]
  })
  afterAll(async () => {
    for (const node of nodes.toReversed()) {
      expect(node.errors).toEqual([])
      await node.stop()
    }
    await service.stop()
  })

  async function enter(node: Desk, role: 'user' | 'admin', token: string, chatId: string): Promise<Device> {
    const { api, cable } = connect({ server: node.url, token })
    const chat = new Conversation({ api, cable, role, ...(role === 'admin' && { chatId }) })
    chat.subscribe(() => {
      for (const [i, { seq }] of chat.state.messages.entries())
        if (seq !== i + 1) throw new Error(`Shown ${seq} at ${i}`)
    })
    await chat.open()
    return {
      chat,
      leave() {
        chat.close()
        cable.close()
      },
    }
  }

  async function live(steps: readonly Step[]): Promise<void> {
    const [desk] = nodes
    const { token, chatId } = await desk.person(`p${++lives}`)
    const staff = await desk.admin()
    const roles = ['user', 'user', 'admin'] as const
    const enterAs = (role: 'user' | 'admin', who: number): Promise<Device> =>
      enter(nodes[who % 2]!, role, role === 'user' ? token : staff, chatId)
    const devices = await Promise.all(roles.map(enterAs))
    const said: string[] = []
    try {
      for (const one of steps) {
        if (one.do === 'say') {
          const content = `${lives}.${said.length}`
          if (devices[one.who]!.chat.send(content)) said.push(content)
        } else if (one.do === 'change') Object.assign(service, one.mood)
        else if (one.do === 'return') {
          const { chat, leave } = devices[one.who]!
          // What a device has not sent is kept by its browser's storage, which there is none of here
          await until(() => chat.state.pending.length === 0)
          leave()
          devices[one.who] = await enterAs(roles[one.who]!, one.who + lives)
        } else if (one.do === 'restart') await nodes[one.node]!.restart()
        else await pause(100)
        await pause(10)
      }
      Object.assign(service, WELL)
      const complete = (): boolean =>
        devices.every(({ chat: { state } }) => state.messages.length >= said.length && state.pending.length === 0)
      await until(complete, 60_000)
      const { messages } = await desk.store.messages(chatId, { after: 0, limit: 1_000 })
      expect(messages.map(({ content }) => content).toSorted()).toEqual(said.toSorted())
      const stored = messages.map(({ id, seq }) => ({ id, seq }))
      for (const { chat } of devices) expect(chat.state.messages.map(({ id, seq }) => ({ id, seq }))).toEqual(stored)
    } finally {
      Object.assign(service, WELL)
      for (const { leave } of devices) leave()
    }
  }

  it(
    `each message is stored once and shown once, in order, to everybody (${RUNS} lives, FAULT_SEED=${SEED})`,
    async () => {
      const life = fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30, size: 'max' }), live)
      await fc.assert(life, { seed: SEED, numRuns: RUNS, endOnFailure: true })
    },
    60_000 + RUNS * 120_000,
  )
})
