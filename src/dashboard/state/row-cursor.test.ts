import { computed, signal } from '@preact/signals'
import { beforeEach, expect, it } from 'vitest'
import type { FoundMessage } from '../../protocol/types.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { chatOf, MemoryChats } from '../testing/memory-chats.ts'
import { MemoryAddressBar } from '../testing/memory-address-bar.ts'
import { message } from '../testing/memory-conversation.ts'
import { Lists } from './lists.ts'
import { Navigation } from './navigation.ts'
import { RowCursor } from './row-cursor.ts'
import { Search } from './search.ts'

let clock: FakeClock
let found: FoundMessage[]
let navigation: Navigation
let search: Search
let cursor: RowCursor
let lists: Lists

beforeEach(async () => {
  clock = new FakeClock()
  found = []
  const server = new MemoryChats([chatOf('a', 3), chatOf('b', 2), chatOf('c', 1)])
  for (let n = 0; n < 8; n++) server.put(chatOf(`x${n}`, -n))
  navigation = new Navigation(new MemoryAddressBar())
  const inArchive = computed(() => navigation.route.value.archived)
  const searchMessages = async () => ({ found, next: null, searched_to: null })
  const canSearchMessages = signal(true)
  search = new Search({ loadChats: server.load, searchMessages, canSearchMessages, inArchive, clock })
  const whose = computed(() => navigation.route.value.assignee)
  const tag = computed(() => navigation.route.value.tag)
  lists = new Lists({
    load: server.load,
    clock,
    inArchive,
    whose,
    tag,
    waiting: signal(false),
    person: () => 'admin%3Asam',
    search,
  })
  cursor = new RowCursor({ lists, search, navigation, clock })
  await clock.advance(0)
})

const foundIn = (name: string, seq: number): FoundMessage => ({
  chat_id: `chat ${name}`,
  user_id: name,
  user_email: `${name}@example.com`,
  user_name: null,
  archived: false,
  message: message(seq),
})

it('begins at the first row, goes down and up, and stops at both ends', () => {
  cursor.move(1)
  expect([cursor.at.value, cursor.focus.value]).toEqual(['chat a', 1])
  cursor.move(-1)
  expect(cursor.at.value).toBe('chat a')
  cursor.move(1)
  cursor.move(1)
  expect(cursor.at.value).toBe('chat c')
  for (let n = 0; n < 20; n++) cursor.move(1)
  expect(cursor.at.value).toBe('chat x7')
})

it('begins at the chat that is open, and opens the one it is at', () => {
  navigation.navigate({ chat: 'chat b' })
  cursor.move(1)
  expect(cursor.at.value).toBe('chat c')
  cursor.open()
  expect(navigation.route.value.chat).toBe('chat c')
})

it('returns to the row of the chat that is closed, also of one that is in no list', () => {
  navigation.navigate({ chat: 'chat b' })
  cursor.closeChat()
  expect([cursor.at.value, cursor.focus.value, navigation.route.value.chat]).toEqual(['chat b', 1, null])
  navigation.navigate({ chat: 'elsewhere' })
  cursor.closeChat()
  expect(cursor.at.value).toBe('elsewhere')
})

it('goes to the row that takes the place of one that left the list, and says so for a moment', async () => {
  cursor.at.value = 'chat b'
  lists.apply(chatOf('b', 2, { archived: true }))
  await clock.advance(60)
  expect([cursor.at.value, cursor.isPushed]).toEqual(['chat c', true])
  await clock.advance(1_000)
  expect(cursor.isPushed).toBe(false)
  cursor.at.value = 'chat x7'
  lists.apply(chatOf('x7', -7, { archived: true }))
  await clock.advance(60)
  expect(cursor.at.value).toBe('chat x6')
  expect(cursor.focus.value).toBe(0)
})

it('steps off a row that is about to leave the list, up from the last one', () => {
  cursor.at.value = 'chat b'
  cursor.stepOff()
  expect(cursor.at.value).toBe('chat c')
  cursor.at.value = 'chat x7'
  cursor.stepOff()
  expect(cursor.at.value).toBe('chat x6')
  cursor.toTop()
  expect([cursor.at.value, cursor.isPushed]).toEqual(['chat a', false])
})

it('goes from the people that are shown on to the messages that a search found', async () => {
  found = [foundIn('x1', 7), foundIn('q', 4)]
  search.type('x')
  await clock.advance(200)
  const keys = []
  for (let n = 0; n < 9; n++) {
    cursor.move(1)
    keys.push(cursor.at.value)
  }
  expect(keys).toEqual(['chat x0', 'chat x1', 'chat x2', 'chat x3', 'chat x4', 'm7', 'm4', 'm4', 'm4'])
  cursor.open()
  expect(navigation.route.value).toMatchObject({ archived: false, chat: 'chat q', at: 4 })
  cursor.closeChat()
  expect(cursor.at.value).toBe('m4')
})

it('tells the row of a chat from that of a message in it', async () => {
  found = [foundIn('x1', 7)]
  search.type('x')
  await clock.advance(200)
  navigation.navigate({ chat: 'chat x1' })
  cursor.closeChat()
  expect(cursor.at.value).toBe('chat x1')
  navigation.navigate({ chat: 'chat x1', at: 7 })
  cursor.closeChat()
  expect(cursor.at.value).toBe('m7')
})

it('is nowhere in an empty list', async () => {
  search.type('zz')
  await clock.advance(200)
  cursor.move(1)
  cursor.open()
  expect([cursor.at.value, cursor.focus.value, navigation.route.value.chat]).toEqual([null, 0, null])
})
