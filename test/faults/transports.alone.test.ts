// Networks that let less than a socket through: the real client behind real proxies, against the real server. FAULT_SEED
// replays the moods of the last proxy (not the moments of the machine), FAULT_RUNS sets how many lives are led under it.
import './model/brisk.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { connect, type ConnectOptions } from '../../src/client/connect.ts'
import { Conversation } from '../../src/client/conversation/conversation.ts'
import type { SupportMessage } from '../../src/protocol/types.ts'
import { FaultProxy } from '../../src/testing/fault-proxy.ts'
import { TIME_SPEED } from '../../src/testing/fast-time.ts'
import { loopTime } from '../../src/testing/loop-time.ts'
import { LEEWAY } from '../../src/server/people/token.ts'
import { pause, startDesk, until, type Desk } from '../support/desk.ts'
import { ReverseProxy, type Weather } from '../support/proxies.ts'

const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000_007)
/** Lives that are led under a proxy whose moods change */
const RUNS = Number(process.env['FAULT_RUNS'] ?? 1)

let desk: Desk
let people = 0
const ends: (() => void | Promise<void>)[] = []
beforeAll(async () => {
  desk = await startDesk({ rateLimit: null })
})
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})
afterAll(async () => {
  expect(desk.errors).toEqual([])
  await desk.stop()
})

interface Side {
  chat: Conversation
  proxy: ReverseProxy
  /** What was sent from here */
  sent: string[]
  say: (text: string) => void
  texts: () => string[]
  /** Every value that the person was shown */
  statuses: string[]
}

async function side(
  role: 'user' | 'admin',
  identity: Omit<ConnectOptions, 'server'>,
  chatId: string,
  weather: Partial<Weather>,
  port = desk.port,
): Promise<Side> {
  const proxy = await ReverseProxy.start(port, weather)
  const { api, cable } = connect({ server: proxy.url, ...identity })
  const kept = new Map<string, string>()
  const storage = {
    get: (key: string) => kept.get(key) ?? null,
    set: (key: string, value: string | null) => void (value === null ? kept.delete(key) : kept.set(key, value)),
  }
  const chat = new Conversation({ api, cable, role, storage, ...(role === 'admin' ? { chatId } : {}) })
  const statuses: string[] = []
  chat.subscribe(() => {
    if (statuses.at(-1) !== chat.state.connection) statuses.push(chat.state.connection)
    // At no moment is there a hole or a double on the screen
    for (const [i, { seq }] of chat.state.messages.entries())
      if (seq !== (chat.state.messages[0]?.seq ?? 0) + i) throw new Error(`${role} was shown seq ${seq} at ${i}`)
  })
  ends.push(() => proxy.stop())
  ends.push(() => {
    chat.close()
    cable.close()
  })
  await chat.open()
  const sent: string[] = []
  return {
    chat,
    proxy,
    sent,
    statuses,
    say(text) {
      sent.push(text)
      chat.send(text)
    },
    texts: () => chat.state.messages.map((message) => message.content),
  }
}

interface Run {
  user: Side
  admin: Side
  chatId: string
}

/** A user and staff, each behind a proxy of their own */
async function meet(weather: Partial<Weather>, port = desk.port): Promise<Run> {
  const { token, chatId } = await desk.person(`t${++people}`)
  const [user, admin] = await Promise.all([
    side('user', { token }, chatId, weather, port),
    side('admin', { token: await desk.admin() }, chatId, weather, port),
  ])
  return { user, admin, chatId }
}

const both = (run: { user: Side; admin: Side }): Side[] => [run.user, run.admin]

/** Both say something every few milliseconds until the returned function is called */
function chatter({ user, admin }: { user: Side; admin: Side }, every = 40): () => void {
  let n = 0
  const timer = setInterval(() => {
    user.say(`u${++n}`)
    if (n % 2 === 0) admin.say(`a${n}`)
  }, every)
  const stop = (): void => clearInterval(timer)
  ends.push(stop)
  return stop
}

/** Each side shows exactly what is stored, what each said is there once and in its order, and nothing is still to be sent */
async function settled(run: Run): Promise<void> {
  const all = run.user.sent.length + run.admin.sent.length
  await until(() => both(run).every(({ chat }) => chat.state.messages.length >= all && chat.state.pending.length === 0))
  const stored: SupportMessage[] = (await desk.store.messages(run.chatId, { after: 0, limit: 10_000 })).messages
  expect(stored.map((m) => m.seq)).toEqual(Array.from({ length: all }, (_, i) => i + 1))
  for (const { texts } of both(run)) expect(texts()).toEqual(stored.map((m) => m.content))
  for (const [sender, { sent }] of [['user', run.user] as const, ['admin', run.admin] as const])
    expect(stored.filter((m) => m.sender_type === sender).map((m) => m.content)).toEqual(sent)
}

/** Both sides hear each other without having to ask */
async function talkLive(run: { user: Side; admin: Side }, text: string): Promise<void> {
  const asked = both(run).map(({ proxy }) => proxy.seen.filter(isQuestion).length)
  run.user.say(`${text}, from the user`)
  run.admin.say(`${text}, from staff`)
  for (const { texts } of both(run))
    await until(() => texts().includes(`${text}, from the user`) && texts().includes(`${text}, from staff`))
  expect(both(run).map(({ proxy }) => proxy.seen.filter(isQuestion).length)).toEqual(asked)
}

const onStream = (run: { user: Side; admin: Side }) =>
  until(() => both(run).every(({ proxy, chat }) => proxy.streams === 1 && chat.state.connection === 'connected'))
const onSocket = (run: { user: Side; admin: Side }) =>
  until(() => both(run).every(({ proxy }) => proxy.upgraded === 1 && proxy.streams === 0))

describe('a proxy', { timeout: 300_000 + RUNS * 60_000 }, () => {
  it.each([
    ['answers 502 to upgrades', 'refuse'],
    ['leaves upgrades hanging', 'hang'],
    ['lets sockets in and swallows what they say', 'mute'],
  ] as const)('that %s: a stream stands in, until the socket comes up', async (_what, upgrades) => {
    const run = await meet({ upgrades })
    expect(both(run).map(({ proxy }) => proxy.upgraded)).toEqual([0, 0])
    // Not at once, but nothing waits for it
    run.user.say('Before anything is live')
    await onStream(run)
    await talkLive(run, 'Over the stream')
    // Again and again, since it ends by itself, and a busy machine may not look before
    await until(() => (run.user.chat.setTyping(true), run.admin.chat.state.typing))
    run.admin.chat.markRead()
    await until(() => run.user.chat.state.other_read_seq > 0)
    await until(() => run.user.chat.state.admins_online === 1 && run.admin.chat.state.user_online)

    const stop = chatter(run)
    await pause(500)
    for (const { proxy } of both(run)) proxy.weather.upgrades = 'pass'
    await onSocket(run)
    await pause(500)
    stop()
    await settled(run)
    await talkLive(run, 'Over the socket')
    // The stream was one, and it stays closed
    for (const { proxy, chat } of both(run)) {
      expect(proxy.seen.filter((path) => path.includes('/events'))).toHaveLength(1)
      expect([proxy.streams, chat.state.connection]).toEqual([0, 'connected'])
    }
  })

  it('that collects responses too: polling is the connection, until a stream gets through', async () => {
    const run = await meet({ upgrades: 'refuse', buffers: true })
    run.user.say('A question')
    await until(() => run.admin.texts().includes('A question'))
    run.admin.say('An answer')
    await until(() => run.user.texts().includes('An answer'))
    await until(() => both(run).every(({ chat }) => chat.state.connection === 'connected'))
    const stop = chatter(run, 200)
    // It stays so: nobody reads of trouble that there is none
    for (const { statuses } of both(run)) statuses.splice(0)
    const polls = () => both(run).map(({ proxy }) => proxy.seen.filter(isQuestion).length)
    const before = Math.max(...polls())
    await until(() => polls().every((n) => n >= before + 2))
    for (const { statuses } of both(run)) expect(statuses.filter((status) => status !== 'connected')).toEqual([])
    for (const { proxy } of both(run)) proxy.weather.buffers = false
    await onStream(run)
    stop()
    await settled(run)
    await talkLive(run, 'Over the stream')
  })

  it.each([
    ['sockets', 'pass'],
    ['streams, and lets no socket through', 'refuse'],
  ] as const)('that cuts every connection after two seconds: %s come back where they were', async (_what, upgrades) => {
    const run = await meet({ upgrades, cutAfter: 2_000 })
    const stop = chatter(run)
    const again = upgrades === 'pass' ? isUpgrade : isStream
    const opened = (times: number) =>
      until(() => both(run).every(({ proxy }) => proxy.seen.filter(again).length > times))
    await opened(1)
    await until(() => both(run).every(({ chat }) => chat.state.connection === 'connected'))
    let returns = 1
    async function nobodyNotices(): Promise<boolean> {
      for (const { statuses } of both(run)) statuses.splice(0)
      await opened((returns += 3))
      return both(run).every(({ statuses }) => statuses.every((status) => status === 'connected'))
    }
    // Streams that come back at once are nothing to tell people; the socket says that it is reconnecting. A busy machine may be late, some times in a row
    let isQuiet = await nobodyNotices()
    for (let more = 0; more < 20 && upgrades === 'refuse' && !isQuiet; more++) isQuiet = await nobodyNotices()
    stop()
    if (upgrades === 'refuse') expect(isQuiet).toBe(true)
    await settled(run)
  })

  it(`whose moods change all the time loses, doubles and reorders nothing (FAULT_SEED=${SEED})`, async () => {
    for (let life = 0; life < RUNS; life++) await leadLife(randomFrom(SEED + life))
  })
})

/** Twenty moods, one after the other, on either side or both, while both talk */
async function leadLife(random: () => number): Promise<void> {
  const pick = <T>(of: readonly [T, ...T[]]): T => of[Math.floor(random() * of.length)] ?? of[0]
  const run = await meet({ upgrades: 'refuse' })
  const stop = chatter(run)
  for (let mood = 0; mood < 20; mood++) {
    for (const { proxy } of pick([[run.user], [run.admin], both(run)])) {
      Object.assign(proxy.weather, {
        upgrades: pick(['pass', 'refuse', 'refuse', 'hang', 'mute']),
        buffers: random() < 0.3,
        cutAfter: random() < 0.3 ? 200 + random() * 600 : null,
      })
      if (random() < 0.5) proxy.cut()
    }
    if (random() < 0.1) await desk.restart()
    await pause(random() * 1_000)
  }
  for (const { proxy } of both(run)) {
    Object.assign(proxy.weather, { upgrades: 'pass', buffers: false, cutAfter: null })
    proxy.cut()
  }
  stop()
  await settled(run)
  for (const end of ends.splice(0).reverse()) await end()
}

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

describe('a stream', () => {
  it('comes back to a server that was restarted, where it was', async () => {
    const run = await meet({ upgrades: 'refuse' })
    await onStream(run)
    const stop = chatter(run)
    for (let i = 0; i < 3; i++) {
      await pause(700)
      await desk.restart()
    }
    await pause(700)
    stop()
    await settled(run)
    await onStream(run)
    await talkLive(run, 'After it')
  })

  it('that went dead without a word is found dead by its silence', async () => {
    const line = await FaultProxy.start(desk.port)
    ends.push(() => line.close())
    const run = await meet({ upgrades: 'refuse' }, line.port)
    await onStream(run)
    await talkLive(run, 'Before')
    line.blackhole(true)
    const [dark, darkInLoop] = [Date.now(), loopTime()]
    await until(() => both(run).every(({ chat }) => chat.state.connection !== 'connected'))
    expect(Date.now() - dark).toBeGreaterThan(6_000)
    expect((loopTime() - darkInLoop) * TIME_SPEED).toBeLessThan(16_000)
    run.user.say('Said in the dark')
    line.blackhole(false)
    for (const { proxy } of both(run)) proxy.cut()
    await settled(run)
    await onStream(run)
    await talkLive(run, 'After')
  })

  it('that is none, but a question every five seconds, is not called connected when nobody answers any more', async () => {
    const line = await FaultProxy.start(desk.port)
    ends.push(() => line.close())
    const run = await meet({ upgrades: 'refuse', buffers: true }, line.port)
    await until(() => both(run).every(({ chat }) => chat.state.connection === 'connected'))
    line.blackhole(true)
    await until(() => both(run).every(({ chat }) => chat.state.connection !== 'connected'))
    run.user.say('Said in the dark')
    line.blackhole(false)
    for (const { proxy } of both(run)) proxy.cut()
    await settled(run)
    await until(() => both(run).every(({ chat }) => chat.state.connection === 'connected'))
  })

  it('is opened anew with another token when its own has expired', async () => {
    const { chatId } = await desk.person(`t${++people}`)
    let asked = 0
    const getToken = (): Promise<string> => {
      asked++
      return desk.user(`t${people}`, 4 - LEEWAY)
    }
    const user = await side('user', { getToken }, chatId, { upgrades: 'refuse' })
    const admin = await side('admin', { token: await desk.admin() }, chatId, { upgrades: 'refuse' })
    const stop = chatter({ user, admin }, 200)
    await until(() => asked >= 3)
    stop()
    await settled({ user, admin, chatId })
    await onStream({ user, admin })
  })
})

const isStream = (path: string): boolean => path.includes('/events')
const isUpgrade = (path: string): boolean => path.startsWith('upgrade')
/** A client that hears nothing by itself asks for what came after what it has */
const isQuestion = (path: string): boolean => path.includes('after=')
