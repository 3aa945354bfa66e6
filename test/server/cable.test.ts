// ActionCable v1 and its AnyCable superset, frame by frame.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MessagePage } from '../../src/protocol/types.ts'
import type { NewMessage } from '../../src/server/ports/store/messages.ts'
import { SkippingClock } from '../../src/testing/skipping-clock.ts'
import { pause, startDesk, until, type Desk } from '../support/desk.ts'
import { ADMIN, chatId, EXT, TestSocket, V1 } from '../support/socket.ts'

let desk: Desk
let sam: string
let people = 0
beforeAll(async () => {
  desk = await startDesk({ rateLimit: null })
  sam = await desk.admin()
})
afterAll(async () => {
  expect(desk.errors).toEqual([])
  await desk.stop()
})

const person = () => desk.person(`p${++people}`)
const cable = (token: string, protocol = V1) => TestSocket.open(`${desk.wsUrl}/cable?jid=${token}`, [protocol])
const quiet = (socket: TestSocket) => socket.frames.filter((f) => f.type !== 'ping')
const contents = (socket: TestSocket) => socket.events('new_message').map((e) => e.message?.content)
const at = (chat: string, offset: number, epoch = desk.store.epoch) => ({
  streams: { [`chat:${chat}`]: { offset, epoch } },
})
async function fill(chat: string, n: number, text = ''): Promise<void> {
  const batch = Array.from({ length: n }, (_, i): NewMessage => ({
    id: crypto.randomUUID(),
    chat_id: chat,
    content: `m${i + 1}${text}`,
    sender_type: 'user',
    sender_id: 'x',
    sender_name: null,
    client_id: null,
    created_at: new Date().toISOString(),
    notify_at: null,
  }))
  await desk.store.appendMessages(batch)
}

describe('opening', () => {
  it.each([
    [[V1, 'actioncable-unsupported'], V1],
    [[EXT, V1], EXT],
    [[V1, EXT], V1],
    [['nonsense', V1], V1],
  ])('of %j selects %s', async (offered, selected) => {
    const { token } = await person()
    const socket = await TestSocket.open(`${desk.wsUrl}/cable?jid=${token}`, offered)
    expect(socket.ws.protocol).toBe(selected)
    expect(await socket.frame(() => true)).toEqual({ type: 'welcome' })
    socket.close()
  })

  it('takes a token as a subprotocol, and never echoes it', async () => {
    const { token } = await person()
    for (const offered of [
      [V1, `anycable-token.${token}`],
      [`anycable-token.${token}`, EXT],
    ]) {
      const socket = await TestSocket.open(`${desk.wsUrl}/cable`, offered)
      expect([V1, EXT]).toContain(socket.ws.protocol)
      await socket.frame((f) => f.type === 'welcome')
      expect(socket.texts.join()).not.toContain(token)
      socket.close()
    }
  })

  it('selects neither `unsupported` nor the token when nothing else is offered', async () => {
    const { token } = await person()
    for (const offered of [['actioncable-unsupported'], [`anycable-token.${token}`]]) {
      const socket = new TestSocket(`${desk.wsUrl}/cable?jid=${token}`, offered)
      const error = await new Promise<Error>((resolve) => socket.ws.once('error', resolve))
      expect(error.message).toMatch(/no subprotocol/i)
    }
  })

  it('takes a bearer token too', async () => {
    const { token } = await person()
    const options = { headers: { authorization: `Bearer ${token}` } }
    const socket = await TestSocket.open(`${desk.wsUrl}/cable`, [V1], options)
    expect(await socket.frame(() => true)).toEqual({ type: 'welcome' })
    socket.close()
  })

  it('pings with the time in whole seconds, within the 6 s that clients wait', async () => {
    const clock = new SkippingClock()
    const own = await startDesk({ clock })
    const socket = await TestSocket.open(`${own.wsUrl}/cable?jid=${await own.user('ada')}`, [V1])
    for (const n of [1, 2]) {
      await clock.skip(4_000)
      await until(() => socket.frames.filter((f) => f.type === 'ping').length >= n)
    }
    const times = socket.frames.filter((f) => f.type === 'ping').map((f) => Number(f.message))
    for (const time of times) {
      expect(Number.isInteger(time)).toBe(true)
      expect(Math.abs(time - clock.now() / 1000)).toBeLessThan(60)
    }
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeLessThanOrEqual(4)
    socket.close()
    await own.stop()
  })
})

describe('subscriptions', () => {
  it('echo the identifier byte for byte; two spellings are two subscriptions', async () => {
    const { token, chatId: chat } = await person()
    const socket = await cable(token)
    const spellings = [
      `{"channel":"ChatChannel","chat_id":"${chat}"}`,
      `{"chat_id":"${chat}","channel":"ChatChannel"}`,
      `{ "channel" : "SupportChatChannel", "chat_id":"${chat}", "x":"\\u00e9é" }`,
    ]
    for (const identifier of spellings) await socket.subscribe(identifier)
    socket.perform(spellings[0] ?? '', { action: 'send_message', content: 'thrice' })
    await until(() => socket.events('new_message').length === 3)
    expect(
      quiet(socket)
        .slice(-3)
        .map((f) => f.identifier),
    ).toEqual(spellings)
    for (const text of socket.texts.filter((t) => t.includes('new_message'))) {
      expect(Object.keys(JSON.parse(text) as object)).toEqual(['identifier', 'message'])
    }
    socket.close()
  })

  it('are confirmed once, however often they are asked for', async () => {
    const { token, chatId: chat } = await person()
    const socket = await cable(token)
    for (let i = 0; i < 5; i++) socket.send({ command: 'subscribe', identifier: chatId(chat) })
    await socket.subscribe(chatId(chat))
    socket.perform(chatId(chat), { action: 'send_message', content: 'once' })
    await until(() => socket.events('new_message')[0])
    expect(socket.frames.filter((f) => f.type === 'confirm_subscription')).toHaveLength(1)
    expect(socket.events('new_message')).toHaveLength(1)
    socket.close()
  })

  it('end without a reply, and can begin again', async () => {
    const { token, chatId: chat } = await person()
    const [socket, other] = [await cable(token), await cable(token)]
    await socket.subscribe(chatId(chat))
    await other.subscribe(chatId(chat))
    socket.send({ command: 'unsubscribe', identifier: chatId(chat) })
    await socket.fence()
    const before = quiet(socket).length
    other.perform(chatId(chat), { action: 'send_message', content: 'not for you' })
    await until(() => other.events('new_message')[0])
    await socket.fence()
    expect(quiet(socket)).toHaveLength(before)
    socket.send({ command: 'subscribe', identifier: chatId(chat) })
    await until(() => socket.frames.filter((f) => f.type === 'confirm_subscription').length === 2)
    socket.close()
    other.close()
  })
})

describe('messages', () => {
  it('reach everyone, the sender too with their client_id; staff are told on their own channel', async () => {
    const { token, chatId: chat } = await person()
    const [user, admin] = [await cable(token), await cable(sam)]
    await user.subscribe(chatId(chat))
    await admin.subscribe(chatId(chat))
    await admin.subscribe(ADMIN)
    user.perform(chatId(chat), { action: 'send_message', content: 'Hello', client_id: 'c1' })
    const mine = await user.event('new_message')
    expect(mine.message).toMatchObject({ content: 'Hello', client_id: 'c1', seq: 1, sender_type: 'user' })
    expect(await admin.event('new_message')).toEqual(mine)
    expect(await admin.event('new_user_message')).toEqual({
      type: 'new_user_message',
      chat_id: chat,
      user_email: `p${people}@example.com`,
      message: mine.message,
    })
    const row = await admin.event('chat_updated')
    expect(row['chat']).toMatchObject({ id: chat, message_count: 1, unread: true, last_message_preview: 'Hello' })
    admin.perform(chatId(chat), { action: 'send_message', content: 'Hi' })
    await until(() => contents(user).includes('Hi'))
    await expect
      .poll(() => admin.events('chat_updated').at(-1)?.['chat'])
      .toMatchObject({ id: chat, last_message_by: { id: 'sam', name: 'Sam' } })
    await Promise.all([user.fence(), admin.fence()])
    expect(user.texts.join()).not.toContain('last_message_by')
    expect(admin.events('new_user_message')).toHaveLength(1)
    expect(user.events('ack')).toEqual([])
    user.close()
    admin.close()
  })

  it('are acked, to the sender alone and with no second broadcast, when a client_id comes again', async () => {
    const { token, chatId: chat } = await person()
    const [user, admin] = [await cable(token), await cable(sam)]
    await user.subscribe(chatId(chat))
    await admin.subscribe(chatId(chat))
    for (let i = 0; i < 3; i++)
      user.perform(chatId(chat), { action: 'send_message', content: 'Hello', client_id: 'c1' })
    await until(() => user.events('ack').length === 2)
    const [first] = user.events('new_message')
    expect(user.events('ack')[0]).toEqual({ type: 'ack', client_id: 'c1', message: first?.message })
    user.perform(chatId(chat), { action: 'send_message', content: 'Other', client_id: 'c1' })
    expect(await user.event('nack')).toMatchObject({ client_id: 'c1', code: 'conflict' })
    await Promise.all([user.fence(), admin.fence()])
    expect(user.events('new_message')).toHaveLength(1)
    expect(admin.events().filter((e) => e.type === 'ack' || e.type === 'nack')).toEqual([])
    user.close()
    admin.close()
  })

  it('come in the order of seq to everyone when many write at once', async () => {
    const { token, chatId: chat } = await person()
    const writers = await Promise.all([cable(token), cable(token), cable(sam), cable(sam)])
    await Promise.all(writers.map((w) => w.subscribe(chatId(chat))))
    for (let i = 0; i < 50; i++)
      for (const w of writers) w.perform(chatId(chat), { action: 'send_message', content: `${i}` })
    await until(() => writers.every((w) => w.events('new_message').length === 200))
    const order = Array.from({ length: 200 }, (_, i) => i + 1)
    for (const w of writers) expect(w.events('new_message').map((e) => e.message?.seq)).toEqual(order)
    for (const w of writers) w.close()
  })

  it('marked read are told to the other side; those that come meanwhile stay unread', async () => {
    const { token, chatId: chat } = await person()
    const [user, admin] = [await cable(token), await cable(sam)]
    await user.subscribe(chatId(chat))
    await admin.subscribe(chatId(chat))
    for (const content of ['a', 'b']) admin.perform(chatId(chat), { action: 'send_message', content })
    await until(() => user.events('new_message').length === 2)
    user.perform(chatId(chat), { action: 'mark_read', up_to_seq: 1 })
    expect(await admin.event('messages_read')).toMatchObject({ reader: 'user', up_to_seq: 1 })
    expect(await desk.store.countUnread(chat)).toBe(1)
    user.perform(chatId(chat), { action: 'send_message', content: 'c' })
    await until(() => admin.events('new_message').length === 3)
    admin.perform(chatId(chat), { action: 'mark_viewed' })
    await until(() => user.events('messages_read').find((e) => e['reader'] === 'admin'))
    user.close()
    admin.close()
  })

  it('tell of the archive and of who is there', async () => {
    const { token, chatId: chat } = await person()
    const [user, admin] = [await cable(token), await cable(sam)]
    await user.subscribe(chatId(chat))
    await admin.subscribe(chatId(chat))
    expect(await user.event('presence')).toEqual({ type: 'presence', user_online: true, admins_online: 1 })
    await desk.call('POST', `/admin/chats/${chat}/archive`, sam)
    expect(await user.event('chat_updated')).toEqual({ type: 'chat_updated', archived: true })
    user.perform(chatId(chat), { action: 'send_message', content: 'back' })
    await until(() => user.events('chat_updated').find((e) => e['archived'] === false))
    user.close()
    await until(() => admin.events('presence').find((e) => e['user_online'] === false))
    admin.close()
  })
})

describe('the extended protocol', () => {
  it('replays what was missed, then confirms, then goes on', async () => {
    const { token, chatId: chat } = await person()
    await fill(chat, 5)
    const socket = await cable(token, EXT)
    const id = chatId(chat)
    socket.send({ command: 'subscribe', identifier: id, history: at(chat, 2) })
    await socket.frame((f) => f.type === 'confirm_history')
    socket.perform(id, { action: 'send_message', content: 'live' })
    await until(() => contents(socket).includes('live'))
    expect(quiet(socket).map((f) => f.type ?? f.offset ?? f.message?.type)).toEqual([
      'welcome',
      'confirm_subscription',
      3,
      4,
      5,
      'chat_updated',
      'presence',
      'confirm_history',
      6,
    ])
    for (const frame of socket.frames.filter((f) => f.offset !== undefined)) {
      expect(frame).toMatchObject({
        stream_id: `chat:${chat}`,
        epoch: desk.store.epoch,
        offset: frame.message?.message?.seq,
      })
    }
    socket.close()
  })

  it('tells one who returns where the events led that are not stored', async () => {
    const { token, chatId: chat } = await person()
    await fill(chat, 3)
    await desk.call('POST', `/admin/chats/${chat}/mark_viewed`, sam, { up_to_seq: 2 })
    await desk.call('POST', `/admin/chats/${chat}/archive`, sam)
    const { body } = await desk.call<MessagePage>('GET', '/support_chat/messages', token)
    expect(body).toMatchObject({ admin_viewed_seq: 2, user_read_seq: 0, user_read_at: null, archived: true })
    const socket = await cable(token, EXT)
    await socket.subscribe(chatId(chat), at(chat, 3))
    await socket.frame((f) => f.type === 'confirm_history')
    expect(socket.events()).toEqual([
      { type: 'messages_read', reader: 'admin', up_to_seq: 2, read_at: body.messages[1]?.read_at },
      { type: 'chat_updated', archived: true },
      { type: 'presence', user_online: true, admins_online: 0 },
    ])
    socket.close()
  })

  it('replays from the start for offset 0 in any epoch, and nothing for one who is up to date', async () => {
    const { token, chatId: chat } = await person()
    await fill(chat, 3)
    for (const [history, expected] of [
      [at(chat, 0, 'another'), ['m1', 'm2', 'm3']],
      [at(chat, 3), []],
    ] as const) {
      const socket = await cable(token, EXT)
      await socket.subscribe(chatId(chat), history)
      await socket.frame((f) => f.type === 'confirm_history')
      expect(contents(socket)).toEqual(expected)
      socket.close()
    }
  })

  it('rejects a cursor that is ahead of the database, as after a restored backup', async () => {
    const { token, chatId: chat } = await person()
    await fill(chat, 3)
    const socket = await cable(token, EXT)
    await socket.subscribe(chatId(chat), at(chat, 99))
    await socket.frame((f) => f.type === 'reject_history')
  })

  it('fills a gap that lies before what already came live', async () => {
    const { token, chatId: chat } = await person()
    await fill(chat, 3)
    for (const protocol of [V1, EXT]) {
      const socket = await cable(token, protocol)
      await socket.subscribe(chatId(chat))
      await desk.call('POST', '/support_chat/messages', token, { content: `live over ${protocol}` })
      await socket.frame((f) => f.message?.message?.content === `live over ${protocol}`)
      socket.perform(chatId(chat), { action: 'history', after: 1 })
      await socket.frame((f) => f.message?.message?.content === 'm3')
      expect(contents(socket).slice(1, 3)).toEqual(['m2', 'm3'])
      socket.close()
    }
  })

  it('replays thousands of large messages to a v1 client without cutting it off', async () => {
    const { token, chatId: chat } = await person()
    await fill(chat, 1_100, '漢'.repeat(1_000))
    const socket = await cable(token, V1)
    await socket.subscribe(chatId(chat))
    socket.perform(chatId(chat), { action: 'history', after: 0 })
    await socket.frame((f) => f.message?.message?.seq === 1_100)
    expect(contents(socket)).toHaveLength(1_100)
  })

  it('answers a history command of its own', async () => {
    const { token, chatId: chat } = await person()
    await fill(chat, 3)
    const socket = await cable(token, EXT)
    await socket.subscribe(chatId(chat))
    expect(contents(socket)).toEqual([])
    socket.send({ command: 'history', identifier: chatId(chat), history: at(chat, 1) })
    await socket.frame((f) => f.type === 'confirm_history')
    expect(contents(socket)).toEqual(['m2', 'm3'])
    socket.close()
  })

  it.each([
    ['another epoch', (chat: string) => at(chat, 2, 'another')],
    ['a gap that is too large', (chat: string) => at(chat, 1)],
    ['another stream', () => at('x', 0)],
    ['a negative offset', (chat: string) => at(chat, -1)],
    [
      'an offset that is no number',
      (chat: string) => ({ streams: { [`chat:${chat}`]: { offset: '1', epoch: desk.store.epoch } } }),
    ],
    ['nonsense', () => 'nonsense'],
    ['null', () => null],
  ])('rejects the history of %s, and stays subscribed', async (_what, history) => {
    const { token, chatId: chat } = await person()
    await fill(chat, 1002)
    const socket = await cable(token, EXT)
    await socket.subscribe(chatId(chat), history(chat))
    await socket.frame((f) => f.type === 'reject_history')
    expect(contents(socket)).toEqual([])
    socket.perform(chatId(chat), { action: 'send_message', content: 'live' })
    await until(() => contents(socket).includes('live'))
    expect(socket.frames.some((f) => f.type === 'confirm_history')).toBe(false)
    socket.close()
  })

  it('keeps offsets ascending without a gap while others write during the replay', async () => {
    const { token, chatId: chat } = await person()
    await fill(chat, 300)
    const writer = await cable(sam)
    await writer.subscribe(chatId(chat))
    for (let round = 0; round < 5; round++) {
      const reader = new TestSocket(`${desk.wsUrl}/cable?jid=${token}`, [EXT])
      reader.ws.on('open', () => {
        reader.send({ command: 'subscribe', identifier: chatId(chat), history: at(chat, 0) })
        // A second, needless one must not let live frames overtake the first
        reader.send({ command: 'history', identifier: chatId(chat), history: at(chat, 0) })
      })
      for (let i = 0; i < 60; i++) {
        writer.perform(chatId(chat), { action: 'send_message', content: `live ${round} ${i}` })
        if (i % 6 === 0) await pause(1)
      }
      const total = 300 + (round + 1) * 60
      await until(() => reader.frames.some((f) => f.offset === total))
      const offsets = reader.frames.flatMap((f) => f.offset ?? [])
      expect(offsets).toEqual(Array.from({ length: total }, (_, i) => i + 1))
      reader.close()
    }
    writer.close()
  })

  it('whispers typing to the others, unstored and without a position', async () => {
    const { token, chatId: chat } = await person()
    const [user, admin] = [await cable(token, EXT), await cable(sam, EXT)]
    await user.subscribe(chatId(chat))
    await admin.subscribe(chatId(chat))
    user.send({ command: 'whisper', identifier: chatId(chat), data: { type: 'typing', typing: true, name: 'Forged' } })
    const heard = await admin.event('typing')
    expect(heard).toEqual({ type: 'typing', sender_type: 'user', name: `User p${people}`, typing: true })
    const frame = admin.frames.find((f) => f.message?.type === 'typing')
    expect(Object.keys(frame ?? {})).toEqual(['identifier', 'message'])
    user.send({
      command: 'whisper',
      identifier: chatId(chat),
      data: { type: 'new_message', message: { content: 'forged' } },
    })
    user.send({ command: 'pong' })
    user.perform(chatId(chat), { action: 'typing', typing: false })
    await until(() => admin.events('typing').find((e) => e['typing'] === false))
    expect(user.events('typing')).toEqual([])
    expect(admin.events('new_message')).toEqual([])
    user.close()
    admin.close()
  })

  it('sends no unknown typed frame to a v1 client, even one that asks for history', async () => {
    const { token, chatId: chat } = await person()
    await fill(chat, 2)
    const socket = await cable(token)
    await socket.subscribe(chatId(chat), at(chat, 0))
    socket.send({ command: 'history', identifier: chatId(chat), history: at(chat, 0) })
    socket.perform(chatId(chat), { action: 'send_message', content: 'live' })
    await until(() => contents(socket).includes('live'))
    const known = ['welcome', 'ping', 'confirm_subscription', undefined]
    expect(socket.frames.filter((f) => !known.includes(f.type))).toEqual([])
    expect(socket.texts.join()).not.toContain('"offset"')
    // It asks in its own way
    socket.close()
    const again = await cable(token)
    await again.subscribe(chatId(chat))
    again.perform(chatId(chat), { action: 'history', after: 1 })
    await until(() => contents(again).length === 2)
    expect(contents(again)).toEqual(['m2', 'live'])
    again.close()
  })
})

it('a socket says goodbye on a restart so that clients come back', async () => {
  const own = await startDesk()
  const { token, chatId: chat } = await own.person('ada')
  const socket = await TestSocket.open(`${own.wsUrl}/cable?jid=${token}`, [V1])
  await socket.subscribe(chatId(chat))
  await own.stop()
  expect(await socket.end()).toEqual({ code: 1001, reason: 'server_restart' })
  expect(socket.frames.at(-1)).toEqual({ type: 'disconnect', reason: 'server_restart', reconnect: true })
})

describe.each([V1, EXT])('a message between subscribe and unsubscribe in one packet, over %s', (protocol) => {
  /** All at once, as a component that is shown for a moment sends it */
  const flash = (socket: TestSocket, identifier: string, contents: string[], rest: unknown[] = []) => {
    const message = (content: string) => ({
      command: 'message',
      identifier,
      data: JSON.stringify({ action: 'send_message', content, client_id: content.slice(0, 9) }),
    })
    for (const frame of [
      { command: 'subscribe', identifier },
      ...contents.map(message),
      { command: 'unsubscribe', identifier },
      ...rest,
    ])
      socket.send(frame)
  }

  it('is stored, and the client is not subscribed', async () => {
    const { token, chatId: chat } = await person()
    const socket = await cable(token, protocol)
    flash(socket, chatId(chat), ['one', 'two'])
    const stored = () => desk.store.messages(chat, { after: 0, limit: 9 })
    await until(async () => (await stored()).messages.length === 2)
    await socket.fence()
    expect(quiet(socket).slice(1)).toEqual([])
    // Nobody is subscribed
    await desk.call('POST', `/admin/chats/${chat}/messages`, sam, { content: 'Hi' })
    await socket.fence()
    expect(quiet(socket).slice(1)).toEqual([])
    socket.close()
  })

  it('is refused with a nack when it is none, and when the chat is somebody else’s', async () => {
    const { token, chatId: chat } = await person()
    const { chatId: other } = await person()
    const socket = await cable(token, protocol)
    const longest = 'x'.repeat(10_001)
    flash(socket, chatId(chat), [longest])
    flash(socket, chatId(other), ['foreign'])
    await until(() => socket.events('nack').length === 2)
    const nacks = Object.fromEntries(socket.events('nack').map(({ client_id, code }) => [client_id, code]))
    expect(nacks).toEqual({ foreign: 'not_found', [longest.slice(0, 9)]: 'too_long' })
    expect((await desk.store.messages(other, { after: 0, limit: 9 })).messages).toEqual([])
    socket.close()
  })

  it('is stored once when the client subscribes again right away, and then the client is subscribed', async () => {
    const { token, chatId: chat } = await person()
    const socket = await cable(token, protocol)
    const identifier = chatId(chat)
    flash(socket, identifier, ['one'], [{ command: 'subscribe', identifier }])
    await socket.frame((f) => f.type === 'confirm_subscription')
    socket.perform(identifier, { action: 'send_message', content: 'two' })
    await until(() => contents(socket).includes('two'))
    const { messages } = await desk.store.messages(chat, { after: 0, limit: 9 })
    expect(messages.map(({ content }) => content).sort()).toEqual(['one', 'two'])
    expect(socket.frames.filter((f) => f.type === 'confirm_subscription')).toHaveLength(1)
    socket.close()
  })
})

it('a chat is found by its id in capitals too, by request and over every dialect', async () => {
  const { token, chatId: chat } = await person()
  const capitals = chat.toUpperCase()
  expect((await desk.call('GET', `/admin/chats/${capitals}`, sam)).body['id']).toBe(chat)
  for (const protocol of [V1, EXT]) {
    const socket = await cable(token, protocol)
    await socket.subscribe(chatId(capitals))
    socket.perform(chatId(capitals), { action: 'send_message', content: protocol })
    await until(() => contents(socket).includes(protocol))
    socket.close()
  }
  const plain = await TestSocket.open(`${desk.wsUrl}/ws/chat?jid=${token}&chat_id=${capitals}`)
  plain.close()
})
