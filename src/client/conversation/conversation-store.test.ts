import { beforeEach, describe, expect, test } from 'vitest'
import type { SenderType, SupportMessage } from '../../protocol/types.ts'
import type { OpenedChat } from './chat-endpoint.ts'
import { ConversationStore } from './conversation-store.ts'

const AT = '2026-01-01T00:00:00.000Z'

/** Messages `from` to `to`, of which those up to `readUpTo` are read */
function messages(from: number, to: number, readUpTo = 0, sender: SenderType = 'admin'): SupportMessage[] {
  return Array.from({ length: to - from + 1 }, (_, i) => {
    const seq = from + i
    const read_at = seq <= readUpTo ? AT : null
    return {
      id: `m${seq}`,
      seq,
      content: `${seq}`,
      sender_type: sender,
      sender_name: null,
      client_id: null,
      attachments: [],
      read_at,
      created_at: AT,
    }
  })
}

const chat = (page: SupportMessage[], rest: Partial<OpenedChat> = {}): OpenedChat => ({
  id: 'c',
  messages: page,
  has_more: (page[0]?.seq ?? 1) > 1,
  epoch: 'e',
  archived: false,
  unread_count: null,
  user_online: false,
  other_read_seq: 0,
  ...rest,
})

let store: ConversationStore
beforeEach(() => {
  store = new ConversationStore('user', 'connected')
})

const shown = (): number[] => store.state.messages.map(({ seq }) => seq)
/** What happens between the request and its answer */
function reload(answer: OpenedChat, meanwhile: () => void): void {
  const asked = store.last
  meanwhile()
  store.load(answer, [], asked)
}

test('what was read before it came is not unread', () => {
  store.load(chat(messages(1, 2, 2)), [], 0)
  store.markRead('user', 3, AT)
  const [read, unread] = [messages(3, 3, 3), messages(4, 4)]
  expect(store.insert([...messages(3, 3), ...unread])).toEqual([...read, ...unread])
  expect(store.state.messages).toEqual([...messages(1, 3, 3), ...unread])
  expect(store.state.unread_count).toBe(1)
})

test('a message that did not change is the same object after a reload, and one that changed is another', () => {
  store.load(chat(messages(1, 4, 2)), [], 0)
  const before = store.state.messages
  store.markRead('user', 3, AT)
  const edited = messages(1, 4, 2).map((m) => (m.seq === 1 ? { ...m, content: 'edited' } : m))
  reload(chat(edited), () => undefined)
  const after = store.state.messages
  expect(after.map(({ content, read_at }) => [content, read_at])).toEqual([
    ['edited', AT],
    ['2', AT],
    ['3', AT],
    ['4', null],
  ])
  expect(after.map((message, i) => message === before[i])).toEqual([false, true, false, true])
})

describe('a page that was read before what came live meanwhile', () => {
  test('takes no message away, and none of its unread', () => {
    store.load(chat(messages(1, 2), { unread_count: 2 }), [], 0)
    reload(chat(messages(1, 2), { unread_count: 2 }), () => store.insert(messages(3, 4)))
    expect(shown()).toEqual([1, 2, 3, 4])
    expect(store.state.unread_count).toBe(4)
    expect(store.behind).toBe(false)
  })

  test('takes no message away when it is empty', () => {
    store.load(chat([], { unread_count: 0 }), [], 0)
    reload(chat([], { unread_count: 0 }), () => store.insert(messages(1, 1)))
    expect(shown()).toEqual([1])
    expect(store.state.unread_count).toBe(1)
  })

  test('makes nothing unread that was read meanwhile, here or where it is not loaded', () => {
    store.load(chat(messages(51, 100), { unread_count: 100 }), [], 0)
    reload(chat(messages(51, 100), { unread_count: 100 }), () => store.markRead('user', 60, AT))
    expect(store.state.unread_count).toBe(40)
    // Wholly newer than what is here
    reload(chat(messages(201, 250), { unread_count: 190 }), () => store.markRead('user', 230, AT))
    expect(shown()).toEqual(messages(201, 250).map(({ seq }) => seq))
    expect(store.state.unread_count).toBe(20)
  })

  test('takes back no receipt', () => {
    store.load(chat(messages(1, 2, 0, 'user')), [], 0)
    reload(chat(messages(1, 2, 0, 'user')), () => store.markRead('admin', 2, AT))
    expect(store.state.other_read_seq).toBe(2)
    expect(store.state.messages.map(({ read_at }) => read_at)).toEqual([AT, AT])
  })

  test('takes back neither who is here nor the archive', () => {
    store.load(chat(messages(1, 1)), [], 0)
    reload(chat(messages(1, 1)), () => store.patch({ archived: true, user_online: true }))
    expect(store.state).toMatchObject({ archived: true, user_online: true })
  })
})

describe('a page counts what is unread', () => {
  test('before the first message here, also when it is wholly newer than what was here', () => {
    store.load(chat(messages(1, 10), { unread_count: 10 }), [], 0)
    store.load(chat(messages(101, 150), { unread_count: 150 }), [], 10)
    expect(store.state.unread_count).toBe(150)
    store.prepend(messages(51, 100), true)
    expect(store.state.unread_count).toBe(150)
  })

  test('with older messages loaded, and newer ones come since', () => {
    store.load(chat(messages(51, 100), { unread_count: 80 }), [], 0)
    store.prepend(messages(31, 50), true)
    reload(chat(messages(51, 100), { unread_count: 80 }), () => store.insert(messages(101, 105)))
    expect(shown()).toEqual(messages(31, 105).map(({ seq }) => seq))
    expect(store.state).toMatchObject({ unread_count: 85, has_more: true })
  })
})

test('what the server says is read is read here', () => {
  store.load(chat(messages(1, 3), { unread_count: 3 }), [], 0)
  store.load(chat(messages(1, 3, 2), { unread_count: 1 }), [], 3)
  expect(store.state.unread_count).toBe(1)
})

test.each([
  ['another epoch', { epoch: 'f' }, 3],
  ['another chat', { id: 'd' }, 3],
  ['a database that was put back', {}, 2],
] as const)('%s replaces everything', (_what, rest, last) => {
  store.load(chat(messages(1, 3), { unread_count: 3, archived: true, user_online: true }), [], 0)
  store.markRead('user', 3, AT)
  store.markRead('admin', 3, AT)
  store.insert(messages(9, 9))
  reload(chat(messages(1, last), { unread_count: last, ...rest }), () => undefined)
  expect(shown()).toEqual(messages(1, last).map(({ seq }) => seq))
  expect(store.state).toMatchObject({ unread_count: last, other_read_seq: 0, archived: false, user_online: false })
  expect(store.behind).toBe(false)
})
