import { signal } from '@preact/signals'
import { beforeEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../testing/fake-clock.ts'
import type { FoundPerson, SupportChatListItem } from '../../protocol/types.ts'
import { at, chatOf, MemoryChats } from '../testing/memory-chats.ts'
import { Palette, type Entry } from './palette.ts'

let clock: FakeClock
let chats: MemoryChats
let people: FoundPerson[]
let asked: string[]
const rows = signal<readonly SupportChatListItem[]>([])
beforeEach(() => {
  clock = new FakeClock(Date.parse(at(0)))
  chats = new MemoryChats()
  rows.value = []
  people = []
  asked = []
})

const commands = ['Archive', 'Go to archived chats', 'Notifications'].map((label) => ({ label, run: () => {} }))
const personOf = (id: string, chat_id: string | null): FoundPerson => ({
  id,
  email: '',
  name: null,
  last_seen_at: at(0),
  chat_id,
})
const open = (isOnlyPeople = false): Palette =>
  new Palette({
    commands: () => commands,
    otherwise: (q) => ({ label: `Search ${q}`, run: () => {} }),
    rows,
    load: chats.load,
    loadPeople: async (q) => {
      asked.push(q)
      if (chats.isDown) throw new Error('down')
      return people.filter(({ id }) => id.startsWith(q))
    },
    isOnlyPeople,
    clock,
  })
const nameOf = (entry: Entry | null): string | undefined =>
  entry?.kind === 'chat' ? entry.chat.user_id : entry?.kind === 'person' ? entry.person.id : entry?.command.label
const namesOf = (palette: Palette) =>
  Object.fromEntries(palette.groups.value.map(({ name, entries }) => [name, entries.map(nameOf)]))

describe('the palette', () => {
  it('begins with chats that wait, and everything that can be done', () => {
    const names = ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay', 'gus']
    rows.value = [chatOf('read', 9, { unread: false }), ...names.map((name) => chatOf(name, 8))]
    expect(namesOf(open())).toEqual({
      unreadChats: names.slice(0, 5),
      commands: ['Archive', 'Go to archived chats', 'Notifications'],
    })
    rows.value = []
    expect(Object.keys(namesOf(open()))).toEqual(['commands'])
  })

  it('finds commands and loaded chats at once, and others of either tab when typing pauses', async () => {
    rows.value = [chatOf('archie', 9), chatOf('x', 8, { user_name: 'Ann Archer' }), chatOf('bob', 7)]
    for (const chat of [chatOf('archie', 9), chatOf('arch old', 1, { archived: true }), chatOf('arch new', 2)])
      chats.put(chat)
    const palette = open()
    palette.type('ar')
    palette.type('arch')
    const now = ['archie', 'x']
    expect(namesOf(palette)).toEqual({ commands: ['Archive', 'Go to archived chats'], chats: [...now, 'Search arch'] })
    expect([palette.isSearching.value, chats.queries.length]).toEqual([true, 0])
    await clock.advance(200)
    expect(namesOf(palette)['chats']).toEqual([...now, 'arch new', 'arch old', 'Search arch'])
    expect(palette.isSearching.value).toBe(false)
    expect(chats.queries.map(({ q, archived }) => [q, archived])).toEqual([
      ['arch', false],
      ['arch', true],
    ])
    palette.close()
  })

  it('keeps what is loaded where no answer comes, and drops an answer to what is not asked any more', async () => {
    rows.value = [chatOf('bob', 9)]
    chats.put(chatOf('bobby', 3))
    const palette = open()
    const arrive = chats.delay()
    palette.type('bo')
    await clock.advance(200)
    palette.type('nobody')
    arrive()
    await clock.advance(0)
    expect(namesOf(palette)).toEqual({ chats: ['Search nobody'] })
    chats.isDown = true
    palette.type('b')
    await clock.advance(200)
    expect(namesOf(palette)).toEqual({ chats: ['bob', 'Search b'] })
    expect(palette.isSearching.value).toBe(false)
  })

  it('finds people whose chat is not among those found, also those without one', async () => {
    rows.value = [chatOf('ann', 9)]
    people = [personOf('ann', 'chat ann'), personOf('anna', null), personOf('annika', 'empty')]
    const palette = open()
    palette.type('ann')
    await clock.advance(200)
    expect(namesOf(palette)).toEqual({ chats: ['ann', 'Search ann'], people: ['anna', 'annika'] })
    palette.close()
  })

  it('offers people alone where a chat is to be started, and asks for nothing else', async () => {
    rows.value = [chatOf('ann', 9)]
    people = [personOf('ann', 'chat ann'), personOf('anna', null)]
    const palette = open(true)
    expect(palette.groups.value).toEqual([])
    palette.type('ann')
    await clock.advance(200)
    expect(namesOf(palette)).toEqual({ people: ['ann', 'anna'] })
    expect([asked, chats.queries]).toEqual([['ann'], []])
    palette.close()
  })

  it('chooses the first, goes round, and keeps what was chosen when more is found', async () => {
    rows.value = [chatOf('bob', 9), chatOf('bobby', 8)]
    chats.put(chatOf('bo', 3))
    const palette = open()
    palette.type('bo')
    expect(nameOf(palette.chosen.value)).toBe('bob')
    palette.move(-1)
    expect(nameOf(palette.chosen.value)).toBe('Search bo')
    palette.move(1)
    palette.move(1)
    expect(nameOf(palette.chosen.value)).toBe('bobby')
    await clock.advance(200)
    expect(nameOf(palette.chosen.value)).toBe('bobby')
    palette.move(1)
    expect(nameOf(palette.chosen.value)).toBe('bo')
    palette.pick('chat-chat bob')
    expect(nameOf(palette.chosen.value)).toBe('bob')
    palette.type('bobby')
    expect(nameOf(palette.chosen.value)).toBe('bobby')
  })
})
