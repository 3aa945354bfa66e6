import { expect, it } from 'vitest'
import type { FoundMessage, FoundPage } from '../../protocol/types.ts'
import { FoundMessages } from './found-messages.ts'

const message = (chat: string, seq: number): FoundMessage => ({
  chat_id: chat,
  user_id: chat,
  user_email: `${chat}@example.com`,
  user_name: null,
  archived: false,
  message: {
    id: `${chat} ${seq}`,
    seq,
    content: 'fox',
    sender_type: 'user',
    sender_name: null,
    client_id: null,
    read_at: null,
    attachments: [],
    created_at: '2026-03-02T09:00:00.000Z',
  },
})
const page = (chats: string[], next: string | null = null, searchedTo: string | null = null): FoundPage => ({
  found: chats.map((chat) => message(chat, 1)),
  next,
  searched_to: searchedTo,
})

/** Answers with these pages in turn; null for no answer */
function answers(...pages: (FoundPage | null)[]) {
  const cursors: (string | undefined)[] = []
  const found = new FoundMessages('fox', async ({ q, cursor }) => {
    expect(q).toBe('fox')
    cursors.push(cursor)
    const next = pages.shift()
    if (!next) throw new Error('No connection')
    return next
  })
  return { found, cursors }
}
const chats = (found: FoundMessages): string => found.rows.value.map((row) => row.chat_id).join(' ')

it('come page by page, each chat once', async () => {
  const { found, cursors } = answers(page(['a', 'b'], 'x'), page(['b', 'c'], 'y'), page(['d']))
  await found.load()
  expect([found.state.value, found.more.value, chats(found)]).toEqual(['ready', 'idle', 'a b'])
  await found.load()
  expect([found.more.value, chats(found)]).toEqual(['idle', 'a b c'])
  await found.load()
  expect([found.more.value, chats(found)]).toEqual(['none', 'a b c d'])
  expect(cursors).toEqual([undefined, 'x', 'y'])
})

it('are asked for further where a page holds nothing new, but only so often by itself', async () => {
  const same = page(['a'], 'x')
  const { found, cursors } = answers(same, same, same, same, page(['b'], 'y'))
  await found.load()
  await found.load()
  expect(cursors).toHaveLength(4)
  expect([found.more.value, chats(found)]).toEqual(['paused', 'a'])
  await found.load()
  expect([found.more.value, chats(found)]).toEqual(['idle', 'a b'])
})

it('pause where the server stopped looking, until the person wants it to look further', async () => {
  const { found, cursors } = answers(page([], 'x', '2025-03-02T09:00:00.000Z'), page(['a']))
  await found.load()
  expect([found.more.value, found.searchedTo.value, cursors.length]).toEqual(['paused', '2025-03-02T09:00:00.000Z', 1])
  await found.load()
  expect([found.more.value, found.searchedTo.value, chats(found)]).toEqual(['none', null, 'a'])
})

it('can be asked for again when the first page failed, or the next one, and after a reconnect are', async () => {
  const { found, cursors } = answers(null, page(['a'], 'x'), null, page(['b']))
  await found.load()
  expect(found.state.value).toBe('error')
  found.retry()
  expect(found.state.value).toBe('loading')
  await expect.poll(() => found.state.value).toBe('ready')
  found.retry()
  expect(cursors).toHaveLength(2)
  await found.load()
  expect([found.state.value, found.more.value, chats(found)]).toEqual(['ready', 'error', 'a'])
  found.retry()
  await expect.poll(() => found.more.value).toBe('none')
  expect(chats(found)).toBe('a b')
  expect(cursors).toEqual([undefined, undefined, 'x', 'x'])
})

it('ask once for what is asked for twice', async () => {
  const { found, cursors } = answers(page(['a'], 'x'))
  await Promise.all([found.load(), found.load()])
  expect(cursors).toHaveLength(1)
})

it('say which chats are archived as that changes, and nothing else changes', async () => {
  const { found } = answers(page(['a', 'b']))
  await found.load()
  const before = found.rows.value
  found.apply({ id: 'other', archived: true })
  found.apply({ id: 'a', archived: false })
  expect(found.rows.value).toBe(before)
  found.apply({ id: 'b', archived: true })
  expect(found.rows.value.map((row) => row.archived)).toEqual([false, true])
  expect(found.rows.value[0]).toBe(before[0])
})

it.each([page(['a']), null])('change nothing after they were closed (%#)', async (late) => {
  const { found } = answers(late)
  const loading = found.load()
  found.close()
  await loading
  expect([found.state.value, chats(found)]).toEqual(['loading', ''])
})
