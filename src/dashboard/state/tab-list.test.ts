import { effect } from '@preact/signals'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ChatListPage, ListQuery } from '../../client/staff/staff-api.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { at, chatOf, MemoryChats } from '../testing/memory-chats.ts'
import type { LoadChats } from './chat-rows.ts'
import { TabList } from './tab-list.ts'

let clock: FakeClock
beforeEach(() => {
  clock = new FakeClock()
})

/** The names in the order that is shown; a chat that has left the list and is still shown has brackets */
const names = (list: TabList): string =>
  list.rows.value.map((chat) => (chat.archived === list.archived ? chat.user_id : `(${chat.user_id})`)).join(' ')

async function open(server: MemoryChats, archived = false): Promise<TabList> {
  const list = new TabList({ archived, load: server.load, clock })
  list.start()
  await clock.advance(0)
  return list
}

const many = (count: number): MemoryChats =>
  new MemoryChats(Array.from({ length: count }, (_, n) => chatOf(`p${n}`, -n)))

describe('the list of a tab', () => {
  it('shows the newest first, and of chats of one moment the greater id', async () => {
    const list = await open(new MemoryChats([chatOf('a', 1), chatOf('b', 3), chatOf('d', 2), chatOf('c', 2)]))
    expect(list.state.value).toBe('ready')
    expect(names(list)).toBe('b d c a')
  })

  it('asks for nothing before it is opened, and once however often it is opened', async () => {
    const server = many(2)
    const list = new TabList({ archived: false, load: server.load, clock })
    list.apply(chatOf('new', 9))
    await list.refresh()
    await clock.advance(100)
    expect([server.queries.length, names(list)]).toEqual([0, ''])
    list.start()
    list.start()
    await clock.advance(0)
    expect([server.queries.length, names(list)]).toEqual([1, 'p0 p1'])
  })

  it('puts a chat with a new message on top, and takes in new chats', async () => {
    const list = await open(new MemoryChats([chatOf('a', 1), chatOf('b', 2)]))
    list.apply(chatOf('a', 3))
    list.apply(chatOf('c', 4))
    await clock.advance(50)
    expect(names(list)).toBe('c a b')
    expect(list.waiting.value).toBe(0)
  })

  it('loses a chat that is archived and gets back one that is restored, each tab its own', async () => {
    const server = new MemoryChats([chatOf('a', 1), chatOf('b', 2), chatOf('c', 3, { archived: true })])
    const active = await open(server)
    const archived = await open(server, true)
    expect([names(active), names(archived)]).toEqual(['b a', 'c'])
    for (const list of [active, archived]) {
      list.apply(chatOf('a', 1, { archived: true }))
      list.apply(chatOf('c', 3))
    }
    await clock.advance(50)
    expect([names(active), names(archived)]).toEqual(['c b', 'a'])
  })

  it('loses an erased chat at once, and no older answer or event brings it back', async () => {
    const server = new MemoryChats([chatOf('a', 1), chatOf('b', 2), chatOf('c', 3)])
    const list = await open(server)
    const [gone] = list.rows.value
    list.hold(true)
    list.drop(gone?.id ?? '')
    await clock.advance(50)
    expect(names(list)).toBe('b a')
    list.apply(chatOf('c', 9))
    await list.refresh()
    await clock.advance(50)
    expect(names(list)).toBe('b a')
  })

  it('shows no chat without a message, as the server does not', async () => {
    const list = await open(new MemoryChats())
    list.apply(chatOf('a', 1, { message_count: 0, last_message_at: null }))
    await clock.advance(50)
    expect(names(list)).toBe('')
  })

  it('drops answers that come after it was closed', async () => {
    const server = many(3)
    const arrive = server.delay()
    const list = await open(server)
    list.close()
    arrive()
    await clock.advance(100)
    expect([list.state.value, names(list)]).toEqual(['loading', ''])
  })
})

describe('while the order is held', () => {
  it('nothing moves, rows change in place, and chats with news are counted once each', async () => {
    const list = await open(new MemoryChats([chatOf('a', 1), chatOf('b', 2), chatOf('c', 3)]))
    list.hold(true)
    list.apply(chatOf('a', 4))
    list.apply(chatOf('a', 5))
    list.apply(chatOf('new', 6))
    await clock.advance(50)
    expect(names(list)).toBe('c b a')
    expect(list.rows.value.at(-1)?.last_message_preview).toBe('minute 5')
    expect(list.waiting.value).toBe(2)
    list.hold(false)
    expect(names(list)).toBe('new a c b')
    expect(list.waiting.value).toBe(0)
  })

  it('the hint puts all in order at once, and the order is held further on', async () => {
    const list = await open(new MemoryChats([chatOf('a', 1), chatOf('b', 2)]))
    list.hold(true)
    list.apply(chatOf('a', 3))
    await clock.advance(50)
    list.settle()
    expect([names(list), list.waiting.value]).toEqual(['a b', 0])
    list.apply(chatOf('b', 4))
    await clock.advance(50)
    expect([names(list), list.waiting.value]).toEqual(['a b', 1])
  })

  it('neither a reply of our own nor a message in the topmost chat is news', async () => {
    const list = await open(new MemoryChats([chatOf('a', 1), chatOf('b', 2)]))
    list.hold(true)
    list.apply(chatOf('a', 3, { last_message_sender: 'admin' }))
    list.apply(chatOf('b', 4))
    await clock.advance(50)
    expect([names(list), list.waiting.value]).toEqual(['b a', 0])
  })

  it('a chat that is archived stays where it is until the order is free', async () => {
    const list = await open(new MemoryChats([chatOf('a', 1), chatOf('b', 2)]))
    list.hold(true)
    list.apply(chatOf('b', 2, { archived: true }))
    await clock.advance(50)
    expect(names(list)).toBe('(b) a')
    list.hold(false)
    expect(names(list)).toBe('a')
  })

  it('a refresh moves nothing either, and counts what it brings', async () => {
    const server = new MemoryChats([chatOf('a', 1), chatOf('b', 2)])
    const list = await open(server)
    list.hold(true)
    server.put(chatOf('a', 3))
    server.put(chatOf('new', 4))
    await list.refresh()
    expect([names(list), list.waiting.value]).toEqual(['b a', 2])
    list.hold(false)
    expect(names(list)).toBe('new a b')
  })

  it('a next page is added below', async () => {
    const list = await open(many(120))
    list.hold(true)
    list.apply(chatOf('p10', 1))
    await list.loadMore()
    expect(list.rows.value.map((chat) => chat.user_id)).toEqual(Array.from({ length: 120 }, (_, n) => `p${n}`))
    expect(list.waiting.value).toBe(1)
  })
})

describe('a refresh', () => {
  it('brings what was missed, and drops what has left', async () => {
    const server = new MemoryChats([chatOf('a', 1), chatOf('b', 2)])
    const list = await open(server)
    server.put(chatOf('b', 2, { archived: true }))
    server.put(chatOf('c', 3))
    await list.refresh()
    expect(names(list)).toBe('c a')
  })

  it('does not undo what events told while it was on its way', async () => {
    const server = new MemoryChats([chatOf('a', 1), chatOf('b', 2), chatOf('c', 3)])
    const list = await open(server)
    const arrive = server.delay()
    const refreshed = list.refresh()
    list.apply(server.put(chatOf('a', 9)))
    list.apply(server.put(chatOf('b', 2, { archived: true })))
    list.apply(server.put(chatOf('new', 8)))
    arrive()
    await refreshed
    expect(names(list)).toBe('a new c')
  })

  it('loads as many rows as there were', async () => {
    const server = many(300)
    const list = await open(server)
    await list.loadMore()
    expect(list.rows.value).toHaveLength(150)
    server.put(chatOf('new', 9))
    await list.refresh()
    expect(list.rows.value).toHaveLength(150)
    expect(list.rows.value[0]?.user_id).toBe('new')
    expect(list.more.value).toBe('idle')
    await list.loadMore()
    await list.loadMore()
    expect(list.rows.value).toHaveLength(301)
    expect(list.more.value).toBe('none')
  })

  it('that is asked for during another one begins when that one ends, once', async () => {
    const server = many(1)
    const list = await open(server)
    const arrive = server.delay()
    const first = list.refresh()
    void list.refresh()
    void list.refresh()
    server.put(chatOf('new', 9))
    arrive()
    await first
    await clock.advance(0)
    expect(server.queries).toHaveLength(3)
    expect(names(list)).toBe('new p0')
  })

  it('that fails leaves what is there', async () => {
    const server = many(2)
    const list = await open(server)
    server.isDown = true
    await list.refresh()
    expect([list.state.value, names(list)]).toEqual(['ready', 'p0 p1'])
  })

  it('tries again where the first page failed, also when an event has come in the meantime', async () => {
    const server = many(2)
    server.isDown = true
    const arrive = server.delay()
    const list = await open(server)
    list.apply(chatOf('p0', 5))
    await clock.advance(50)
    expect(list.state.value).toBe('loading')
    arrive()
    await clock.advance(0)
    expect(list.state.value).toBe('error')
    server.isDown = false
    const again = list.refresh()
    expect(list.state.value).toBe('loading')
    await again
    expect([list.state.value, list.rows.value.length]).toEqual(['ready', 2])
  })
})

describe('the next page', () => {
  it('follows on what is there until there is none', async () => {
    const list = await open(many(170))
    expect([list.rows.value.length, list.more.value]).toEqual([50, 'idle'])
    const loading = list.loadMore()
    expect(list.more.value).toBe('loading')
    await loading
    await list.loadMore()
    await list.loadMore()
    expect(list.more.value).toBe('none')
    expect(list.rows.value.map((chat) => chat.user_id)).toEqual(Array.from({ length: 170 }, (_, n) => `p${n}`))
  })

  it('can be asked for again when it failed', async () => {
    const server = many(60)
    const list = await open(server)
    server.isDown = true
    await list.loadMore()
    expect([list.more.value, list.rows.value.length]).toEqual(['error', 50])
    server.isDown = false
    await list.loadMore()
    expect([list.more.value, list.rows.value.length]).toEqual(['none', 60])
  })

  it('brings back no chat that was archived while the page was on its way', async () => {
    const server = many(60)
    const list = await open(server)
    const arrive = server.delay()
    const loading = list.loadMore()
    list.apply(server.put(chatOf('p55', -55, { archived: true })))
    arrive()
    await loading
    expect(list.row('chat p55')).toBeUndefined()
    expect(list.rows.value).toHaveLength(59)
  })

  it('brings the chats that events tell of below the rows that are loaded, and each chat once', async () => {
    const server = many(60)
    const list = await open(server)
    // Restored, and older than all that is loaded
    list.apply(server.put(chatOf('old', -55)))
    // Restored, and newer than the last row was when it was loaded, though that has moved up since
    list.apply(server.put(chatOf('p49', 1)))
    list.apply(server.put(chatOf('p48', 2)))
    await clock.advance(50)
    list.apply(server.put(chatOf('between', -48, { id: 'chat between' })))
    await clock.advance(50)
    expect(list.row('chat old')).toBeUndefined()
    expect(list.rows.value.at(-1)?.user_id).toBe('between')
    await list.loadMore()
    const ids = list.rows.value.map((chat) => chat.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toHaveLength(62)
    expect(list.more.value).toBe('none')
  })
})

describe('polling', () => {
  it('brings news by the first page alone, and drops what should be on it and is not', async () => {
    const server = many(120)
    const list = await open(server)
    await list.loadMore()
    server.put(chatOf('p100', 5))
    server.put(chatOf('p3', -3, { archived: true }))
    server.put(chatOf('p110', -110, { archived: true }))
    server.queries.length = 0
    expect(await list.poll()).toBe(true)
    await clock.advance(50)
    expect(server.queries).toEqual([{ archived: false, limit: 50 }])
    expect(list.rows.value[0]?.user_id).toBe('p100')
    expect(list.row('chat p3')).toBeUndefined()
    // Beyond the first page it is not seen before the next refresh
    expect(list.rows.value).toHaveLength(119)
  })

  it('asks nothing while a request is under way, also one of its own', async () => {
    const server = many(1)
    const list = await open(server)
    const arrive = server.delay()
    const first = list.poll()
    expect(await list.poll()).toBe(false)
    const refreshed = list.refresh()
    expect(await list.poll()).toBe(false)
    arrive()
    expect(await first).toBe(true)
    await refreshed
  })

  it('gives way to a refresh that began later, and to events', async () => {
    const server = new MemoryChats([chatOf('a', 1)])
    const list = await open(server)
    const arriveLate = server.delay()
    const polled = list.poll()
    const arrive = server.delay()
    server.put(chatOf('a', 2))
    const refreshed = list.refresh()
    arrive()
    await refreshed
    arriveLate()
    await polled
    await clock.advance(50)
    expect(list.rows.value[0]?.last_message_preview).toBe('minute 2')

    const arriveAgain = server.delay()
    const again = list.poll()
    list.apply(chatOf('a', 3))
    arriveAgain()
    await again
    await clock.advance(50)
    expect(list.rows.value[0]?.last_message_preview).toBe('minute 3')
  })

  it('rejects when there is no answer, and goes on afterwards', async () => {
    const server = many(1)
    const list = await open(server)
    server.isDown = true
    await expect(list.poll()).rejects.toThrow('No connection')
    server.isDown = false
    expect(await list.poll()).toBe(true)
  })

  it('loads a list whose first page had failed', async () => {
    const server = many(3)
    server.isDown = true
    const list = await open(server)
    expect(list.state.value).toBe('error')
    server.isDown = false
    await list.poll()
    await clock.advance(0)
    expect([list.state.value, list.rows.value.length]).toEqual(['ready', 3])
  })
})

it('with 9,999 chats draws a burst of events once, and a stream of them twenty times a second', async () => {
  const all = Array.from({ length: 9_999 }, (_, n) => chatOf(`p${n}`, -n))
  const load: LoadChats = async ({ cursor = '0', limit = 0 }) => {
    const end = Number(cursor) + limit
    return {
      chats: all.slice(Number(cursor), end),
      next: end < all.length ? String(end) : null,
      searchable: false,
      served: false,
    }
  }
  const list = new TabList({ archived: false, load, clock })
  list.start()
  await clock.advance(0)
  while (list.more.value === 'idle') await list.loadMore()
  expect(list.rows.value).toHaveLength(9_999)
  let published = -1
  const stop = effect(() => {
    void list.rows.value
    published++
  })
  for (let n = 9_998; n >= 0; n--) list.apply(chatOf(`p${n}`, 1 + n))
  await clock.advance(49)
  expect(published).toBe(0)
  await clock.advance(1)
  expect(published).toBe(1)
  expect(list.rows.value[0]?.user_id).toBe('p9998')
  for (let ms = 0; ms < 1_000; ms += 5) {
    list.apply(chatOf(`p${ms}`, 20_000 + ms))
    await clock.advance(5)
  }
  expect(published).toBeLessThanOrEqual(21)
  expect(list.rows.value[0]?.user_id).toBe('p995')
  stop()
  list.close()
})

it('of those who wait has the longest wait first, and loses whoever gets an answer', async () => {
  const waits = (name: string, since: number, last = since) => chatOf(name, last, { waiting_since: at(since) })
  const rows = [waits('ada', 1, 9), waits('bob', 2), waits('cyd', 3)]
  const queries: ListQuery[] = []
  const load = async (query: ListQuery): Promise<ChatListPage> => {
    queries.push(query)
    return { chats: rows, next: null, searchable: false, served: false }
  }
  const list = new TabList({ archived: false, waiting: true, load, clock })
  list.start()
  await clock.advance(0)
  expect(queries).toEqual([{ archived: false, limit: 50, waiting: true }])
  list.apply(waits('dan', 4))
  list.apply(waits('bob', 2, 12))
  list.apply(chatOf('ada', 13, { last_message_sender: 'admin' }))
  list.apply(chatOf('eve', 14))
  await clock.advance(50)
  expect(names(list)).toBe('bob cyd dan')
  list.apply(waits('ada', 15))
  await clock.advance(50)
  expect(names(list)).toBe('bob cyd dan ada')
  list.close()
})
