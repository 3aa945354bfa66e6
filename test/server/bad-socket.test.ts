// What bad input over a socket gets.
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FakeClock } from '../../src/testing/fake-clock.ts'
import { loopTime } from '../../src/testing/loop-time.ts'
import { pause, startDesk, until, type Desk } from '../support/desk.ts'
import { ADMIN, chatId, EXT, refusal, TestSocket, V1 } from '../support/socket.ts'
import { stillClock } from '../support/still-clock.ts'
import { endOf } from '../support/test-tokens.ts'

const CANARY = 'canary-5d1f'

let desk: Desk
let ada: { token: string; chatId: string }
let bob: { token: string; chatId: string }
let sam: string
beforeAll(async () => {
  desk = await startDesk({ allowedOrigins: ['https://app.example'], rateLimit: null })
  ada = await desk.person('ada')
  bob = await desk.person('bob')
  sam = await desk.admin()
})
afterAll(async () => {
  expect(desk.errors).toEqual([])
  await desk.stop()
})

const cable = (token: string, protocol = V1) => TestSocket.open(`${desk.wsUrl}/cable?jid=${token}`, [protocol])
const stored = async (chat: string) => (await desk.store.messages(chat, { after: 0, limit: 1000 })).messages

it('lets go soon of a peer that says goodbye and does not hang up, as a browser without a network', async () => {
  const own = await startDesk()
  const { token } = await own.person('ada')
  const count = () => own.deskbell.load().connections.cable
  const socket = connect({ port: own.port, host: '127.0.0.1', allowHalfOpen: true }).resume()
  const headers = ['host: x', 'connection: upgrade', 'upgrade: websocket', 'sec-websocket-version: 13']
  const key = `sec-websocket-key: ${btoa('0123456789abcdef')}`
  socket.write([`GET /cable?jid=${token} HTTP/1.1`, ...headers, key, '', ''].join('\r\n'))
  await expect.poll(count).toBe(1)
  // A close frame with nothing in it
  const began = loopTime()
  socket.write(Buffer.of(0x88, 0x80, 0, 0, 0, 0))
  await expect.poll(count).toBe(0)
  // Two seconds, on a busy machine; `ws` by itself waits for thirty
  expect(loopTime() - began).toBeLessThan(25_000)
  socket.destroy()
  await own.stop()
})

describe('the handshake', () => {
  it.each(['/cable', '/ws/chat'])('refuses a foreign Origin on %s before the upgrade', async (path) => {
    for (const origin of ['https://evil.example', 'null', 'http://app.example', 'https://app.example.evil.example']) {
      const { status, body } = await refusal(`${desk.wsUrl}${path}?jid=${ada.token}`, { origin })
      expect([status, body]).toEqual([403, expect.stringContaining('"forbidden_origin"')])
    }
    const allowed = await TestSocket.open(`${desk.wsUrl}${path}?jid=${ada.token}`, [], {
      origin: 'https://app.example',
    })
    allowed.close()
  })

  it('outlives more headers than are read (ws CVE-2024-37890)', async () => {
    const headers = Object.fromEntries(Array.from({ length: 2_100 }, (_, i) => [`x-${i}`, '1']))
    const flooded = new TestSocket(`${desk.wsUrl}/cable?jid=${ada.token}`, [V1], { headers })
    await until(() => flooded.closed ?? flooded.ws.readyState === 1)
    flooded.close()
    expect((await desk.call('GET', '/healthz')).status).toBe(200)
  })

  it('refuses unknown paths', async () => {
    expect((await refusal(`${desk.wsUrl}/nothing?jid=${ada.token}`)).status).toBe(404)
  })

  it.each([
    ['nothing', async (): Promise<string> => '', 'unauthorized'],
    ['nonsense', async (): Promise<string> => '?jid=nonsense', 'unauthorized'],
    ['an expired token', async (): Promise<string> => `?jid=${await desk.user('ada', -70)}`, 'token_expired'],
  ] as const)('tells a cable client with %s to stop for good', async (_what, query, reason) => {
    const socket = await TestSocket.open(`${desk.wsUrl}/cable${await query()}`, [V1])
    expect(await socket.end()).toEqual({ code: 1000, reason })
    expect(socket.frames).toEqual([{ type: 'disconnect', reason, reconnect: false }])
  })

  it('refuses a plain client without a valid token', async () => {
    expect((await refusal(`${desk.wsUrl}/ws/chat`)).status).toBe(401)
    expect((await refusal(`${desk.wsUrl}/ws/chat?jid=${await desk.user('ada', -70)}`)).status).toBe(401)
    expect((await refusal(`${desk.wsUrl}/ws/chat?jid=${ada.token}&after=10abc`)).status).toBe(400)
  })
})

describe.each(['/cable', '/ws/chat'])('frames on %s', (path) => {
  const open = () => TestSocket.open(`${desk.wsUrl}${path}?jid=${ada.token}`)

  it('closes on a binary frame with 1003', async () => {
    const socket = await open()
    socket.ws.send(Buffer.from('{"command":"subscribe"}'))
    expect((await socket.end()).code).toBe(1003)
  })

  it('closes on bad UTF-8 with 1007', async () => {
    const socket = await open()
    socket.ws.send(Buffer.from([0xc3, 0x28]), { binary: false })
    expect((await socket.end()).code).toBe(1007)
  })

  it('closes on a frame over 64 KiB with 1009', async () => {
    const socket = await open()
    socket.ws.send('x'.repeat(64 * 1024 + 1))
    expect((await socket.end()).code).toBe(1009)
  })

  it('closes with 1009 on a message over 64 KiB that comes in fragments', async () => {
    const socket = await open()
    for (let i = 0; i < 20; i++) socket.ws.send('x'.repeat(4 * 1024), { fin: false })
    expect((await socket.end()).code).toBe(1009)
  })

  it('lets go of a peer that pings without end and reads nothing', async () => {
    const socket = await open()
    socket.ws.pause()
    const { _socket: raw } = socket.ws as unknown as { _socket: Socket }
    const ping = Buffer.concat([Buffer.from([0x89, 0x80 | 125, 0, 0, 0, 0]), Buffer.alloc(125, 'x')])
    const pings = Buffer.concat(Array.from({ length: 500 }, () => ping))
    let sent = 0
    while (!raw.destroyed && sent < 64 * 1024 * 1024) {
      await new Promise<void>((resolve) => raw.write(pings, () => resolve()))
      sent += pings.length
    }
    expect(raw.destroyed).toBe(true)
    expect((await desk.call('GET', '/healthz')).status).toBe(200)
  })

  it('ignores garbage, and closes with 1008 when it goes on', async () => {
    const socket = await open()
    for (const text of ['', '{', 'null', '[]', '1', '"x"', '{}', '{"command":1}', '{"action":{}}']) socket.send(text)
    await socket.pong()
    expect(socket.closed).toBeUndefined()
    expect(socket.frames.filter((f) => f.type !== 'welcome' && f.type !== 'ping')).toEqual([])
    for (let i = 0; i < 30; i++) socket.send('garbage')
    expect((await socket.end()).code).toBe(1008)
  })
})

describe('actions', () => {
  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'subscribed', '#send', 'delete', ''])(
    'ignores the action %j',
    async (action) => {
      const socket = await cable(ada.token)
      const id = chatId(ada.chatId)
      await socket.subscribe(id)
      const before = socket.frames.length
      socket.perform(id, { action, content: 'x' })
      socket.perform(id, { action: 'send_message', content: `after ${action}` })
      await until(() => socket.events('new_message').find((e) => e.message?.content === `after ${action}`))
      const frames = socket.frames.slice(before).filter((f) => f.type !== 'ping')
      expect(frames).toHaveLength(1)
      socket.close()
    },
  )

  it('ignores unknown commands, and a message to what was not subscribed', async () => {
    const socket = await cable(ada.token)
    const before = (await stored(ada.chatId)).length
    socket.send({ command: 'constructor', identifier: 'x' })
    socket.send({ command: 'toString', identifier: chatId(ada.chatId) })
    socket.perform(chatId(ada.chatId), { action: 'send_message', content: 'never subscribed' })
    socket.send({ command: 'whisper', identifier: chatId(ada.chatId), data: { type: 'typing', typing: true } })
    await socket.subscribe(chatId(ada.chatId))
    expect(socket.frames.filter((f) => f.type !== 'ping').map((f) => f.type)).toEqual([
      'welcome',
      'confirm_subscription',
    ])
    expect(await stored(ada.chatId)).toHaveLength(before)
    socket.close()
  })

  it('ignores a forged author, seq, id and time', async () => {
    const socket = await cable(ada.token)
    const id = chatId(ada.chatId)
    await socket.subscribe(id)
    socket.perform(id, {
      action: 'send_message',
      content: 'forged',
      sender_type: 'admin',
      sender_id: 'sam',
      sender_name: 'Sam',
      seq: 1,
      id: 'mine',
      chat_id: bob.chatId,
      created_at: '1999-01-01T00:00:00.000Z',
      read_at: '1999-01-01T00:00:00.000Z',
    })
    const event = await until(() => socket.events('new_message').find((e) => e.message?.content === 'forged'))
    const [last] = (await stored(ada.chatId)).slice(-1)
    expect(event.message).toEqual(last)
    expect(last).toMatchObject({ sender_type: 'user', sender_name: 'User ada', read_at: null })
    expect(last?.created_at.startsWith('1999')).toBe(false)
    expect(last?.id).not.toBe('mine')
    expect(await stored(bob.chatId)).toEqual([])
    socket.close()
  })

  it('ignores a forged author on a plain socket too', async () => {
    const socket = await TestSocket.open(`${desk.wsUrl}/ws/chat?jid=${ada.token}`)
    const forged = { sender_type: 'admin', sender_id: 'sam', seq: 1, id: 'mine', chat_id: bob.chatId, role: 'admin' }
    socket.send({ action: 'send_message', content: 'plainly forged', ...forged })
    await until(() => socket.texts.some((text) => text.includes('plainly forged')))
    const [last] = (await stored(ada.chatId)).slice(-1)
    expect(last).toMatchObject({ content: 'plainly forged', sender_type: 'user', sender_name: 'User ada' })
    expect(await stored(bob.chatId)).toEqual([])
    socket.close()
  })

  it.each([
    [{ content: { $ne: null } }, 'invalid_request'],
    [{ content: 1 }, 'invalid_request'],
    [{ content: 'a\0b' }, 'invalid_request'],
    [{ content: 'a\ud83d' }, 'invalid_request'],
    [{ content: 'x'.repeat(10_001) }, 'too_long'],
    [{ content: '\u200b ' }, 'blank'],
    [{ content: 'x', client_id: 'a b' }, 'invalid_request'],
    [{ content: 'x', client_id: { $gt: '' } }, 'invalid_request'],
  ])('answers the message %j with a nack', async (message, code) => {
    const socket = await cable(ada.token)
    const id = chatId(ada.chatId)
    await socket.subscribe(id)
    const before = (await stored(ada.chatId)).length
    socket.perform(id, { action: 'send_message', client_id: 'bad1', ...message })
    const nack = await socket.event('nack')
    expect(nack).toMatchObject({ code })
    expect(JSON.stringify(nack)).not.toMatch(/\.ts|node_modules|zod|sqlite/i)
    expect(await stored(ada.chatId)).toHaveLength(before)
    socket.close()
  })

  it('ignores read marks that are no seq', async () => {
    await desk.call('POST', `/admin/chats/${ada.chatId}/messages`, sam, { content: 'unread' })
    const socket = await cable(ada.token)
    const id = chatId(ada.chatId)
    await socket.subscribe(id)
    for (const up_to_seq of ['10abc', -1, 1.5, null, {}, [], '1', Number.MAX_SAFE_INTEGER + 2]) {
      socket.perform(id, { action: 'mark_read', up_to_seq })
    }
    socket.perform(id, { action: 'send_message', content: 'in order' })
    await until(() => socket.events('new_message').find((e) => e.message?.content === 'in order'))
    await socket.fence()
    expect(await desk.store.countUnread(ada.chatId)).toBe(1)
    expect(socket.events('messages_read')).toEqual([])
    socket.close()
  })

  it('answers floods with a nack', async () => {
    const slow = await startDesk({ rateLimit: { perSecond: 0.1, burst: 3 }, clock: stillClock() })
    const { token, chatId: chat } = await slow.person('ada')
    const socket = await TestSocket.open(`${slow.wsUrl}/cable?jid=${token}`, [V1])
    await socket.subscribe(chatId(chat))
    for (let i = 0; i < 5; i++)
      socket.perform(chatId(chat), { action: 'send_message', content: `${i}`, client_id: `c${i}` })
    // A refusal waits for no commit, so it may overtake messages that were sent before it
    await until(() => socket.events('nack').length === 2 && socket.events('new_message').length === 3)
    expect(socket.events('nack').map((e) => [e.client_id, e.code])).toEqual([
      ['c3', 'rate_limited'],
      ['c4', 'rate_limited'],
    ])
    await slow.stop()
  })
})

describe('a foreign chat', () => {
  it.each([V1, EXT])('is rejected over %s, and not one frame of it comes through', async (protocol) => {
    const socket = await cable(bob.token, protocol)
    const foreign = [
      chatId(ada.chatId),
      JSON.stringify({ channel: 'SupportChatChannel', chat_id: ada.chatId }),
      JSON.stringify({ channel: 'ChatChannel', chat_id: ada.chatId.toUpperCase() }),
      JSON.stringify({ channel: 'ChatChannel', chat_id: '01950000-0000-7000-8000-000000000000' }),
      JSON.stringify({ channel: 'ChatChannel', chat_id: { $ne: null } }),
      JSON.stringify({ channel: 'ChatChannel', chat_id: [ada.chatId] }),
      JSON.stringify({ channel: 'ChatChannel' }),
      ADMIN,
    ]
    const history = { streams: { [`chat:${ada.chatId}`]: { offset: 0, epoch: desk.store.epoch } } }
    for (const identifier of foreign) {
      socket.send({ command: 'subscribe', identifier, history })
      await socket.frame((f) => f.type === 'reject_subscription' && f.identifier === identifier)
      socket.send({ command: 'history', identifier, history })
      socket.perform(identifier, { action: 'send_message', content: 'intruder' })
      socket.perform(identifier, { action: 'history', after: 0 })
    }
    // As in Rails, a channel that there is not gets no answer at all
    const unknown = JSON.stringify({ channel: 'constructor', chat_id: ada.chatId })
    socket.send({ command: 'subscribe', identifier: unknown, history })
    // Nor by way of a subscription of their own
    await socket.subscribe(chatId(bob.chatId), history)
    socket.send({ command: 'history', identifier: chatId(bob.chatId), history })
    socket.perform(chatId(bob.chatId), { action: 'send_message', content: 'mine', chat_id: ada.chatId })
    await desk.call('POST', '/support_chat/messages', ada.token, { content: CANARY })
    await desk.call('POST', `/admin/chats/${ada.chatId}/messages`, sam, { content: CANARY })
    await socket.fence()
    expect(socket.texts.join('\n')).not.toContain('constructor')
    expect(socket.texts.join('\n')).not.toContain(CANARY)
    expect(socket.texts.join('\n')).not.toContain('ada@example.com')
    expect((await stored(ada.chatId)).map((m) => m.content)).not.toContain('intruder')
    expect((await stored(ada.chatId)).map((m) => m.content)).not.toContain('mine')
    socket.close()
  })
})

describe('time and speed', () => {
  it.each(['/cable', '/ws/chat'])('closes %s within 5 s of the token running out', async (path) => {
    const token = await desk.user('cid')
    const clock = new FakeClock(endOf(token) - 10_000)
    const own = await startDesk({ clock })
    const socket = await TestSocket.open(`${own.wsUrl}${path}?jid=${token}`)
    await clock.advance(9_000)
    await socket.pong()
    expect(socket.closed).toBeUndefined()
    await clock.advance(6_000)
    const { code, reason } = await socket.end()
    expect(reason).toBe('token_expired')
    expect(code).toBe(path === '/cable' ? 1000 : 4001)
    if (path === '/cable') {
      expect(socket.frames.at(-1)).toEqual({ type: 'disconnect', reason: 'token_expired', reconnect: false })
    }
    await own.stop()
  })

  it('cuts off a slow reader at its cap, and nobody else', async () => {
    const slow = await cable(ada.token)
    const fast = await cable(ada.token)
    await Promise.all([slow.subscribe(chatId(ada.chatId)), fast.subscribe(chatId(ada.chatId))])
    slow.ws.pause()
    const sockets = () => new Promise<number>((resolve) => desk.server.getConnections((_, n) => resolve(n)))
    const before = await sockets()
    let sent = 0
    let cut = false
    while (!cut && sent < 3_000) {
      for (let i = 0; i < 50; i++) {
        fast.perform(chatId(ada.chatId), { action: 'send_message', content: 'x'.repeat(9_000) })
        sent++
      }
      await until(() => fast.events('new_message').length >= sent)
      cut = (await sockets()) < before
      if (!cut && sent > 1500) await pause(100)
    }
    expect(cut).toBe(true)
    expect(fast.closed).toBeUndefined()
    expect(fast.events('new_message').map((e) => e.message?.seq)).toEqual(
      fast.events('new_message').map((_, i, all) => (all[0]?.message?.seq ?? 0) + i),
    )
    fast.close()
    slow.close()
  })

  it('survives half-open handshakes and frames of a broken peer', async () => {
    const peers = Array.from({ length: 200 }, () => {
      const socket = connect(desk.port, '127.0.0.1')
      socket.on('error', () => undefined)
      socket.write(`GET /cable?jid=${ada.token} HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: Upg`)
      return socket
    })
    expect((await desk.call('GET', '/healthz')).status).toBe(200)
    for (const peer of peers) peer.destroy()
    const socket = await cable(ada.token)
    // An unmasked frame and a reserved opcode
    ;(socket.ws as unknown as { _socket: { write(b: Buffer): void } })._socket.write(Buffer.from([0x8b, 0x00]))
    expect((await socket.end()).code).toBeGreaterThanOrEqual(1002)
    expect((await desk.call('GET', '/healthz')).status).toBe(200)
  })
})
