import { expect, test, vi } from 'vitest'
import { Cable } from '../connection/cable.ts'
import type { OpenedChat } from './chat-endpoint.ts'
import { ConversationStore } from './conversation-store.ts'
import { createCredentials } from '../connection/credentials.ts'
import { createSession } from '../connection/session.ts'
import { Sync } from './sync.ts'

const CHAT: Omit<OpenedChat, 'id'> = {
  messages: [],
  has_more: false,
  epoch: 'e',
  archived: false,
  unread_count: 0,
  user_online: false,
  other_read_seq: 0,
}

test('who asks while a page is on its way gets one that was read afterwards, and until then nobody calls it connected', async () => {
  const store = new ConversationStore('user', 'connected')
  const cable = new Cable({ url: 'ws://desk.test/cable', session: createSession(createCredentials({})) })
  Object.defineProperty(cable, 'status', { value: 'connected' })
  const asked: ((chat: OpenedChat) => void)[] = []
  const answer = (id: string): void => asked.shift()?.({ ...CHAT, id })
  const never = (): never => {
    throw new Error('Nobody asks for this')
  }
  const sync = new Sync({
    store,
    endpoint: {
      events: '',
      open: () => new Promise((resolve) => asked.push(resolve)),
      page: never,
      send: never,
      markRead: never,
      typing: never,
    },
    cable,
    session: createSession(createCredentials({})),
    live: () => true,
    loaded: (chat, last) => store.load(chat, [], last),
    arrived: never,
    flush: never,
  })
  sync.start()
  void sync.load()
  const late = sync.load()
  expect(asked).toHaveLength(1)
  answer('old')
  await expect.poll(() => asked.length).toBe(1)
  expect(store.state).toMatchObject({ chat_id: 'old', connection: 'reconnecting' })
  answer('new')
  expect(await late).toBe(true)
  expect(store.state).toMatchObject({ chat_id: 'new', connection: 'connected' })
  expect(asked).toHaveLength(0)
  sync.stop()
})

test('a question is no answer only once it is a tick old, not where a tick comes right after it', async () => {
  vi.useFakeTimers()
  const store = new ConversationStore('user', 'connected')
  const cable = new Cable({ url: 'ws://desk.test/cable', session: createSession(createCredentials({})) })
  const told: boolean[] = []
  cable.restAnswered = (answered) => void told.push(answered)
  const never = (): never => {
    throw new Error('Nobody asks for this')
  }
  const sync = new Sync({
    store,
    endpoint: {
      events: '',
      open: async () => ({ ...CHAT, id: 'one' }),
      page: () => new Promise(() => undefined),
      send: never,
      markRead: never,
      typing: never,
    },
    cable,
    session: createSession(createCredentials({})),
    live: () => false,
    loaded: (chat, last) => store.load(chat, [], last),
    arrived: never,
    flush: never,
  })
  try {
    sync.start()
    await sync.load()
    await vi.advanceTimersByTimeAsync(4_990)
    void sync.catchUp()
    await vi.advanceTimersByTimeAsync(20)
    expect(told).toEqual([])
    await vi.advanceTimersByTimeAsync(4_970)
    expect(told).toEqual([])
    await vi.advanceTimersByTimeAsync(40)
    expect(told).toEqual([false])
  } finally {
    sync.stop()
    vi.useRealTimers()
  }
})
