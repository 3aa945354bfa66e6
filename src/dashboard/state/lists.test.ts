import { signal } from '@preact/signals'
import { expect, it } from 'vitest'
import { FakeClock } from '../../testing/fake-clock.ts'
import type { Whose } from '../../client/staff/list-order.ts'
import { chatOf, MemoryChats } from '../testing/memory-chats.ts'
import { Lists } from './lists.ts'
import { Search } from './search.ts'

/** The active chats of everybody are shown */
async function open() {
  const clock = new FakeClock()
  const server = new MemoryChats([chatOf('ada', 1), chatOf('bob', 2, { archived: true })])
  const inArchive = signal(false)
  const whose = signal<Whose | null>(null)
  const tag = signal<string | null>(null)
  const waiting = signal(false)
  const search = new Search({
    loadChats: server.load,
    searchMessages: () => Promise.reject(new Error('Not on this server')),
    canSearchMessages: signal(false),
    inArchive,
    clock,
  })
  const lists = new Lists({ load: server.load, clock, inArchive, whose, tag, waiting, person: () => 'me', search })
  await clock.advance(0)
  /** The active chats of everybody that a look at the server asks for */
  const newest = async (): Promise<number> => {
    await clock.advance(1_000)
    server.queries.length = 0
    expect(await lists.poll()).toBe(true)
    return server.queries.filter(
      ({ archived, q, assignee, tag: t, waiting: w }) => !archived && !q && !assignee && !t && !w,
    ).length
  }
  return { clock, inArchive, whose, tag, waiting, search, newest, server, lists }
}

it('a look at the server asks for the newest active chats once, whatever is shown', async () => {
  const { inArchive, whose, tag, search, newest } = await open()
  expect(await newest()).toBe(1)
  inArchive.value = true
  expect(await newest()).toBe(1)
  inArchive.value = false
  whose.value = 'me'
  expect(await newest()).toBe(1)
  whose.value = null
  tag.value = 'billing'
  expect(await newest()).toBe(1)
  tag.value = null
  search.type('ada')
  expect(await newest()).toBe(1)
  search.clear()
  expect(await newest()).toBe(1)
})

it('a look at the server has no answer where one of its two questions has none', async () => {
  const { inArchive, newest, server, lists } = await open()
  inArchive.value = true
  await newest()
  server.isDown = true
  await expect(lists.poll()).rejects.toThrow('No connection')
})

it('what may have missed events is asked for when it is shown again, however many filters were used', async () => {
  const { clock, inArchive, tag, search, server, lists } = await open()
  for (const word of ['a', 'b', 'c']) tag.value = word
  tag.value = null
  inArchive.value = true
  await clock.advance(0)
  const asked = async (act: () => void) => {
    server.queries.length = 0
    act()
    await clock.advance(0)
    return server.queries.map(({ archived, tag: word }) => [archived, word])
  }
  // The tab that is open, and the newest chats, in which news are found
  expect(await asked(() => lists.refresh())).toEqual([
    [true, undefined],
    [false, undefined],
  ])
  server.put(chatOf('bob', 9, { archived: true, last_message_preview: 'missed' }))
  expect(await asked(() => (tag.value = 'a'))).toEqual([[true, 'a']])
  expect(await asked(() => (inArchive.value = false))).toEqual([[false, 'a']])
  expect(await asked(() => (tag.value = null))).toEqual([[false, undefined]])
  expect(await asked(() => (inArchive.value = true))).toEqual([])
  search.type('ada')
  await clock.advance(1_000)
  expect(await asked(() => lists.refresh())).toHaveLength(3)
})

it('says of a chat what the list on the screen says, where another one may have missed events', async () => {
  const { clock, whose, server, lists } = await open()
  whose.value = 'none'
  await clock.advance(0)
  const ada = server.put(chatOf('ada', 1, { last_message_preview: 'missed' }))
  lists.refresh()
  await clock.advance(0)
  expect(lists.row(ada.id)).toMatchObject({ last_message_preview: 'missed' })
})
