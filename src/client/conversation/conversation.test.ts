import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { SupportMessage } from '../../protocol/types.ts'
import { Api } from '../api.ts'
import { createBackoff } from '../connection/backoff.ts'
import { Cable } from '../connection/cable.ts'
import { Conversation } from './conversation.ts'
import { createCredentials } from '../connection/credentials.ts'
import { createSession } from '../connection/session.ts'

/** One chat's server in a few lines: what it stores, what it answers, and the socket as it sees it */
class Desk {
  messages: SupportMessage[] = []
  epoch = 'e1'
  chatId = 'c1'
  /** REST does not answer */
  down = false
  /** The chat was erased */
  isGone = false
  /** Sockets are not let in */
  refuse = false
  /** Live frames get lost */
  deaf = false
  /** What is sent over the socket gets lost */
  swallows = false
  posts: string[] = []
  /** Pages that were asked for */
  pages = 0
  /** Posts get lost, and are not answered */
  hangs = false
  /** Posts are answered after it */
  held: Promise<void> = Promise.resolve()
  subscribes: unknown[] = []
  /** The chats that the socket is subscribed to */
  channels = new Set<string>()
  socket: FakeSocket | null = null

  store(content: string, sender: 'user' | 'admin', clientId: string | null = null): SupportMessage {
    const known = this.messages.find((message) => clientId !== null && message.client_id === clientId)
    if (known) return known
    const seq = this.messages.length + 1
    const message: SupportMessage = {
      id: `m${seq}`,
      seq,
      content,
      sender_type: sender,
      sender_name: null,
      client_id: clientId,
      attachments: [],
      read_at: null,
      created_at: new Date(seq * 1000).toISOString(),
    }
    this.messages.push(message)
    if (!this.deaf) this.say({ type: 'new_message', message })
    return message
  }

  say(message: object): void {
    if (this.channels.has(this.chatId)) this.socket?.say({ identifier: identifier(this.chatId), message })
  }

  fetch: typeof fetch = (input, init) => {
    if (this.down) return Promise.reject(new TypeError('fetch failed'))
    const url = new URL(input instanceof Request ? input.url : input)
    const answer = (body: unknown): Promise<Response> => Promise.resolve(Response.json(body))
    if (this.isGone) {
      const headers = { 'content-type': 'application/problem+json' }
      return Promise.resolve(new Response(JSON.stringify({ code: 'not_found' }), { status: 404, headers }))
    }
    const { epoch } = this
    if (url.pathname.endsWith('/mark_read')) return answer({})
    if (!url.pathname.endsWith('/messages')) {
      const unread_count = this.messages.filter((m) => m.sender_type === 'admin' && m.read_at === null).length
      return answer({
        id: this.chatId,
        messages: this.messages.slice(-50),
        has_more: this.messages.length > 50,
        epoch,
        unread_count,
      })
    }
    if (init?.method === 'POST') {
      const { content, client_id } = JSON.parse(init.body as string) as { content: string; client_id: string }
      this.posts.push(content)
      if (this.hangs) return new Promise(() => undefined)
      const stored = this.store(content, 'user', client_id)
      return this.held.then(() => answer(stored))
    }
    this.pages++
    const after = Number(url.searchParams.get('after') ?? 0)
    const before = Number(url.searchParams.get('before') ?? Infinity)
    const messages = this.messages.filter((message) => message.seq > after && message.seq < before)
    return answer({ messages: url.searchParams.has('before') ? messages.slice(-50) : messages, has_more: false, epoch })
  }
}

const identifier = (chat_id: string): string => JSON.stringify({ channel: 'ChatChannel', chat_id })
const ID = identifier('c1')
let desk: Desk

class FakeSocket {
  readyState = 0
  readonly protocol = 'actioncable-v1-ext-json'
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: (() => void) | null = null

  constructor() {
    queueMicrotask(() => {
      if (desk.refuse) return this.onclose?.()
      this.readyState = 1
      desk.socket = this
      this.onopen?.()
      this.say({ type: 'welcome' })
    })
  }
  say(frame: object): void {
    if (this.readyState === 1) this.onmessage?.({ data: JSON.stringify(frame) })
  }
  send(text: string): void {
    const frame = JSON.parse(text) as { command: string; identifier: string; data?: string }
    const { chat_id } = JSON.parse(frame.identifier) as { chat_id: string }
    if (frame.command === 'unsubscribe') desk.channels.delete(chat_id)
    if (frame.command === 'subscribe') {
      desk.subscribes.push(frame)
      desk.channels.add(chat_id)
      this.say({ type: 'confirm_subscription', identifier: frame.identifier })
    }
    const data = JSON.parse(frame.data ?? '{}') as { action?: string; content?: string; client_id?: string }
    if (data.action === 'send_message' && !desk.swallows) desk.store(data.content ?? '', 'user', data.client_id)
  }
  close(): void {
    this.readyState = 3
    if (desk.socket === this) desk.socket = null
  }
}

let conversation: Conversation
let cable: Cable
const replies: string[] = []
const contents = (): string[] => conversation.state.messages.map((message) => message.content)

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', FakeSocket)
  desk = new Desk()
  replies.length = 0
  const session = createSession(createCredentials({ token: 't' }))
  const api = new Api({ base: 'http://desk.test/support', session, fetch: desk.fetch })
  cable = new Cable({ url: 'ws://desk.test/cable', session, backoff: createBackoff(500, 20_000, () => 1) })
  const kept = new Map<string, string>()
  conversation = new Conversation({
    api,
    cable,
    role: 'user',
    onReply: (message) => replies.push(message.content),
    storage: { get: (key) => kept.get(key) ?? null, set: (key, value) => void kept.set(key, value ?? '[]') },
  })
})
afterEach(() => {
  conversation.close()
  cable.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0)

test('goes live from where the page ended, and a message is there once however often it comes', async () => {
  desk.store('hello', 'admin')
  await conversation.open()
  await settle()
  expect(desk.subscribes).toMatchObject([{ history: { streams: { 'chat:c1': { offset: 1, epoch: 'e1' } } } }])
  const second = desk.store('again', 'admin')
  desk.say({ type: 'new_message', message: second })
  expect(contents()).toEqual(['hello', 'again'])
  expect(conversation.state.unread_count).toBe(2)
  expect(replies).toEqual(['again'])
})

test('a frame that is ahead makes it fetch what is missing, in order', async () => {
  await conversation.open()
  await settle()
  desk.deaf = true
  desk.store('one', 'admin')
  desk.store('two', 'admin')
  desk.deaf = false
  desk.store('three', 'admin')
  expect(contents()).toEqual([])
  await settle()
  expect(contents()).toEqual(['one', 'two', 'three'])
})

test.each(['killed', 'stopped'])(
  'while a server that was %s restarts, a client asks for nothing but its socket',
  async (how) => {
    const streams = vi.fn(() => Promise.reject(new TypeError('fetch failed')))
    vi.stubGlobal('fetch', streams)
    await conversation.open()
    await settle()
    desk.down = desk.refuse = true
    if (how === 'stopped')
      desk.socket?.say({ type: 'disconnect', reason: 'server_restart', reconnect: true, retry_after: 5 })
    else desk.socket?.onclose?.()
    await vi.advanceTimersByTimeAsync(8_000)
    expect(conversation.state.connection).toBe('reconnecting')
    // The server is back, and another client writes before this one tries again
    desk.down = desk.refuse = false
    desk.store('meanwhile', 'admin')
    await vi.advanceTimersByTimeAsync(6_900)
    expect([desk.pages, streams.mock.calls.length]).toEqual([0, 0])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(desk.subscribes).toHaveLength(2)
    expect(conversation.state.connection).toBe('connected')
  },
)

test('a client whose sockets get through no more after they did polls when no restart takes that long', async () => {
  await conversation.open()
  await settle()
  desk.refuse = true
  desk.socket?.onclose?.()
  desk.store('meanwhile', 'admin')
  await vi.advanceTimersByTimeAsync(20_000)
  expect(contents()).toEqual(['meanwhile'])
})

test('a client whose sockets get through no more after they did polls soon where the server takes a message', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  desk.held = promise
  await conversation.open()
  await settle()
  desk.refuse = true
  desk.socket?.onclose?.()
  conversation.send('anyone there?')
  await vi.advanceTimersByTimeAsync(4_000)
  expect([desk.posts, desk.pages, conversation.state.connection]).toEqual([['anyone there?'], 0, 'reconnecting'])
  resolve()
  await settle()
  expect(conversation.state.connection).toBe('connected')
  desk.store('yes', 'admin')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(contents()).toEqual(['anyone there?', 'yes'])
})

test('a client that the server told when to reconnect does not poll within that time', async () => {
  await conversation.open()
  await settle()
  desk.refuse = true
  desk.socket?.say({ type: 'disconnect', reason: 'server_restart', reconnect: true, retry_after: 20 })
  desk.store('meanwhile', 'admin')
  await vi.advanceTimersByTimeAsync(39_999)
  expect(desk.pages).toBe(0)
  await vi.advanceTimersByTimeAsync(5_001)
  expect(contents()).toEqual(['meanwhile'])
})

test('without a socket it polls, and sends by POST', async () => {
  desk.refuse = true
  await conversation.open()
  await settle()
  conversation.send('anyone there?')
  await settle()
  expect(desk.posts).toEqual(['anyone there?'])
  await vi.advanceTimersByTimeAsync(5_000)
  desk.store('yes', 'admin')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(contents()).toEqual(['anyone there?', 'yes'])
  expect(conversation.state.pending).toEqual([])
  await vi.advanceTimersByTimeAsync(30_000)
  expect(conversation.state.connection).toBe('connected')
})

test('what is typed while everything is down arrives once, in order', async () => {
  await conversation.open()
  await settle()
  desk.down = desk.refuse = true
  const lost = desk.socket
  lost?.close()
  lost?.onclose?.()
  conversation.send('one')
  conversation.send('two')
  await vi.advanceTimersByTimeAsync(20_000)
  expect(conversation.state.pending.map((item) => item.status)).toEqual(['sending', 'sending'])
  desk.down = desk.refuse = false
  await vi.advanceTimersByTimeAsync(30_000)
  expect(desk.messages.map((message) => message.content)).toEqual(['one', 'two'])
  expect(contents()).toEqual(['one', 'two'])
  expect(conversation.state.pending).toEqual([])
})

test('a message that got lost on a socket goes out again soon, though the clock is set back', async () => {
  await conversation.open()
  await settle()
  desk.swallows = true
  conversation.send('one')
  desk.swallows = false
  vi.setSystemTime(Date.now() - 3_600_000)
  for (let n = 0; n < 6; n++) {
    desk.socket?.say({ type: 'ping' })
    await vi.advanceTimersByTimeAsync(3_000)
  }
  expect(contents()).toEqual(['one'])
  expect(conversation.state.pending).toEqual([])
})

test('what was posted on a dead line goes out by the socket as soon as that is back, in order', async () => {
  await conversation.open()
  await settle()
  desk.hangs = true
  desk.socket?.onclose?.()
  conversation.send('one')
  conversation.send('two')
  await vi.advanceTimersByTimeAsync(500)
  expect(desk.posts).toEqual(['one'])
  expect(contents()).toEqual(['one', 'two'])
  expect(conversation.state.pending).toEqual([])
})

test('a closed conversation sends nothing more until it is opened again, even when a message was on its way', async () => {
  desk.refuse = true
  await conversation.open()
  await settle()
  const { promise, resolve } = Promise.withResolvers<void>()
  desk.held = promise
  conversation.send('under way')
  conversation.send('waits')
  await settle()
  conversation.close()
  resolve()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(desk.posts).toEqual(['under way'])
  expect(conversation.state.pending.map(({ content }) => content)).toEqual(['waits'])
  await conversation.open()
  await settle()
  expect(desk.posts).toEqual(['under way', 'waits'])
})

test('what the server would refuse as no Unicode is sent without it', async () => {
  await conversation.open()
  await settle()
  conversation.send('\0 one\0 \ud83d!')
  conversation.send('\0')
  await settle()
  expect(contents()).toEqual(['one \ufffd!'])
})

test('a refused message fails until it is retried or discarded', async () => {
  await conversation.open()
  await settle()
  vi.spyOn(desk, 'store').mockImplementationOnce(() => desk.messages[0] as SupportMessage)
  conversation.send('one')
  const id = conversation.state.pending[0]?.client_id ?? ''
  desk.say({ type: 'nack', client_id: id, code: 'too_long', detail: '' })
  expect(conversation.state.pending).toMatchObject([{ status: 'failed', reason: 'too_long' }])
  await settle()
  conversation.retry(id)
  await settle()
  expect(contents()).toEqual(['one'])
  expect(conversation.state.pending).toEqual([])
})

test('what arrives after markRead stays unread', async () => {
  desk.store('one', 'admin')
  await conversation.open()
  await settle()
  conversation.markRead()
  expect(conversation.state.unread_count).toBe(0)
  desk.store('two', 'admin')
  desk.say({ type: 'messages_read', reader: 'user', up_to_seq: 1, read_at: '2026-01-01T00:00:00Z' })
  expect(conversation.state.unread_count).toBe(1)
})

test('another epoch, or a gap too wide, starts over from the newest page', async () => {
  desk.store('old', 'admin')
  await conversation.open()
  await settle()
  desk.epoch = 'e2'
  desk.messages = []
  desk.deaf = true
  desk.store('restored', 'admin')
  desk.socket?.say({ type: 'reject_history', identifier: ID })
  await settle()
  expect(contents()).toEqual(['restored'])
  expect(desk.subscribes.at(-1)).toMatchObject({ history: { streams: { 'chat:c1': { offset: 1, epoch: 'e2' } } } })
})

test('the chat that a database put back has under another id goes live like the first', async () => {
  desk.store('old', 'admin')
  await conversation.open()
  await settle()
  Object.assign(desk, { epoch: 'e2', chatId: 'c2', messages: [] })
  desk.socket?.say({ type: 'reject_subscription', identifier: ID })
  await settle()
  expect([...desk.channels]).toEqual(['c2'])
  desk.store('restored', 'admin')
  expect(contents()).toEqual(['restored'])
})

test('a chat that was erased while it was open is gone', async () => {
  desk.store('old', 'admin')
  await conversation.open()
  await settle()
  desk.isGone = true
  desk.socket?.say({ type: 'reject_subscription', identifier: ID })
  await settle()
  expect(conversation.state).toMatchObject({ status: 'error', error: { code: 'not_found' } })
})

test('an ack that is ahead leaves the message pending until it is in its place', async () => {
  await conversation.open()
  await settle()
  desk.deaf = true
  desk.store('before it', 'admin')
  desk.down = true
  conversation.send('mine')
  const [{ client_id } = { client_id: '' }] = conversation.state.pending
  desk.say({ type: 'ack', client_id, message: desk.messages[1] })
  expect([contents(), conversation.state.pending.length]).toEqual([[], 1])
  desk.down = false
  await passWithPings(5_000)
  expect([contents(), conversation.state.pending.length]).toEqual([['before it', 'mine'], 0])
  expect(replies).toEqual(['before it'])
})

test('a first load that failed is tried again by itself', async () => {
  desk.down = true
  await conversation.open()
  expect(conversation.state.status).toBe('error')
  desk.down = false
  await vi.advanceTimersByTimeAsync(5_000)
  expect(conversation.state.status).toBe('ready')
})

/** Time on a socket that lives */
async function passWithPings(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1_000) {
    desk.socket?.say({ type: 'ping' })
    await vi.advanceTimersByTimeAsync(1_000)
  }
}

test('a newest page that does not load is asked for until it comes, and until then the line is not called connected', async () => {
  desk.store('old', 'admin')
  await conversation.open()
  await settle()
  expect(conversation.state.connection).toBe('connected')
  desk.epoch = 'e2'
  desk.messages = []
  desk.deaf = true
  desk.store('restored', 'admin')
  desk.down = true
  desk.socket?.say({ type: 'reject_history', identifier: ID })
  await settle()
  const subscribed = desk.subscribes.length
  await passWithPings(20_000)
  expect(conversation.state.connection).toBe('reconnecting')
  // To ask for the history again without that page would be refused again, at once and for ever
  expect(desk.subscribes).toHaveLength(subscribed)
  desk.down = false
  await passWithPings(5_000)
  expect(contents()).toEqual(['restored'])
  expect(conversation.state.connection).toBe('connected')
})

test('a gap that cannot be filled yet is tried until it can, and until then the line is not called connected', async () => {
  await conversation.open()
  await settle()
  desk.deaf = true
  desk.store('one', 'admin')
  desk.down = true
  desk.deaf = false
  desk.store('two', 'admin')
  await passWithPings(15_000)
  expect(contents()).toEqual([])
  expect(conversation.state.connection).toBe('reconnecting')
  desk.down = false
  await passWithPings(5_000)
  expect(contents()).toEqual(['one', 'two'])
  expect(conversation.state.connection).toBe('connected')
})
