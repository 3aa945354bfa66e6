import { signal, type Signal } from '@preact/signals'
import { beforeEach, describe, expect, it } from 'vitest'
import type { PendingMessage } from '../../client/conversation/conversation.ts'
import type { AdminSupportChat } from '../../protocol/types.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { chatOf } from '../testing/memory-chats.ts'
import { MemoryConversation } from '../testing/memory-conversation.ts'
import { OpenChat } from './open-chat.ts'

let clock: FakeClock
let id: Signal<string | null>
let isAttended: Signal<boolean>
let openedChat: Signal<AdminSupportChat | null>
let created: Map<string, MemoryConversation>
let archived: [string, boolean][]
/** How the server answers to archiving */
let archive: () => Promise<boolean>
let isSettling: boolean
let openChat: OpenChat

beforeEach(() => {
  clock = new FakeClock()
  id = signal(null)
  isAttended = signal(true)
  openedChat = signal(null)
  created = new Map()
  archived = []
  archive = async () => true
  isSettling = false
  openChat = new OpenChat({
    id,
    createConversation: (chat) => {
      const conversation = new MemoryConversation()
      created.set(chat, conversation)
      return conversation
    },
    openedChat,
    row: (chat) => (chat === 'chat ada' ? chatOf('ada', 1, { user_name: 'Ada L.' }) : undefined),
    archive: (chat, to) => {
      archived.push([chat, to])
      return archive()
    },
    isSettling: () => isSettling,
    isAttended,
    clock,
  })
})

function open(chat: string): MemoryConversation {
  id.value = chat
  const conversation = created.get(chat)
  if (!conversation) throw new Error(`Nobody opened ${chat}`)
  return conversation
}
const pending = (status: PendingMessage['status']): PendingMessage => ({
  client_id: 'x',
  content: 'Hello',
  created_at: '2026-03-02T09:00:00.000Z',
  status,
  reason: null,
  kept: true,
})
const opened = (chat: string): AdminSupportChat => ({
  id: chat,
  user_id: 'ada',
  user_email: 'new@example.com',
  archived: false,
  assignee: null,
  tags: [],
  rating: null,
  blocked_at: null,
  messages: [],
  has_more: false,
  activity: { activities: [], has_more: false },
  epoch: 'e',
  user: {
    id: 'ada',
    email: 'new@example.com',
    name: 'Ada',
    first_seen_at: '',
    last_seen_at: '',
    page_url: null,
    attributes: {},
  },
  attachments: null,
  mail_block: null,
  unsubscribed_at: null,
  user_online: true,
  user_read_seq: 0,
})

describe('the open chat', () => {
  it('is the one that the address names, and none where it names none', () => {
    expect([openChat.conversation.value, openChat.state.value]).toEqual([null, null])
    const first = open('c1')
    expect(openChat.conversation.value).toBe(first)
    expect(first.calls).toEqual(['open'])
    first.load(3)
    expect(openChat.state.value).toBe(first.state)
    id.value = null
    expect([openChat.conversation.value, openChat.state.value]).toEqual([null, null])
  })

  it('counts as loaded only once its own messages are there', () => {
    const first = open('c1')
    expect(openChat.loaded.value).toBeNull()
    first.load(3)
    expect(openChat.loaded.value).toBe(first)
    const second = open('c2')
    expect(openChat.loaded.value).toBeNull()
    second.load(3)
    expect(openChat.loaded.value).toBe(second)
  })

  it('has a name before it has loaded, from the list, and then the server’s', () => {
    id.value = 'chat ada'
    expect([openChat.user.value?.user_email, openChat.userName.value]).toEqual(['ada@example.com', 'Ada L.'])
    openedChat.value = opened('chat ada')
    expect([openChat.user.value?.user_email, openChat.userName.value]).toEqual(['new@example.com', 'Ada'])
    id.value = 'c2'
    expect([openChat.user.value, openChat.userName.value, openChat.about.value]).toEqual([null, null, null])
    id.value = null
    expect(openChat.user.value).toBeNull()
  })
})

describe('a chat that is left', () => {
  it('is closed, and opened anew when the person returns', () => {
    const first = open('c1')
    open('c2')
    expect(first.calls).toEqual(['open', 'close'])
    expect(open('c1')).not.toBe(first)
  })

  it('with replies that are not out yet lives on until they are', () => {
    const first = open('c1')
    first.set({ status: 'ready', pending: [pending('sending')] })
    open('c2')
    expect(first.calls).toEqual(['open'])
    first.set({ pending: [pending('sending')] })
    expect(first.calls).toEqual(['open'])
    first.set({ pending: [] })
    expect(first.calls).toEqual(['open', 'close'])
    first.set({ pending: [] })
    expect(first.calls).toEqual(['open', 'close'])
  })

  it('does not wait for a reply that failed', () => {
    const first = open('c1')
    first.set({ status: 'ready', pending: [pending('failed')] })
    open('c2')
    expect(first.calls).toEqual(['open', 'close'])
  })

  it('and lives on is the same one when the person returns, and stays open when its replies are out', () => {
    const first = open('c1')
    first.set({ status: 'ready', pending: [pending('sending')] })
    open('c2')
    expect(open('c1')).toBe(first)
    expect(openChat.conversation.value).toBe(first)
    first.set({ pending: [] })
    expect(first.calls).toEqual(['open', 'open'])
    open('c2')
    expect(first.calls).toEqual(['open', 'open', 'close'])
  })

  it('changes nothing on the screen any more', () => {
    const first = open('c1')
    first.set({ status: 'ready', pending: [pending('sending')] })
    const second = open('c2')
    first.load(3)
    expect(openChat.state.value).toBe(second.state)
  })
})

describe('messages count as read', () => {
  it('a moment after they are on the screen', async () => {
    const chat = open('c1')
    chat.load(3)
    chat.set({ unread_count: 3 })
    await clock.advance(299)
    expect(chat.calls).toEqual(['open'])
    await clock.advance(1)
    expect(chat.calls).toEqual(['open', 'markRead'])
    chat.set({ unread_count: 1 })
    await clock.advance(300)
    expect(chat.calls).toEqual(['open', 'markRead', 'markRead'])
  })

  it('not while nobody looks, and when the page comes to the front again', async () => {
    isAttended.value = false
    const chat = open('c1')
    chat.load(3)
    chat.set({ unread_count: 3 })
    await clock.advance(60_000)
    expect(chat.calls).toEqual(['open'])
    isAttended.value = true
    await clock.advance(300)
    expect(chat.calls).toEqual(['open', 'markRead'])
  })

  it('not when the chat was left within that moment, nor before it has loaded', async () => {
    const chat = open('c1')
    await clock.advance(1_000)
    chat.load(3)
    chat.set({ unread_count: 3 })
    id.value = null
    await clock.advance(1_000)
    isAttended.value = false
    isAttended.value = true
    await clock.advance(1_000)
    expect(chat.calls).toEqual(['open', 'close'])
  })
})

describe('archiving the open chat', () => {
  it('changes the button at once when it worked, and back', async () => {
    open('c1').load(1)
    expect(openChat.archived.value).toBe(false)
    const asked = openChat.toggleArchived()
    expect(openChat.archiving.value).toBe(true)
    await asked
    expect([openChat.archiving.value, openChat.archived.value]).toEqual([false, true])
    await openChat.toggleArchived()
    expect(archived).toEqual([
      ['c1', true],
      ['c1', false],
    ])
    expect(openChat.archived.value).toBe(false)
  })

  it('changes nothing when it did not work', async () => {
    archive = async () => false
    open('c1').load(1)
    await openChat.toggleArchived()
    expect([openChat.archiving.value, openChat.archived.value]).toEqual([false, false])
  })

  it('asks once for two clicks, and nothing before it is known what the chat is', async () => {
    const chat = open('c1')
    await openChat.toggleArchived()
    chat.load(1)
    await Promise.all([openChat.toggleArchived(), openChat.toggleArchived()])
    expect(archived).toHaveLength(1)
  })

  it('asks for nothing while a change by somebody else is news', async () => {
    open('c1').load(1)
    isSettling = true
    await openChat.toggleArchived()
    expect(archived).toEqual([])
    isSettling = false
    await openChat.toggleArchived()
    expect(archived).toEqual([['c1', true]])
  })

  it('does not touch the chat that was opened meanwhile', async () => {
    open('c1').load(1)
    let answer: (worked: boolean) => void = () => {}
    archive = () => new Promise((resolve) => (answer = resolve))
    const asked = openChat.toggleArchived()
    open('c2').load(1)
    answer(true)
    await asked
    expect(openChat.archived.value).toBe(false)
  })
})

it('closing closes the open chat, and those that wait for their replies', async () => {
  const first = open('c1')
  first.set({ status: 'ready', pending: [pending('sending')] })
  const second = open('c2')
  second.load(3)
  second.set({ unread_count: 3 })
  openChat.close()
  await clock.advance(1_000)
  expect([first.calls.at(-1), second.calls]).toEqual(['close', ['open', 'close']])
  id.value = 'c3'
  expect(created.has('c3')).toBe(false)
})
