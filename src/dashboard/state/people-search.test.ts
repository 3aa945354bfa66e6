import { beforeEach, expect, it } from 'vitest'
import type { ListQuery } from '../../client/staff/staff-api.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { chatOf, MemoryChats } from '../testing/memory-chats.ts'
import { PeopleSearch } from './people-search.ts'

let clock: FakeClock
beforeEach(() => {
  clock = new FakeClock()
})

const names = (search: PeopleSearch): string => search.rows.value.map((chat) => chat.user_id).join(' ')

async function find(server: MemoryChats, q: string, archived = false): Promise<PeopleSearch> {
  const search = new PeopleSearch({ archived, q, load: server.load, clock })
  search.start()
  await clock.advance(0)
  return search
}

const numbered = (count: number): MemoryChats =>
  new MemoryChats(Array.from({ length: count }, (_, n) => chatOf(`p${1000 + n}`, 5_000 - n * 7)))

it('is in order of addresses, whoever wrote last', async () => {
  const server = new MemoryChats([chatOf('ada', 1), chatOf('adele', 9), chatOf('adam', 5), chatOf('bob', 7)])
  const search = await find(server, 'ad')
  expect(names(search)).toBe('ada adam adele')
  search.apply(server.put(chatOf('adam', 20)))
  await clock.advance(50)
  expect(names(search)).toBe('ada adam adele')
  expect(search.rows.value[1]?.last_message_preview).toBe('minute 20')
})

it('takes a live chat in at its place when its address begins with the search, and not when it only contains it', async () => {
  const server = new MemoryChats([chatOf('ada', 1), chatOf('adele', 2)])
  const search = await find(server, 'ad')
  search.apply(server.put(chatOf('adam', 9)))
  search.apply(server.put(chatOf('vlad', 10)))
  search.apply(server.put(chatOf('x', 11, { user_name: 'Brad' })))
  await clock.advance(50)
  expect(names(search)).toBe('ada adam adele')
  await search.refresh()
  expect(names(search)).toBe('ada adam adele')
})

it('does not care about the case of ASCII letters, in the search, the match and the order', async () => {
  const server = new MemoryChats([chatOf('ADA', 1), chatOf('aDele', 2), chatOf('adam', 3)])
  const search = await find(server, 'AD')
  expect(names(search)).toBe('ADA adam aDele')
  search.apply(server.put(chatOf('AdAb', 4)))
  await clock.advance(50)
  expect(names(search)).toBe('ADA AdAb adam aDele')
})

it('sorts by code points as databases do, not by UTF-16 units, and equal addresses by the person', async () => {
  const people = ['\u{1F600}', '\uFFFD', 'é', 'z', '\u{1F601}']
  const chats = people.map((name, n) => chatOf(name, n, { user_email: `a${name}@example.com` }))
  const twins = ['t2', 't1'].map((id, n) => chatOf(id, n, { user_email: 'at@example.com' }))
  const server = new MemoryChats([...chats, ...twins])
  const search = await find(server, 'a')
  const order = names(search)
  expect(order).toBe('t1 t2 z é \uFFFD \u{1F600} \u{1F601}')
  const live = await find(new MemoryChats(), 'a')
  for (const chat of [...chats, ...twins]) live.apply(chat)
  await clock.advance(50)
  expect(names(live)).toBe(order)
})

it('loses a chat that does not match any more: archived, or of another address', async () => {
  const server = new MemoryChats([chatOf('ada', 1), chatOf('adam', 2), chatOf('adele', 3)])
  const search = await find(server, 'ad')
  search.apply(chatOf('ada', 1, { archived: true }))
  search.apply(chatOf('adam', 2, { user_email: 'other@example.com' }))
  await clock.advance(50)
  expect(names(search)).toBe('adele')
  search.apply(chatOf('adele', 3, { user_email: 'adq@example.com' }))
  search.apply(chatOf('adam', 4, { user_email: 'adz@example.com' }))
  await clock.advance(50)
  expect(names(search)).toBe('adele adam')
})

it('in the archive finds what is archived', async () => {
  const server = new MemoryChats([chatOf('ada', 1), chatOf('adam', 2, { archived: true })])
  expect(names(await find(server, 'ad', true))).toBe('adam')
})

it('asks page by page, and leaves to the next page what belongs there', async () => {
  const server = numbered(170)
  const search = await find(server, 'p')
  expect(search.rows.value.map((chat) => chat.user_id)).toEqual(Array.from({ length: 50 }, (_, n) => `p${1000 + n}`))
  expect(search.more.value).toBe('idle')
  // The newest of all, and far down by its address
  search.apply(server.put(chatOf('p1100', 99_999)))
  search.apply(server.put(chatOf('p1010x', 99_999)))
  await clock.advance(50)
  expect(search.row('chat p1100')).toBeUndefined()
  expect(search.rows.value).toHaveLength(51)
  await search.loadMore()
  await search.loadMore()
  expect(search.more.value).toBe('none')
  const ids = search.rows.value.map((chat) => chat.user_id)
  expect(ids).toEqual(Array.from({ length: 170 }, (_, n) => `p${1000 + n}`).toSpliced(11, 0, 'p1010x'))
})

it('keeps all rows at a refresh, however many came in between', async () => {
  const server = numbered(400)
  const search = await find(server, 'p')
  await search.loadMore()
  const before = search.rows.value.map((chat) => chat.user_id)
  expect(before).toHaveLength(150)
  for (let n = 0; n < 250; n++) server.put(chatOf(`p1000-${n}`, n))
  const arrive = server.delay()
  const refreshed = search.refresh()
  expect(search.rows.value).toHaveLength(150)
  arrive()
  await refreshed
  const after = new Set(search.rows.value.map((chat) => chat.user_id))
  expect(before.filter((id) => !after.has(id))).toEqual([])
  expect(search.more.value).toBe('idle')
  while (search.more.value === 'idle') await search.loadMore()
  expect(search.rows.value).toHaveLength(650)
})

it('that was loaded to its end is so after a refresh too', async () => {
  const server = numbered(60)
  const search = await find(server, 'p')
  await search.loadMore()
  for (let n = 0; n < 100; n++) server.put(chatOf(`q${n}`, n))
  for (let n = 60; n < 300; n++) server.put(chatOf(`p${1000 + n}`, n))
  await search.refresh()
  expect([search.rows.value.length, search.more.value]).toEqual([300, 'none'])
})

it('while held, lets no row in or out, and counts what waits', async () => {
  const server = new MemoryChats([chatOf('ada', 1), chatOf('adele', 2)])
  const search = await find(server, 'ad')
  search.hold(true)
  search.apply(server.put(chatOf('adele', 9)))
  search.apply(server.put(chatOf('adam', 10)))
  search.apply(server.put(chatOf('ada', 1, { archived: true })))
  await clock.advance(50)
  expect([names(search), search.waiting.value]).toEqual(['ada adele', 1])
  search.hold(false)
  expect([names(search), search.waiting.value]).toEqual(['adam adele', 0])
})

it('polls by its first page, and drops what should be on it and is not', async () => {
  const server = numbered(120)
  const search = await find(server, 'p')
  await search.loadMore()
  server.put(chatOf('p1003', 0, { archived: true }))
  server.put(chatOf('p1000a', 0))
  expect(await search.poll()).toBe(true)
  await clock.advance(50)
  expect(search.row('chat p1003')).toBeUndefined()
  expect(search.rows.value[1]?.user_id).toBe('p1000a')
  expect(search.rows.value).toHaveLength(120)
})

it('has those who are found by name first, the newest message first, and moves them as they write', async () => {
  const server = new MemoryChats([
    chatOf('x', 1, { user_name: 'Anna Rossi' }),
    chatOf('y', 5, { user_name: 'Rosa Anders' }),
    chatOf('an-b', 9),
    chatOf('an-a', 8, { user_name: 'Joanna' }),
  ])
  const search = await find(server, 'an')
  expect(names(search)).toBe('y x an-a an-b')
  search.apply(server.put(chatOf('x', 20, { user_name: 'Anna Rossi' })))
  search.apply(server.put(chatOf('an-b', 21)))
  search.apply(server.put(chatOf('z', 6, { user_name: 'Ana' })))
  search.apply(server.put(chatOf('w', 22, { user_name: 'Diana' })))
  await clock.advance(50)
  expect(names(search)).toBe('x z y an-a an-b')
  // Another name
  search.apply(server.put(chatOf('an-b', 21, { user_name: 'Anton' })))
  search.apply(server.put(chatOf('y', 5, { user_name: 'Rosa' })))
  await clock.advance(50)
  expect(names(search)).toBe('an-b x z an-a')
  await search.refresh()
  expect(names(search)).toBe('an-b x z an-a')
})

it('while held, counts those who write and are found by name, and others not', async () => {
  const server = new MemoryChats([
    chatOf('x', 1, { user_name: 'Anna' }),
    chatOf('y', 5, { user_name: 'Ana' }),
    chatOf('an-b', 2),
    chatOf('an-a', 3),
  ])
  const search = await find(server, 'an')
  search.hold(true)
  search.apply(server.put(chatOf('an-b', 20)))
  search.apply(server.put(chatOf('x', 21, { user_name: 'Anna' })))
  await clock.advance(50)
  expect([names(search), search.waiting.value]).toEqual(['y x an-a an-b', 1])
  search.hold(false)
  expect(names(search)).toBe('x y an-a an-b')
})

it('begins with a short page, loads further at once when asked to, and keeps all rows at a poll', async () => {
  const server = numbered(20)
  const load = (query: ListQuery) => server.load({ ...query, limit: 7 })
  const search = new PeopleSearch({ archived: false, q: 'p', load, clock })
  search.start()
  await clock.advance(0)
  expect([search.rows.value.length, search.more.value, server.queries.length]).toEqual([7, 'idle', 1])
  await search.loadMore()
  expect(search.rows.value).toHaveLength(14)
  expect(await search.poll()).toBe(true)
  await clock.advance(50)
  expect(search.rows.value).toHaveLength(14)
  await search.refresh()
  await search.loadMore()
  expect([search.rows.value.length, search.more.value]).toEqual([20, 'none'])
})
