import { signal, type Signal } from '@preact/signals'
import { beforeEach, describe, expect, it } from 'vitest'
import type { FoundPage } from '../../protocol/types.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { chatOf, MemoryChats } from '../testing/memory-chats.ts'
import { foundNothing, Search } from './search.ts'

const NOTHING: FoundPage = { found: [], next: null, searched_to: null }

let canSearchMessages: Signal<boolean>
let inArchive: Signal<boolean>
let clock: FakeClock
let server: MemoryChats
let messageSearches: string[]
/** How the search of messages answers */
let answer: () => Promise<FoundPage>
let search: Search
beforeEach(() => {
  clock = new FakeClock()
  server = new MemoryChats([
    chatOf('ada', 1),
    chatOf('adam', 2),
    chatOf('bob', 3),
    chatOf('abe', 4, { archived: true }),
  ])
  messageSearches = []
  answer = async () => NOTHING
  canSearchMessages = signal(false)
  inArchive = signal(false)
  search = new Search({
    loadChats: server.load,
    searchMessages: ({ q }) => {
      messageSearches.push(q)
      return answer()
    },
    canSearchMessages,
    inArchive,
    clock,
  })
})

const people = (): string | undefined => search.results.value?.people.rows.value.map((chat) => chat.user_id).join(' ')
async function find(text: string): Promise<void> {
  search.type(text)
  await clock.advance(200)
}

describe('a search', () => {
  it('begins when typing pauses, without spaces around it', async () => {
    search.type('a')
    await clock.advance(199)
    search.type(' ad ')
    expect(search.text.value).toBe(' ad ')
    await clock.advance(199)
    expect(server.queries).toEqual([])
    await clock.advance(1)
    expect(server.queries).toEqual([{ archived: false, limit: 50, q: 'ad' }])
    expect([search.results.value?.q, people()]).toEqual(['ad', 'ada adam'])
  })

  it('goes on with its results, and takes live rows in, however long it is shown', async () => {
    await find('ad')
    const { results } = search
    const shown = results.value
    await clock.advance(60_000)
    shown?.people.apply(chatOf('adb', 9))
    await clock.advance(50)
    expect(results.value).toBe(shown)
    expect(people()).toBe('ada adam adb')
  })

  it('of nothing but spaces is none', async () => {
    await find('   ')
    expect([search.results.value, server.queries]).toEqual([null, []])
  })

  it('leaves the old results until the new ones are there, and then drops the old ones', async () => {
    await find('ad')
    const old = search.results.value
    const arrive = server.delay()
    await find('bo')
    expect(search.results.value).toBe(old)
    expect(search.all().map(({ q }) => q)).toEqual(['ad', 'bo'])
    arrive()
    await clock.advance(0)
    expect([search.results.value?.q, people()]).toEqual(['bo', 'bob'])
    expect(search.all()).toHaveLength(1)
    old?.people.apply(chatOf('adx', 9))
    await clock.advance(50)
    expect(old?.people.rows.value).toHaveLength(2)
  })

  it('shows that it waits when the answer takes its time', async () => {
    await find('ad')
    server.delay()
    await find('bo')
    await clock.advance(399)
    expect(search.results.value?.q).toBe('ad')
    await clock.advance(1)
    expect([search.results.value?.q, search.results.value?.people.state.value]).toEqual(['bo', 'loading'])
  })

  it('that was replaced while typing never shows, though its answer comes last', async () => {
    const arriveLate = server.delay()
    await find('a')
    const late = search.all().at(-1)
    const arrive = server.delay()
    await find('bo')
    arrive()
    await clock.advance(0)
    expect(people()).toBe('bob')
    arriveLate()
    await clock.advance(1_000)
    expect([search.results.value?.q, people()]).toEqual(['bo', 'bob'])
    expect(late?.people.rows.value).toEqual([])
  })

  it('ends at once when it is cleared, also one that has not begun', async () => {
    await find('ad')
    search.clear()
    expect([search.text.value, search.results.value]).toEqual(['', null])
    search.type('bo')
    search.clear()
    await clock.advance(1_000)
    expect([search.results.value, server.queries.length]).toEqual([null, 1])
  })

  it('that is cleared before its answer came shows nothing when it comes', async () => {
    const arrive = server.delay()
    await find('ad')
    search.clear()
    arrive()
    await clock.advance(1_000)
    expect([search.results.value, search.all()]).toEqual([null, []])
  })

  it('begins anew in the other tab', async () => {
    await find('a')
    expect(people()).toBe('ada adam')
    inArchive.value = true
    await clock.advance(0)
    expect([search.results.value?.people.archived, people()]).toEqual([true, 'abe'])
  })

  it('searches messages where the server can, and waits for both', async () => {
    await find('ad')
    expect(search.results.value?.messages).toBeNull()
    expect(messageSearches).toEqual([])
    let found: (page: FoundPage) => void = () => {}
    answer = () => new Promise((resolve) => (found = resolve))
    canSearchMessages.value = true
    await clock.advance(0)
    expect(messageSearches).toEqual(['ad'])
    expect(search.results.value?.messages).toBeNull()
    found(NOTHING)
    await clock.advance(0)
    expect(search.results.value?.messages?.state.value).toBe('ready')
  })

  it('says that it found nothing only when everything has answered so', async () => {
    canSearchMessages.value = true
    answer = async () => ({ ...NOTHING, next: 'further', searched_to: '2025-03-02T09:00:00.000Z' })
    await find('zz')
    expect(search.results.value && foundNothing(search.results.value)).toBe(false)
    answer = async () => NOTHING
    await search.results.value?.messages?.load()
    expect(search.results.value && foundNothing(search.results.value)).toBe(true)
    await find('ad')
    expect(search.results.value && foundNothing(search.results.value)).toBe(false)
    answer = () => Promise.reject(new Error('No connection'))
    await find('yy')
    expect(search.results.value && foundNothing(search.results.value)).toBe(false)
  })

  it('shows few people first, then more, and loads those that are not there', async () => {
    for (let n = 0; n < 90; n++) server.put(chatOf(`m${100 + n}`, n))
    await find('m')
    expect(search.peopleShown.value).toBe(5)
    search.showMorePeople()
    await clock.advance(0)
    expect([search.peopleShown.value, search.results.value?.people.rows.value.length]).toEqual([55, 90])
    await find('m1')
    expect(search.peopleShown.value).toBe(5)
  })

  it('that is closed asks and shows nothing any more', async () => {
    await find('ad')
    search.type('bo')
    search.close()
    inArchive.value = true
    await clock.advance(1_000)
    expect([search.results.value?.q, server.queries.length]).toEqual(['ad', 1])
  })
})
