// What is told stays right when the database answers late, in another order than it committed, or not at all; and when a
// connection asks for more than a client would.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Store } from '../../src/entries/node.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { ADMIN, chatId, EXT, TestSocket, V1 } from '../support/socket.ts'

let desk: Desk
/** What the server has of the store; a test puts its own in place of a method */
let store: Store
const sockets: TestSocket[] = []
beforeEach(async () => {
  desk = await startDesk({ rateLimit: null })
  store = desk.store
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close()
  await desk.stop()
})

async function listen(token: string, identifier: string, protocol = V1, history?: unknown): Promise<TestSocket> {
  const socket = await TestSocket.open(`${desk.wsUrl}/cable?jid=${token}`, [protocol])
  sockets.push(socket)
  await socket.subscribe(identifier, history)
  return socket
}
const say = (token: string, content: string) => desk.call('POST', '/support_chat/messages', token, { content })

interface Held {
  /** The work is done, and its answer held back */
  done: Promise<void>
  open: () => void
}

/** Holds back the answer to the next call of `method`; the work is done at once */
function holdAnswer<Name extends 'setArchived' | 'listItems' | 'findChat' | 'messages'>(method: Name): Held {
  const real = store[method].bind(store) as (...args: unknown[]) => Promise<unknown>
  const done = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  const held = async (...args: unknown[]): Promise<unknown> => {
    store[method] = real as Store[Name]
    const answer = await real(...args)
    done.resolve()
    await gate.promise
    return answer
  }
  store[method] = held as Store[Name]
  return { done: done.promise, open: () => gate.resolve() }
}

describe('answers that come late', () => {
  it('leave the archive as it is in the end', async () => {
    const { token, chatId: chat } = await desk.person('ada')
    const sam = await desk.admin()
    await say(token, 'hello')
    const staff = await listen(sam, chatId(chat))
    const { done, open } = holdAnswer('setArchived')
    const archiving = desk.call('POST', `/admin/chats/${chat}/archive`, sam)
    await done
    await say(token, 'again')
    await until(() => staff.events('new_message').length === 1)
    open()
    await archiving
    await staff.fence()
    expect((await desk.store.findChat(chat))?.archived_at).toBeNull()
    expect(staff.events('chat_updated').at(-1)?.['archived'] ?? false).toBe(false)
  })

  it('lose no message that came while another one was being read', async () => {
    const { token, chatId: chat } = await desk.person('ada')
    const socket = await listen(token, chatId(chat))
    const elsewhere = {
      id: crypto.randomUUID(),
      chat_id: chat,
      content: 'by another node',
      sender_type: 'user',
    } as const
    const rest = { sender_id: 'ada', sender_name: null, client_id: null, notify_at: null }
    await store.appendMessages([{ ...elsewhere, ...rest, created_at: new Date().toISOString() }])
    const { open } = holdAnswer('messages')
    await say(token, 'not the next one')
    await say(token, 'meanwhile')
    open()
    await until(() => socket.events('new_message').length === 3)
    expect(socket.events('new_message').map((event) => event.message?.seq)).toEqual([1, 2, 3])
  })

  it('are asked for again when there was none', async () => {
    const { token, chatId: chat } = await desk.person('ada')
    const sam = await desk.admin()
    await say(token, 'hello')
    const staff = await listen(sam, chatId(chat))
    const real = store.findChats.bind(store)
    const asked = Promise.withResolvers<void>()
    store.findChats = () => {
      asked.resolve()
      return Promise.reject(new Error('away'))
    }
    await desk.call('POST', `/admin/chats/${chat}/archive`, sam)
    await asked.promise
    store.findChats = real
    await until(() => staff.events('chat_updated').at(-1)?.['archived'] === true)
  })

  it('do not tell an older row after a newer one', async () => {
    const { token } = await desk.person('ada')
    const list = await listen(await desk.admin(), ADMIN)
    const { done, open } = holdAnswer('listItems')
    await say(token, 'first')
    await done
    await say(token, 'second')
    // Its row may be read meanwhile
    await list.fence()
    open()
    const counts = () =>
      list.events('chat_updated').map((event) => (event['chat'] as { message_count: number }).message_count)
    await until(() => counts().at(-1) === 2)
    expect(counts()).toEqual(counts().toSorted((a, b) => a - b))
  })
})

describe('a cursor ahead of the database, as after a restored backup', () => {
  it('does not silence a plain socket', async () => {
    const { token, chatId: chat } = await desk.person('ada')
    const socket = await TestSocket.open(`${desk.wsUrl}/ws/chat?chat_id=${chat}&after=1000&jid=${token}`)
    sockets.push(socket)
    await socket.pong()
    await say(token, 'heard')
    await until(() => socket.frames.some((frame) => frame.type === 'new_message'))
  })

  it('does not silence one that asks for its history', async () => {
    const { token, chatId: chat } = await desk.person('ada')
    const socket = await listen(token, chatId(chat))
    socket.perform(chatId(chat), { action: 'history', after: 1000 })
    await socket.fence()
    await say(token, 'heard')
    await socket.event('new_message')
  })
})

it('the server ends a replay with its subscription', async () => {
  const { token, chatId: chat } = await desk.person('ada')
  const content = 'x'.repeat(2_000)
  for (let n = 0; n < 300; n++) await say(token, content)
  const socket = await TestSocket.open(`${desk.wsUrl}/cable?jid=${token}`, [EXT])
  sockets.push(socket)
  await socket.frame((frame) => frame.type === 'welcome')
  const history = { streams: { [`chat:${chat}`]: { offset: 0, epoch: store.epoch } } }
  socket.send({ command: 'subscribe', identifier: chatId(chat), history })
  socket.send({ command: 'unsubscribe', identifier: chatId(chat) })
  socket.send({ command: 'subscribe', identifier: chatId(chat), history })
  await socket.frame((frame) => frame.type === 'confirm_history')
  await socket.fence()
  const offsets = socket.frames.flatMap((frame) => frame.offset ?? [])
  const second = offsets.lastIndexOf(1)
  expect(offsets.slice(second)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1))
  expect(second).toBeLessThan(300)
  expect(socket.frames.filter((frame) => frame.type === 'confirm_history')).toHaveLength(1)
})

it('the server takes no identifier that is longer than any client has', async () => {
  const { token, chatId: chat } = await desk.person('ada')
  const socket = await TestSocket.open(`${desk.wsUrl}/cable?jid=${token}`, [V1])
  sockets.push(socket)
  socket.send({
    command: 'subscribe',
    identifier: JSON.stringify({ channel: 'ChatChannel', chat_id: chat, x: 'x'.repeat(2_000) }),
  })
  await socket.subscribe(chatId(chat))
  expect(socket.frames.filter((frame) => frame.type === 'confirm_subscription')).toHaveLength(1)
})

it('the server lets one wait for an answer about their subscription with no more than a few messages', async () => {
  const { token, chatId: chat } = await desk.person('ada')
  const { open } = holdAnswer('findChat')
  const socket = await TestSocket.open(`${desk.wsUrl}/cable?jid=${token}`, [V1])
  sockets.push(socket)
  socket.send({ command: 'subscribe', identifier: chatId(chat) })
  for (let n = 0; n < 40; n++) socket.perform(chatId(chat), { action: 'send_message', content: 'x'.repeat(9_000) })
  expect(await socket.end()).toMatchObject({ reason: 'too_slow' })
  open()
})

it('the server counts garbage also from one who answers pings that nobody sent', async () => {
  const { token } = await desk.person('ada')
  const socket = await TestSocket.open(`${desk.wsUrl}/cable?jid=${token}`, [V1])
  sockets.push(socket)
  for (let n = 0; n < 100; n++) {
    socket.ws.pong()
    socket.send('garbage')
  }
  expect(await socket.end()).toMatchObject({ code: 1008 })
})

it('the server goes on when the host’s own report of an error fails', async () => {
  const own = await startDesk({
    onError() {
      throw new Error('the host’s log is away')
    },
  })
  const { token } = await own.person('ada')
  const real = own.store.appendMessages.bind(own.store)
  own.store.appendMessages = () => Promise.reject(new Error('away'))
  const send = (content: string) => own.call('POST', '/support_chat/messages', token, { content })
  expect((await send('lost')).status).toBe(503)
  own.store.appendMessages = real
  expect((await send('kept')).status).toBe(201)
  await own.stop()
})
