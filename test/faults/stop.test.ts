// An orderly stop, at any moment and under load: nothing that was acknowledged is lost, no error is reported, and once it is over
// nothing asks the database for anything. FAULT_SEED replays the moments that are chosen (not those of the machine), FAULT_STOPS
// sets how many.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createDeskbell } from '../../src/adapters/node.ts'
import type { Store } from '../../src/server/ports/store/store.ts'
import { mysqlStore } from '../../src/stores/mysql.ts'
import { postgresStore } from '../../src/stores/postgres.ts'
import { sqliteStore } from '../../src/stores/sqlite.ts'
import { MemoryExchange } from '../../src/buses/memory.ts'
import type { Bus } from '../../src/server/ports/bus.ts'
import type { Log } from '../../src/standalone/log.ts'
import { serve } from '../../src/standalone/serve.ts'
import { readSettings } from '../../src/standalone/settings.ts'
import { freshDatabase, type TestDatabase } from '../support/databases.ts'
import { pause, SECRET, until } from '../support/desk.ts'
import { Load, signStaff, signUser, type Acknowledged, type Chatter } from './stop/load.ts'

const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000_007)
const STOPS = Number(process.env['FAULT_STOPS'] ?? 40)
const PEOPLE = 3
const NOTIFY_AFTER = 30

const random = randomFrom(SEED)
const staff = await signStaff()

/** Whatever was reported, in whatever way */
const reported: unknown[] = []
const report = (error: unknown): void => void reported.push(error)
beforeEach(() => {
  reported.splice(0)
  for (const level of ['error', 'warn'] as const) vi.spyOn(console, level).mockImplementation(report)
  process.on('unhandledRejection', report).on('uncaughtException', report)
})
afterEach(() => {
  vi.restoreAllMocks()
  process.off('unhandledRejection', report).off('uncaughtException', report)
})

interface Node {
  port: number
  stop(): Promise<void>
}

/** A real server, and an account of each call that reaches its store once it has stopped */
async function startNode(store: Store, bus: Bus | null): Promise<Node> {
  let isOver = false
  const watched = new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...args: unknown[]): unknown => {
        if (isOver) report(new Error(`${String(name)} was called after the stop`))
        return Reflect.apply(value, target, args)
      }
    },
  })
  const deskbell = createDeskbell({
    store: watched,
    bus,
    secret: SECRET,
    publicUrl: 'http://desk.example',
    rateLimit: null,
    notifyAfter: NOTIFY_AFTER,
    mailer: {
      handsOver: true,
      async send(_mail, handover) {
        await pause(random() * 20)
        await handover()
        await pause(random() * 20)
      },
    },
    onError: report,
  })
  const server: Server = createServer(deskbell.listener).on('upgrade', deskbell.upgrade)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      await deskbell.close({ drainMs: random() < 0.5 ? 0 : 30 })
      isOver = true
      server.closeAllConnections()
      await closed
      await bus?.close()
      await store.close()
    },
  }
}

interface Engine {
  open: () => Promise<Store>
  drop: () => Promise<void>
}

const ENGINES: Record<string, () => Promise<Engine | undefined>> = {
  async SQLite() {
    const dir = mkdtempSync(join(tmpdir(), 'deskbell-stop-'))
    return {
      open: () => sqliteStore(join(dir, 'chat.db')),
      drop: async () => rmSync(dir, { recursive: true, force: true }),
    }
  },
  PostgreSQL: async () => onServer(await freshDatabase('postgres'), postgresStore),
  MariaDB: async () => onServer(await freshDatabase('mysql'), mysqlStore),
}
const onServer = (database: TestDatabase | undefined, open: (url: string) => Promise<Store>): Engine | undefined =>
  database && { open: () => open(database.url), drop: () => database.drop() }

const TIMEOUT = 300_000 + STOPS * 6_000

describe.each(Object.entries(ENGINES))('a stop under load, on %s', (name, make) => {
  let engine: Engine | undefined
  let people: Chatter[]
  const acknowledged: Acknowledged = new Map()
  /** What was found in each chat, up to which seq */
  const stored = new Map<string, { ids: Set<string>; upTo: number }>()

  beforeAll(async () => {
    engine = await make()
    if (!engine) return
    const store = await engine.open()
    people = await Promise.all(
      Array.from({ length: PEOPLE }, async (_, n) => {
        const id = `${name}-${n}`
        const at = new Date().toISOString()
        await store.savePeople([{ id, email: `${id}@example.com`, name: null }], at)
        return { token: await signUser(id), chat: (await store.openChat(id, crypto.randomUUID(), at)).id }
      }),
    )
    await store.close()
  })
  afterAll(() => engine?.drop())

  async function findAcknowledged(open: () => Promise<Store>): Promise<void> {
    const store = await open()
    for (const { chat } of people) {
      const known = stored.get(chat) ?? { ids: new Set(), upTo: 0 }
      stored.set(chat, known)
      for (let page; !page || page.has_more;) {
        page = await store.messages(chat, { after: known.upTo, limit: 1_000 })
        for (const { id } of page.messages) known.ids.add(id)
        known.upTo = page.messages.at(-1)?.seq ?? known.upTo
      }
      const wanted = acknowledged.get(chat) ?? new Set()
      expect([...wanted].filter((id) => !known.ids.has(id))).toEqual([])
    }
    await store.close()
  }

  /** Stops each of so many nodes at a random moment, the others still serving */
  async function stopNodes(count: number, open: () => Promise<Store>): Promise<void> {
    const exchange = new MemoryExchange()
    const nodes: [Node, Load][] = []
    for (let n = 0; n < count; n++) {
      const node = await startNode(await open(), count > 1 ? exchange.bus() : null)
      nodes.push([node, new Load(node.port, random, acknowledged)])
    }
    for (const [, load] of nodes) load.start(people, staff)
    for (const [node, load] of nodes) {
      // There is something to lose
      await until(() => load.acknowledgements > 0)
      await pause(random() * 180)
      await node.stop()
      await load.end()
      expect(load.strange).toEqual([])
      expect(reported).toEqual([])
    }
  }

  it(
    `loses nothing that was acknowledged, and reports nothing (FAULT_SEED=${SEED})`,
    { timeout: TIMEOUT },
    async (test) => {
      if (!engine) return test.skip()
      for (let stops = 0; stops < STOPS; stops += 3) {
        await stopNodes(1, engine.open)
        await stopNodes(2, engine.open)
        await findAcknowledged(engine.open)
      }
    },
  )
})

it(
  `of the standalone server under load writes no error to its log (FAULT_SEED=${SEED})`,
  { timeout: TIMEOUT },
  async () => {
    const dir = mkdtempSync(join(tmpdir(), 'deskbell-stop-'))
    const keep = (details: unknown, text?: string): void => report([details, text])
    const ignore = (): void => undefined
    const log = { fatal: keep, error: keep, warn: keep, info: ignore, debug: ignore } as Log
    const acknowledged: Acknowledged = new Map()
    for (let round = 0; round < STOPS / 10; round++) {
      const running = await serve(
        readSettings({
          DATA_DIR: dir,
          DESKBELL_SECRET: SECRET,
          PORT: '0',
          HOST: '127.0.0.1',
          RATE_LIMIT: 'off',
          NOTIFY_AFTER: `${NOTIFY_AFTER}ms`,
        }),
        log,
      )
      const port = Number(new URL(running.url).port)
      const token = await signUser('ada')
      const chat = await fetch(`${running.url}/support_chat`, { headers: { authorization: `Bearer ${token}` } })
      const { id } = (await chat.json()) as { id: string }
      const load = new Load(port, random, acknowledged)
      load.start([{ token, chat: id }], staff)
      let isOver = false
      const operators = ['/readyz', '/metrics', '/dev/mailbox.json'].map(async (path) => {
        while (!isOver) await fetch(running.url + path).then((response) => response.text(), ignore)
      })
      await until(() => load.acknowledgements > 0)
      await pause(random() * 180)
      await running.stop()
      isOver = true
      await Promise.all([load.end(), ...operators])
      expect(load.strange).toEqual([])
      expect(reported).toEqual([])
    }
    const store = await sqliteStore(join(dir, 'deskbell.db'))
    for (const [chat, ids] of acknowledged) {
      const { messages } = await store.messages(chat, { after: 0, limit: 1_000_000 })
      for (const { id } of messages) ids.delete(id)
      expect([...ids]).toEqual([])
    }
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  },
)

/** mulberry32: the same numbers for the same seed */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
