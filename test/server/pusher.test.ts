// The Pusher Channels protocol, frame by frame. test/clients/pusher.test.ts has its real clients.
import { createServer } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createDeskbell } from '../../src/entries/node.ts'
import { SkippingClock } from '../../src/testing/skipping-clock.ts'
import { SECRET, startDesk, until, type Desk } from '../support/desk.ts'
import { authorize, chatChannel, KEY, PusherSocket, STAFF } from '../support/pusher.ts'
import { chatId as cableId, TestSocket, V1 } from '../support/socket.ts'

let desk: Desk
let sam: string
let people = 0
const open: (PusherSocket | TestSocket)[] = []
beforeAll(async () => {
  desk = await startDesk({ pusherKey: KEY, visitors: true })
  sam = await desk.admin()
})
afterEach(() => {
  for (const socket of open.splice(0)) socket.close()
})
afterAll(async () => {
  expect(desk.errors).toEqual([])
  await desk.stop()
})

const person = () => desk.person(`p${++people}`)

async function connect(at: Desk = desk): Promise<PusherSocket> {
  const socket = await PusherSocket.open(at)
  open.push(socket)
  return socket
}

/** A socket that hears these channels */
async function listening(token: string, ...channels: string[]): Promise<PusherSocket> {
  const socket = await connect()
  for (const channel of channels) expect(await socket.subscribe(channel, token)).toBe(true)
  return socket
}

/** Lets time pass, with a client that answers meanwhile */
async function pass(clock: SkippingClock, socket: PusherSocket, seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds && socket.ws.readyState === socket.ws.OPEN; passed += 3) {
    await clock.skip(3_000)
    await socket.fence()
  }
}

const say = (token: string, content: string, path = '/support_chat/messages') =>
  desk.call<Record<string, unknown>>('POST', path, token, { content })

describe('a socket', () => {
  it('is told its id and how often to ask whether the server is there', async () => {
    const socket = await connect()
    const first = await socket.event('pusher:connection_established')
    expect(first).toEqual({ socket_id: expect.stringMatching(/^\d+\.\d+$/) as string, activity_timeout: 30 })
    expect(await (await connect()).socketId()).not.toBe(await socket.socketId())
    socket.send('pusher:ping', {})
    expect(await socket.event('pusher:pong')).toEqual({})
    expect(desk.deskbell.load().connections.pusher).toBe(2)
  })

  it.each([
    ['another key', '/app/other-key?protocol=7', 4001],
    ['protocol 3', `/app/${KEY}?protocol=3`, 4007],
    ['a protocol that is no number', `/app/${KEY}?protocol=7.5`, 4007],
    ['no protocol', `/app/${KEY}`, 4008],
  ])('with %s is told what is wrong, and not to come back', async (_what, path, code) => {
    const socket = await PusherSocket.open(desk, path)
    expect(await socket.event('pusher:error')).toMatchObject({ code })
    expect((await socket.end()).code).toBe(code)
    expect(socket.frames).toHaveLength(1)
  })

  it('of another origin is refused before it opens', async () => {
    const opening = PusherSocket.open(desk, undefined, { origin: 'https://evil.example' })
    await expect(opening).rejects.toThrow(/403/)
  })

  it('is cut off after frames that make no sense, and a binary one at once', async () => {
    const socket = await connect()
    for (let i = 0; i < 21; i++) socket.ws.send(i % 2 === 0 ? '{"event":' : '{"event":"pusher:constructor"}')
    expect((await socket.end()).code).toBe(1008)
    const binary = await connect()
    binary.ws.send(Buffer.from('{"event":"pusher:ping"}'), { binary: true })
    expect((await binary.end()).code).toBe(1003)
    const large = await connect()
    large.send('client-typing', { typing: 'x'.repeat(70_000) }, STAFF)
    expect((await large.end()).code).toBe(1009)
  })

  it('that asks without end is cut off, before and after its person is known', async () => {
    const { token, chatId } = await person()
    for (const socket of [await connect(), await listening(token, chatChannel(chatId))]) {
      for (let i = 0; i < 1_500; i++) socket.send('pusher:ping', {})
      expect((await socket.end()).code).toBe(1008)
    }
  })

  it('does not exist where the option is not set', async () => {
    const plain = await startDesk()
    await expect(PusherSocket.open(plain)).rejects.toThrow(/404/)
    expect((await authorize(plain, await plain.user('ada'), { socket_id: '1.2', channel_name: STAFF })).status).toBe(
      404,
    )
    await plain.stop()
  })
})

describe('permission', () => {
  const wish = (channel_name: string) => ({ socket_id: '12.34', channel_name })

  it('is given by both endpoints, to forms and to JSON', async () => {
    const { token, chatId } = await person()
    for (const path of ['/pusher/auth', '/broadcasting/auth']) {
      const fields = wish(chatChannel(chatId))
      const byForm = await authorize(desk, token, fields, path)
      const byJson = await desk.call<{ auth: string }>('POST', path, token, fields)
      for (const { status, auth } of [byForm, { status: byJson.status, auth: byJson.body.auth }])
        expect([status, auth.slice(0, KEY.length + 1)]).toEqual([200, `${KEY}:`])
    }
  })

  it('is refused with 403 alike for a foreign chat, one that does not exist, and what is no channel', async () => {
    const [{ token }, other] = [await person(), await person()]
    const ghost = '01950000-0000-7000-8000-000000000000'
    const answers = await Promise.all(
      [chatChannel(other.chatId), chatChannel(ghost), STAFF, `support-chat-${other.chatId}`, 'presence-x', 'x'].map(
        (channel) => desk.call('POST', '/pusher/auth', token, wish(channel)),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403])
    expect(answers[0]?.text).toBe(answers[1]?.text)
    expect((await authorize(desk, undefined, wish(STAFF))).status).toBe(401)
    expect((await authorize(desk, sam, wish(STAFF))).status).toBe(200)
    expect((await authorize(desk, sam, wish(chatChannel(other.chatId)))).status).toBe(200)
  })

  it.each([
    ['a socket id of another form', { socket_id: '1:2', channel_name: STAFF }],
    ['no socket id', { channel_name: STAFF }],
    ['no channel', { socket_id: '1.2' }],
    ['an endless channel', { socket_id: '1.2', channel_name: 'x'.repeat(300) }],
  ])('is not given to %s', async (_what, fields) => {
    expect((await authorize(desk, sam, fields)).status).toBe(400)
  })

  it('does not show what it says, nor the credentials for which it was given', async () => {
    const { token, chatId } = await person()
    const { auth } = await authorize(desk, token, wish(chatChannel(chatId)))
    const parts = auth.split(/[:.]/).map((part) => Buffer.from(part, 'base64url').toString('latin1'))
    // Nothing as short as the person's id, which many a cipher text has by chance
    expect(parts.join()).not.toMatch(/"identity"|example\.com|Bearer/)
  })
})

describe('a subscription', () => {
  it.each(['-', '.'])('hears what is said in the chat, by the name with %s', async (mark) => {
    const { token, chatId } = await person()
    const channel = `private-support-chat${mark}${chatId}`
    const socket = await listening(token, channel)
    const { body: message } = await say(token, 'Hello')
    expect(await socket.event('new-message', channel)).toEqual(message)
    await say(sam, 'Hi', `/admin/chats/${chatId}/messages`)
    await desk.call('POST', `/admin/chats/${chatId}/mark_viewed`, sam)
    await desk.call('POST', `/admin/chats/${chatId}/archive`, sam)
    expect(await socket.event('messages-read')).toMatchObject({ reader: 'admin', up_to_seq: 2 })
    expect(await socket.event('chat-updated')).toMatchObject({ archived: true })
    const said = socket.all<{ content: string; seq: number }>('new-message')
    expect(said.map(({ content, seq }) => [content, seq])).toEqual([
      ['Hello', 1],
      ['Hi', 2],
    ])
    for (const { data } of socket.frames) expect(typeof data).toBe('string')
  })

  it('of staff hears of every user’s message and of every change of the list', async () => {
    const { token, chatId } = await person()
    const socket = await listening(sam, STAFF)
    const { body: message } = await say(token, 'Hello')
    expect(await socket.event('new-user-message', STAFF)).toMatchObject({ chat_id: chatId, message })
    expect(await socket.event('chat-updated', STAFF)).toMatchObject({ chat: { id: chatId, unread: true } })
  })

  it('tells who is there and who is typing, also between dialects', async () => {
    const { token, chatId } = await person()
    const user = await listening(token, chatChannel(chatId))
    const phone = await listening(token, chatChannel(chatId))
    const staff = await TestSocket.open(`${desk.wsUrl}/cable?jid=${sam}`, [V1])
    open.push(staff)
    await staff.subscribe(cableId(chatId))
    expect(await user.event('presence')).toMatchObject({ user_online: true, admins_online: 1 })
    // As Laravel's documentation sends it, and in the way of some clients: JSON in a string
    user.send('client-typing', JSON.stringify({ name: 'Mallory' }), chatChannel(chatId))
    const typing = { type: 'typing', sender_type: 'user', name: `User p${people}`, typing: true }
    expect(await staff.event('typing')).toEqual(typing)
    expect(await phone.event('client-typing', chatChannel(chatId))).toEqual(typing)
    staff.perform(cableId(chatId), { action: 'typing', typing: true })
    expect(await user.event('client-typing')).toMatchObject({ sender_type: 'admin', name: 'Sam' })
    user.send('client-typing', { typing: false }, chatChannel(chatId))
    await until(() => staff.events('typing').at(-1)?.['typing'] === false)
    // What one sends comes to the others alone
    await user.fence()
    expect(user.all('client-typing')).toHaveLength(1)
  })

  it('takes no other client event, and none on a channel that it does not hear', async () => {
    const { token, chatId } = await person()
    const other = await person()
    const socket = await listening(token, chatChannel(chatId))
    const foreign = await listening(other.token, chatChannel(other.chatId))
    for (const [event, channel] of [
      ['client-send-message', chatChannel(chatId)],
      ['client-new-message', chatChannel(chatId)],
      ['client-typing', chatChannel(other.chatId)],
      ['client-typing', 'constructor'],
    ] as const)
      socket.send(event, { content: 'forged', typing: true }, channel)
    await until(() => socket.all('pusher:error').length === 4)
    expect(socket.all('pusher:error').map(({ code }) => code)).toEqual([4301, 4301, 4301, 4301])
    const desks = await listening(sam, STAFF)
    desks.send('client-typing', { typing: true }, STAFF)
    expect(await desks.event('pusher:error')).toMatchObject({ code: 4301 })
    await foreign.fence()
    expect(foreign.all('client-typing')).toEqual([])
    expect(socket.closed).toBeUndefined()
  })

  it('ends when the client leaves the channel, and begins anew', async () => {
    const { token, chatId } = await person()
    const channel = chatChannel(chatId)
    const socket = await listening(token, channel)
    socket.send('pusher:subscribe', { channel, auth: 'again' })
    expect(await socket.event('pusher:error')).toMatchObject({ code: null })
    socket.send('pusher:unsubscribe', { channel })
    await socket.fence()
    await say(token, 'not for you')
    await socket.fence()
    expect(socket.all('new-message')).toEqual([])
    expect(await socket.subscribe(channel, token)).toBe(true)
    await say(token, 'for you')
    expect(await socket.event('new-message')).toMatchObject({ content: 'for you', seq: 2 })
  })

  it('ends alone when its chat is erased', async () => {
    const { token, chatId } = await person()
    const other = await person()
    const socket = await listening(sam, chatChannel(chatId), chatChannel(other.chatId))
    await say(token, 'soon gone')
    await desk.deskbell.erasePerson(`p${people - 1}`)
    expect(await socket.event('pusher:subscription_error', chatChannel(chatId))).toMatchObject({ status: 403 })
    await say(other.token, 'still here')
    await socket.event('new-message', chatChannel(other.chatId))
  })

  it('serves a visitor, also before their first message', async () => {
    const token = `dbv_${'v'.repeat(43)}`
    const { body } = await desk.call<{ id: string }>('GET', '/support_chat', token)
    const socket = await listening(token, chatChannel(body.id))
    await say(token, 'Is somebody there?')
    expect(await socket.event('new-message')).toMatchObject({ content: 'Is somebody there?' })
  })
})

describe('a subscription is refused', () => {
  it('without permission: to public, presence and foreign channels', async () => {
    const { token, chatId } = await person()
    const socket = await connect()
    for (const channel of [`support-chat-${chatId}`, 'presence-support', 'private-else', '__proto__'])
      expect(await socket.claim(channel, undefined)).toBe(false)
    expect(await socket.event('pusher:subscription_error')).toMatchObject({ type: 'AuthError', status: 403 })
    expect(await socket.subscribe(chatChannel(chatId), token)).toBe(true)
  })

  it('with the permission of another socket, of another channel, a changed one, and Pusher’s own signature', async () => {
    const { token, chatId } = await person()
    const channel = chatChannel(chatId)
    const [mine, other] = [await connect(), await connect()]
    const granted = async (socket_id: string, channel_name: string) =>
      (await authorize(desk, token, { socket_id, channel_name })).auth
    const own = await granted(await mine.socketId(), channel)
    const auths = [
      await granted(await other.socketId(), channel),
      await granted(await mine.socketId(), `private-support-chat.${chatId}`),
      `${own.slice(0, -2)}${own.endsWith('AA') ? 'BB' : 'AA'}`,
      own.replace(KEY, 'other'),
      own.slice(KEY.length + 1),
      `${KEY}:${'a1'.repeat(32)}`,
      '',
    ]
    for (const auth of auths) expect(await mine.claim(channel, auth), auth).toBe(false)
    // The right one, after all of these
    expect(await mine.claim(channel, own)).toBe(true)
  })

  it('after 20 forged ones the socket is cut off', async () => {
    const socket = await connect()
    for (let i = 0; i <= 20; i++) socket.send('pusher:subscribe', { channel: `private-x${i}`, auth: `${KEY}:${i}` })
    expect((await socket.end()).code).toBe(1008)
  })

  it('on a socket of somebody else', async () => {
    const [ada, bob] = [await person(), await person()]
    const socket = await listening(ada.token, chatChannel(ada.chatId))
    expect(await socket.subscribe(chatChannel(bob.chatId), bob.token)).toBe(false)
    await say(bob.token, 'secret')
    await socket.fence()
    expect(socket.all('new-message')).toEqual([])
  })

  it('beyond ten of a user, whatever spelling; 10,000 of staff cost nobody anything', async () => {
    const { token, chatId } = await person()
    const socket = await connect()
    const spellings = Array.from({ length: 12 }, (_, i) => {
      const upper = chatId.replace(/[a-f]/g, (letter, at: number) => (at % 12 === i ? letter.toUpperCase() : letter))
      return `private-support-chat${i % 2 === 0 ? '-' : '.'}${upper}`
    })
    const different = [...new Set(spellings)]
    const results: boolean[] = []
    for (const channel of different) results.push(await socket.subscribe(channel, token))
    expect(results.filter(Boolean).length).toBeLessThanOrEqual(10)
    const flood = await connect()
    for (let i = 0; i < 10_000; i++) flood.send('pusher:subscribe', { channel: `private-support-chat-${i}` })
    await flood.end()
    expect(desk.deskbell.load().connections.pusher).toBeLessThan(5)
  })
})

describe('credentials that end', () => {
  it('take the stream with them: revoked ones for good, expired ones until there are new ones', async () => {
    const clock = new SkippingClock()
    const own = await startDesk({ pusherKey: KEY, clock })
    const { token, chatId } = await own.person('ada')
    const [ada, unnamed] = [await PusherSocket.open(own), await PusherSocket.open(own)]
    await ada.subscribe(chatChannel(chatId), token)
    await own.deskbell.revoke({ id: 'ada', role: 'user' })
    expect(await ada.event('pusher:error')).toMatchObject({ code: 4009 })
    expect((await ada.end()).code).toBe(4009)
    expect(await unnamed.subscribe(chatChannel(chatId), token)).toBe(false)

    const brief = await own.user('bob', 5)
    const { body } = await own.call<{ id: string }>('GET', '/support_chat', brief)
    const bob = await PusherSocket.open(own)
    await bob.subscribe(chatChannel(body.id), brief)
    await pass(clock, bob, 70)
    expect((await bob.end()).code).toBe(4200)
    unnamed.close()
    await own.stop()
  })

  it('before the subscription: a permission is good for a short time, and for what was not revoked since', async () => {
    const clock = new SkippingClock()
    let named: { id: string; role: 'user' } | null = { id: 'ada', role: 'user' }
    const own = await startDesk({ pusherKey: KEY, clock, authenticate: () => named })
    const { body } = await own.call<{ id: string }>('GET', '/support_chat')
    const channel = chatChannel(body.id)
    const grant = async (socket: PusherSocket) =>
      (await authorize(own, undefined, { socket_id: await socket.socketId(), channel_name: channel })).auth
    const [late, revoked, ended] = [
      await PusherSocket.open(own),
      await PusherSocket.open(own),
      await PusherSocket.open(own),
    ]
    const [first, second] = [await grant(late), await grant(revoked)]
    expect(await ended.claim(channel, await grant(ended))).toBe(true)
    // The host is asked again by the headers of the request that it answered, and says that nobody is signed in
    named = null
    await pass(clock, ended, 66)
    expect((await ended.end()).code).toBe(4100)
    await pass(clock, late, 99)
    expect(await late.claim(channel, first)).toBe(false)

    named = { id: 'ada', role: 'user' }
    const third = await grant(revoked)
    expect(third).not.toBe(second)
    await clock.skip(1_000)
    await own.deskbell.revoke({ id: 'ada', role: 'user' })
    revoked.send('pusher:subscribe', { channel, auth: third })
    expect((await revoked.end()).code).toBe(4100)
    expect(revoked.all('pusher_internal:subscription_succeeded')).toEqual([])
    late.close()
    await own.stop()
  })

  it('are those of the request for the permission, which the host sees again each minute', async () => {
    const clock = new SkippingClock()
    clock.stand()
    const cookies: (string | null)[] = []
    const own = await startDesk({
      pusherKey: KEY,
      clock,
      authenticate(request) {
        cookies.push(request.headers.get('cookie'))
        return { id: 'ada', role: 'user' }
      },
    })
    const headers = { cookie: 'session=s3cret' }
    const { body } = await own.call<{ id: string }>('GET', '/support_chat', undefined, undefined, headers)
    const socket = await PusherSocket.open(own)
    const channel_name = chatChannel(body.id)
    const wish = { socket_id: await socket.socketId(), channel_name }
    const granted = await own.call<{ auth: string }>('POST', '/pusher/auth', undefined, wish, headers)
    expect(granted.text).not.toContain('s3cret')
    expect(await socket.claim(channel_name, granted.body.auth)).toBe(true)
    cookies.splice(0)
    await pass(clock, socket, 66)
    expect(cookies).toEqual(['session=s3cret'])
    expect(socket.closed).toBeUndefined()
    socket.close()
    await own.stop()
  })
})

it('permissions of both secrets are good while the secret is replaced, on every node', async () => {
  const NEW = 'the new secret, which only the tests know'
  const { token, chatId } = await person()
  const node = createDeskbell({
    store: desk.store,
    secret: [NEW, SECRET],
    publicUrl: 'http://desk.example',
    pusherKey: KEY,
    mailer: { send: async () => undefined },
  })
  const server = createServer(node.listener).on('upgrade', node.upgrade)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const other = { url: `http://127.0.0.1:${port}`, wsUrl: `ws://127.0.0.1:${port}` }
  const socket = await PusherSocket.open(other)
  const fields = { socket_id: await socket.socketId(), channel_name: chatChannel(chatId) }
  const old = await authorize(desk, token, fields)
  expect(await socket.claim(chatChannel(chatId), old.auth)).toBe(true)
  const again = await PusherSocket.open(other)
  expect(await again.subscribe(chatChannel(chatId), token)).toBe(true)
  // A node that does not know the new secret yet does not take its permissions
  const mine = await connect()
  const fresh = await authorize(other, token, { ...fields, socket_id: await mine.socketId() })
  expect(await mine.claim(chatChannel(chatId), fresh.auth)).toBe(false)
  socket.close()
  again.close()
  server.close()
  await node.close()
})

it('over the limit of a person, clients wait a second; a stop sends them to another node at once', async () => {
  const own = await startDesk({ pusherKey: KEY, personConnections: 2 })
  const { token, chatId } = await own.person('ada')
  const sockets = await Promise.all([0, 1, 2].map(() => PusherSocket.open(own)))
  const [a, b, c] = sockets
  expect(await a?.subscribe(chatChannel(chatId), token)).toBe(true)
  expect(await b?.subscribe(chatChannel(chatId), token)).toBe(true)
  const auth = await authorize(own, token, {
    socket_id: (await c?.socketId()) ?? '',
    channel_name: chatChannel(chatId),
  })
  c?.send('pusher:subscribe', { channel: chatChannel(chatId), auth: auth.auth })
  expect((await c?.end())?.code).toBe(4100)
  // The place of one that leaves is free again
  b?.close()
  await until(() => own.deskbell.load().connections.pusher === 1)
  const d = await PusherSocket.open(own)
  expect(await d.subscribe(chatChannel(chatId), token)).toBe(true)
  const unnamed = await PusherSocket.open(own)
  const stopped = own.stop()
  for (const socket of [a, d, unnamed]) {
    expect((await socket?.end())?.code).toBe(4200)
    expect(socket?.all('pusher:error').at(-1)).toMatchObject({ code: 4200 })
  }
  await stopped
})

it('a key that cannot be in a URL is refused at the start', () => {
  expect(() =>
    createDeskbell({
      store: desk.store,
      secret: SECRET,
      publicUrl: 'http://desk.example',
      mailer: { send: async () => undefined },
      pusherKey: 'a/b',
    }),
  ).toThrow(/pusherKey .* not "a\/b"/)
})
