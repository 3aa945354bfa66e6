// Server-Sent Events, frame by frame over HTTP.
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { NewMessage } from '../../src/server/ports/store/messages.ts'
import { formatEvent } from '../../src/server/realtime/dialects/sse-format.ts'
import { FakeClock } from '../../src/testing/fake-clock.ts'
import { SkippingClock } from '../../src/testing/skipping-clock.ts'
import { FaultProxy } from '../../src/testing/fault-proxy.ts'
import { pause, startDesk, until, type Desk } from '../support/desk.ts'
import { TestStream } from '../support/event-stream.ts'
import { chatId as identifier, TestSocket, V1 } from '../support/socket.ts'
import { endOf } from '../support/test-tokens.ts'

let desk: Desk
let sam: string
let people = 0
/** The server's side of what is connected to it */
const sockets = new Set<Socket>()
beforeAll(async () => {
  desk = await startDesk({ rateLimit: null, allowedOrigins: ['https://app.example'] })
  sam = await desk.admin()
  desk.server.on('connection', (socket) => sockets.add(socket))
})
afterAll(async () => {
  expect(desk.errors).toEqual([])
  await desk.stop()
})

const person = () => desk.person(`p${++people}`)
const user = (token: string, headers = {}, query = '') =>
  TestStream.open(`${desk.url}/support_chat/events${query}`, token, headers)
const staff = (chat: string, headers = {}) => TestStream.open(`${desk.url}/admin/chats/${chat}/events`, sam, headers)
const say = (token: string, content: string) => desk.call('POST', '/support_chat/messages', token, { content })
const reply = (chat: string, content: string) => desk.call('POST', `/admin/chats/${chat}/messages`, sam, { content })
const id = (chat: string, offset: number | string, epoch = desk.store.epoch) => `${offset}/${epoch}/chat:${chat}`

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

describe('a stream', () => {
  it('has the headers that keep proxies from holding it, and begins at once', async () => {
    const { token } = await person()
    const stream = await user(token)
    expect(stream.response?.statusCode).toBe(200)
    expect(stream.response?.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    })
    expect(stream.text).toMatch(/^:\n\n/)
    stream.close()
  })

  it('beats with a comment every three seconds', async () => {
    const clock = new SkippingClock()
    const own = await startDesk({ clock })
    const { token } = await own.person('ada')
    const stream = await TestStream.open(`${own.url}/support_chat/events`, token)
    const began = clock.now()
    for (const beats of [2, 3, 4]) {
      await clock.skip(3_000)
      await until(() => stream.text.split(':\n\n').length > beats)
    }
    expect(stream.text).toMatch(/^(:\n\n)+$/)
    // That with which it begins comes on top, and one that was under way as it did
    expect(stream.text.split(':\n\n').length - 3).toBeLessThanOrEqual((clock.now() - began) / 3_000)
    stream.close()
    await own.stop()
  })

  it('carries both sides of a chat, to the byte; stored messages alone have an id', async () => {
    const { token, chatId } = await person()
    const [mine, theirs] = [await user(token), await staff(chatId)]
    await say(token, 'Hello')
    await reply(chatId, 'Hi')
    await until(() => mine.contents().length === 2 && theirs.contents().length === 2)
    for (const stream of [mine, theirs]) {
      expect(stream.contents()).toEqual(['Hello', 'Hi'])
      expect(stream.named('new_message').map((e) => e.id)).toEqual([id(chatId, 1), id(chatId, 2)])
      expect(stream.events.filter((e) => e.event !== 'new_message' && e.id !== undefined)).toEqual([])
      for (const { event, data } of stream.events) expect(data.type).toBe(event)
    }
    const frame = mine.text.split('\n\n').find((block) => block.includes('Hello'))
    const { messages } = await desk.store.messages(chatId, { after: 0, limit: 1 })
    expect(frame).toBe(
      `id: ${id(chatId, 1)}\nevent: new_message\ndata: ${JSON.stringify({ type: 'new_message', message: messages[0] })}`,
    )
    mine.close()
    theirs.close()
  })

  it('carries text of several lines, and whatever else looks like a field', async () => {
    const { token } = await person()
    const stream = await user(token)
    const content = 'one\ntwo\r\nthree\rfour\n\nevent: forged\ndata: {}\n\n\u2028five: ::'
    await say(token, content)
    await until(() => stream.contents().length === 1)
    expect(stream.contents()).toEqual([content])
    expect(stream.events.map((e) => e.event)).toEqual(['new_message'])
    stream.close()
  })

  it('makes a field of each line, whichever way it ends', () => {
    expect(formatEvent('x', 'a\nb\rc\r\nd\n')).toBe('event: x\ndata: a\ndata: b\ndata: c\ndata: d\ndata: \n\n')
    expect(formatEvent('x', '{}', '1/e/chat:c')).toBe('id: 1/e/chat:c\nevent: x\ndata: {}\n\n')
  })

  it('is a presence, and ends to be one when its reader goes', async () => {
    const { token, chatId } = await person()
    const admin = await TestSocket.open(`${desk.wsUrl}/cable?jid=${sam}`, [V1])
    await admin.subscribe(identifier(chatId))
    const stream = await user(token)
    expect(await stream.event('presence')).toMatchObject({ data: { user_online: true, admins_online: 1 } })
    expect(await admin.event('presence')).toMatchObject({ user_online: true })
    stream.close()
    await until(() => admin.events('presence').find((e) => e['user_online'] === false))
    admin.close()
  })

  it('that is given up before it began leaves nobody behind', async () => {
    // Its time stands still, so one that was left behind would be there for good
    const own = await startDesk({ clock: new FakeClock(Date.now()) })
    const { token, chatId } = await own.person('ada')
    const streams = Array.from({ length: 60 }, () => new TestStream(`${own.url}/support_chat/events`, token))
    for (const [i, stream] of streams.entries()) {
      if (i % 3 === 0) await pause(1)
      stream.close()
    }
    await expect
      .poll(async () => (await own.call<{ user_online: boolean }>('GET', `/admin/chats/${chatId}`, sam)).body)
      .toMatchObject({ user_online: false })
    await expect.poll(() => own.deskbell.load().connections.events).toBe(0)
    await own.stop()
  })

  it('hears of read marks, of the archive and of typing', async () => {
    const { token, chatId } = await person()
    const [mine, theirs] = [await user(token), await staff(chatId)]
    await say(token, 'A question')
    await desk.call('POST', `/admin/chats/${chatId}/mark_viewed`, sam, {})
    expect((await mine.event('messages_read')).data).toMatchObject({ reader: 'admin', up_to_seq: 1 })
    await desk.call('POST', `/admin/chats/${chatId}/archive`, sam)
    expect((await mine.event('chat_updated')).data).toEqual({ type: 'chat_updated', archived: true })
    const typed = await desk.call('POST', '/support_chat/typing', token, { typing: true, name: undefined })
    expect([typed.status, typed.text]).toEqual([204, ''])
    expect((await theirs.event('typing')).data).toEqual({
      type: 'typing',
      sender_type: 'user',
      name: `User p${people}`,
      typing: true,
    })
    await desk.call('POST', `/admin/chats/${chatId}/typing`, sam, { typing: false })
    await until(() => mine.named('typing').find((e) => e.data['sender_type'] === 'admin'))
    mine.close()
    theirs.close()
  })

  it('of staff hears what the list needs, and nobody else gets it', async () => {
    const { token, chatId } = await person()
    const stream = await TestStream.open(`${desk.url}/admin/events`, sam)
    await say(token, 'Hello')
    expect((await stream.event('new_user_message')).data).toMatchObject({ chat_id: chatId })
    expect((await stream.event('chat_updated')).data).toMatchObject({ chat: { id: chatId, message_count: 1 } })
    expect(stream.events.filter((e) => e.id !== undefined)).toEqual([])
    stream.close()
    expect((await desk.call('GET', '/admin/events', token)).status).toBe(403)
    expect((await desk.call('GET', `/admin/chats/${chatId}/events`, token)).status).toBe(403)
  })

  it('shares one encoding among those who want the same bytes', async () => {
    const { token, chatId } = await person()
    const streams = await Promise.all([user(token), user(token), staff(chatId)])
    const encode = vi.spyOn(TextEncoder.prototype, 'encode')
    onTestFinished(() => encode.mockRestore())
    await say(token, 'counted')
    await until(() => streams.every((s) => s.contents().length === 1))
    expect(encode.mock.calls.filter(([text]) => text?.includes('counted') && text.startsWith('id: '))).toHaveLength(1)
    for (const stream of streams) stream.close()
  })

  it('answers HEAD without becoming a listener', async () => {
    const { token, chatId } = await person()
    const response = await fetch(`${desk.url}/support_chat/events`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${token}` },
    })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
    const { body } = await desk.call<{ user_online: boolean }>('GET', `/admin/chats/${chatId}`, sam)
    expect(body.user_online).toBe(false)
  })
})

describe('resuming', () => {
  it('replays what came after the id, by header or by query, then goes on live', async () => {
    const { token, chatId } = await person()
    await fill(chatId, 4)
    const byHeader = await user(token, { 'last-event-id': id(chatId, 2) })
    const byQuery = await user(token, {}, `?last_event_id=${encodeURIComponent(id(chatId, 3))}`)
    const byStaff = await staff(chatId, { 'last-event-id': id(chatId, 0, 'any') })
    await until(() => byStaff.contents().length === 4)
    await say(token, 'live')
    for (const [stream, expected] of [
      [byHeader, ['m3', 'm4', 'live']],
      [byQuery, ['m4', 'live']],
      [byStaff, ['m1', 'm2', 'm3', 'm4', 'live']],
    ] as const) {
      await until(() => stream.contents().includes('live'))
      expect(stream.contents()).toEqual(expected)
      expect(stream.named('reject_history')).toEqual([])
      stream.close()
    }
  })

  it('without an id tells only what comes from now on', async () => {
    const { token, chatId } = await person()
    await fill(chatId, 3)
    const stream = await user(token, { 'last-event-id': '' })
    await say(token, 'live')
    await until(() => stream.contents().length > 0)
    expect(stream.contents()).toEqual(['live'])
    stream.close()
  })

  it.each([
    ['another epoch', (chat: string) => id(chat, 2, 'another')],
    ['a place ahead of the database', (chat: string) => id(chat, 1_003)],
    ['a gap that is too large', (chat: string) => id(chat, 1)],
    ['another stream', () => id('x', 1_000)],
    ['no number', (chat: string) => id(chat, '10abc')],
    ['a negative number', (chat: string) => id(chat, -1)],
    ['nonsense', () => 'nonsense'],
  ])('of %s is refused, and the stream stays', async (_what, bad) => {
    const { token, chatId } = await person()
    await fill(chatId, 1_002)
    const stream = await user(token, { 'last-event-id': bad(chatId) })
    expect(await stream.event('reject_history')).toEqual({
      id: undefined,
      event: 'reject_history',
      data: { type: 'reject_history' },
    })
    expect(stream.contents()).toEqual([])
    await say(token, 'live')
    await until(() => stream.contents().includes('live'))
    stream.close()
  })

  it('keeps the order without a gap while others write', async () => {
    const { token, chatId } = await person()
    await fill(chatId, 300)
    for (let round = 0; round < 4; round++) {
      const stream = new TestStream(`${desk.url}/support_chat/events`, token, { 'last-event-id': id(chatId, 0) })
      await Promise.all(Array.from({ length: 40 }, (_, i) => say(token, `live ${round} ${i}`)))
      const total = 300 + (round + 1) * 40
      await until(() => stream.contents().length >= total)
      const seqs = stream.named('new_message').map((e) => e.data.message?.seq)
      expect(seqs).toEqual(Array.from({ length: total }, (_, i) => i + 1))
      stream.close()
    }
  })
})

describe('who may not', () => {
  it('gets the same answer as to any request', async () => {
    const { token, chatId } = await person()
    const ghost = '01950000-0000-7000-8000-000000000000'
    for (const path of ['/support_chat/events', '/admin/events', `/admin/chats/${chatId}/events`])
      expect((await desk.call('GET', path)).status).toBe(401)
    expect((await desk.call('GET', `/admin/chats/${ghost}/events`, sam)).status).toBe(404)
    expect((await desk.call('GET', '/admin/chats/nonsense/events', sam)).status).toBe(404)
    expect((await desk.call('GET', '/support_chat/events', sam)).status).toBe(403)
    const elsewhere = await desk.call('GET', '/support_chat/events', token, undefined, {
      origin: 'https://evil.example',
    })
    expect(elsewhere).toMatchObject({ status: 403, body: { code: 'forbidden_origin' } })
    for (const body of [{}, { typing: 'yes' }, { typing: true, name: 'Forged' }])
      expect((await desk.call('POST', '/support_chat/typing', token, body)).status).toBe(400)
    expect((await desk.call('POST', `/admin/chats/${ghost}/typing`, sam, { typing: true })).status).toBe(404)
  })

  it('hears nothing of another chat, not even by its id', async () => {
    const [ada, bob] = [await person(), await person()]
    await say(ada.token, 'canary')
    const stream = await user(bob.token, { 'last-event-id': id(ada.chatId, 0) })
    await stream.event('reject_history')
    await say(ada.token, 'canary')
    await desk.call('POST', '/support_chat/typing', ada.token, { typing: true })
    await say(bob.token, 'mine')
    await until(() => stream.contents().length > 0)
    expect(stream.text).not.toMatch(/canary|typing/)
    stream.close()
  })

  it('may resume across origins when its page is allowed to', async () => {
    const response = await fetch(`${desk.url}/support_chat/events`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-headers': 'authorization,last-event-id' },
    })
    expect(response.headers.get('access-control-allow-headers')).toMatch(/Last-Event-ID/)
  })
})

describe('the end', () => {
  it('comes when the token expires, and says so', async () => {
    const token = await desk.user('brief')
    const clock = new FakeClock(endOf(token) - 20_000)
    const own = await startDesk({ clock })
    const stream = await TestStream.open(`${own.url}/support_chat/events`, token)
    await clock.advance(25_000)
    await stream.end()
    await own.stop()
    expect(stream.events.at(-1)?.data).toEqual({ type: 'disconnect', reason: 'token_expired', reconnect: false })
  })

  it('comes with a goodbye when the server stops, which lets nobody new in meanwhile', async () => {
    const own = await startDesk()
    const { token } = await own.person('ada')
    const stream = await TestStream.open(`${own.url}/support_chat/events`, token)
    const closing = own.deskbell.close({ drainMs: 200 })
    expect(await own.call('GET', '/support_chat/events', token)).toMatchObject({ status: 503 })
    await stream.end()
    expect(stream.events.at(-1)).toMatchObject({
      event: 'disconnect',
      data: { reason: 'server_restart', reconnect: true },
    })
    await closing
    await own.stop()
  })

  it('comes within a minute for a reader whose line went dead; one who comes back was never away', async () => {
    const clock = new FakeClock(Date.now())
    const own = await startDesk({ clock })
    const proxy = await FaultProxy.start(own.port)
    const [ada, bob] = [await own.person('ada'), await own.person('bob')]
    const admin = await TestSocket.open(`${own.wsUrl}/cable?jid=${await own.admin()}`, [V1])
    await admin.subscribe(identifier(ada.chatId))
    await admin.subscribe(identifier(bob.chatId))
    const online = (chat: string) => admin.events('presence', identifier(chat)).map((e) => e['user_online'])
    const dead = await TestStream.open(`http://127.0.0.1:${proxy.port}/support_chat/events`, ada.token)
    const first = await TestStream.open(`${own.url}/support_chat/events`, bob.token)
    await until(() => online(ada.chatId).length > 0 && online(bob.chatId).length > 0)
    proxy.blackhole(true)
    let second: TestStream | undefined
    for (let passed = 0; passed < 60; passed++) {
      await clock.advance(1_000)
      // What the server wrote in this second is here before the next one
      await admin.fence()
      if (first.closed) second ??= await TestStream.open(`${own.url}/support_chat/events`, bob.token)
    }
    expect(first.events.at(-1)?.data).toEqual({ type: 'disconnect', reason: 'idle_timeout', reconnect: true })
    await until(() => online(ada.chatId).at(-1) === false)
    expect(second?.closed).toBe(false)
    expect(online(bob.chatId)).not.toContain(false)
    for (const end of [dead, second, admin]) end?.close()
    await proxy.close()
    const stopped = own.stop()
    const ticking = setInterval(() => void clock.advance(100), 20)
    await stopped
    clearInterval(ticking)
  })

  it('comes for a reader that does not read, at the cap, with the memory flat', async () => {
    const { token, chatId } = await person()
    const admin = await TestSocket.open(`${desk.wsUrl}/cable?jid=${sam}`, [V1])
    await admin.subscribe(identifier(chatId))
    const stuck = connect(desk.port, '127.0.0.1')
    stuck.on('error', () => undefined)
    stuck.write(`GET /support_chat/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n\r\n`)
    await until(() => admin.events('presence').find((e) => e['user_online'] === true))
    stuck.pause()
    const server = [...sockets].find((s) => s.remotePort === stuck.localPort)
    // Another stream, which reads, gets all of it
    const reader = await staff(chatId)
    const isCut = () => admin.events('presence').some((e) => e['user_online'] === false)
    const text = 'x'.repeat(9_000)
    let sent = 0
    while (!isCut() && sent < 4_000) {
      await Promise.all(Array.from({ length: 20 }, () => reply(chatId, text)))
      sent += 20
    }
    // The megabyte that is ours to hold, and what the system's own buffers took before
    expect(sent * 9_000).toBeLessThan(10_000_000)
    await until(() => server?.destroyed)
    await until(() => reader.contents().length === sent)
    stuck.destroy()
    reader.close()
    admin.close()
  })
})

it('a burst that a reader had no chance to take yet does not cut it off', async () => {
  const { token, chatId } = await person()
  const stream = await user(token)
  const text = '漢'.repeat(9_000)
  await Promise.all(Array.from({ length: 100 }, () => reply(chatId, text)))
  await until(() => stream.contents().length === 100)
  expect(stream.named('disconnect')).toEqual([])
  stream.close()
})
