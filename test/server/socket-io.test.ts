// The chat in a namespace of the host's Socket.IO server, with the real client over both of its transports.
import type { Server } from 'socket.io'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ADDRESS_LIMITS } from '../../src/server/http/address-limits.ts'
import { LEEWAY } from '../../src/server/people/token.ts'
import { SkippingClock } from '../../src/testing/skipping-clock.ts'
import { pause, startDesk, until, type Desk } from '../support/desk.ts'
import { chatId, TestSocket, V1 } from '../support/socket.ts'
import { IoClient, serveSocketIo } from '../support/socket-io.ts'

let desk: Desk
let io: Server
let sam: string
const clients: IoClient[] = []
beforeAll(async () => {
  desk = await startDesk({ allowedOrigins: ['https://app.example'], rateLimit: null, visitors: true })
  io = serveSocketIo(desk)
  sam = await desk.admin()
})
afterEach(() => {
  for (const client of clients.splice(0)) client.close()
})
afterAll(async () => {
  expect(desk.errors).toEqual([])
  await io.close()
  await desk.stop()
})

/** A client that is not in yet, and may never be */
function visit(options: ConstructorParameters<typeof IoClient>[1] = {}, url = desk.url): IoClient {
  const client = new IoClient(url, options)
  clients.push(client)
  return client
}

async function open(token: string, options = {}, url = desk.url): Promise<IoClient> {
  const client = visit({ auth: { token }, ...options }, url)
  await until(() => client.socket.connected)
  return client
}

const say = (token: string, content: string) => desk.call('POST', '/support_chat/messages', token, { content })

describe.each(['websocket', 'polling'])('over %s', (transport) => {
  const transports = [transport]

  it('carries a conversation both ways: messages, typing, read marks, presence', async () => {
    const { token, chatId: chat } = await desk.person(`both-${transport}`)
    const [user, staff] = [await open(token, { transports }), await open(sam, { transports })]
    expect(await user.ask('subscribe')).toMatchObject({ ok: true, chat_id: chat, continues: true })
    expect(await staff.ask('subscribe', { chat_id: chat })).toMatchObject({ ok: true, chat_id: chat })
    expect(await staff.ask('subscribe', { stream: 'admin' })).toMatchObject({ ok: true, stream: 'admin' })

    const sent = await user.ask('send_message', { content: 'Hello', client_id: 'c1' })
    expect(sent).toMatchObject({ ok: true, repeated: false, message: { seq: 1, content: 'Hello', client_id: 'c1' } })
    await until(() => staff.texts.includes('Hello'))
    expect(staff.of('new_message')).toEqual([{ event: 'new_message', chat_id: chat, message: sent.message }])
    await until(() => staff.of('new_user_message').length > 0 && staff.of('chat_updated').some(({ chat }) => chat))
    expect(await staff.ask('typing', { chat_id: chat, typing: true })).toEqual({ ok: true })
    await until(() => user.of('typing').length > 0)
    expect(user.of('typing')[0]).toMatchObject({ chat_id: chat, sender_type: 'admin', name: 'Sam', typing: true })
    expect(await staff.ask('mark_viewed', { chat_id: chat, up_to_seq: 1 })).toEqual({ ok: true })
    await until(() => user.of('messages_read').some(({ reader }) => reader === 'admin'))
    staff.socket.emit('send_message', { chat_id: chat, content: 'Good morning' })
    await until(() => user.texts.length === 2)
    expect(user.texts).toEqual(['Hello', 'Good morning'])
    expect(user.of('presence').at(-1)).toMatchObject({ user_online: true, admins_online: 1 })
    expect(staff.of('typing')).toEqual([])
  })

  it('replays what came after a seq, in order, then the state, then what is new', async () => {
    const { token } = await desk.person(`replay-${transport}`)
    for (let n = 1; n <= 120; n++) await say(token, `m${n}`)
    const user = await open(token, { transports })
    const subscribed = user.ask('subscribe', { after: 3 })
    const late = user.ask('send_message', { content: 'new' })
    expect(await subscribed).toMatchObject({ ok: true, continues: true, epoch: desk.store.epoch })
    expect(await late).toMatchObject({ ok: true, message: { seq: 121 } })
    await until(() => user.seqs.at(-1) === 121)
    expect(user.seqs).toEqual(Array.from({ length: 118 }, (_, i) => i + 4))
    const events = user.heard.map(({ event }) => event)
    expect(events.indexOf('presence')).toBeGreaterThan(events.lastIndexOf('new_message') - 2)
  })

  it('answers a repeated client_id with the stored message, and the same id for other words with an error', async () => {
    const { token } = await desk.person(`twice-${transport}`)
    const user = await open(token, { transports })
    await user.ask('subscribe')
    const first = await user.ask('send_message', { content: 'Once', client_id: 'same' })
    const again = await user.ask('send_message', { content: 'Once', client_id: 'same' })
    expect(again).toEqual({ ok: true, repeated: true, message: first.message })
    const other = await user.ask('send_message', { content: 'Other', client_id: 'same' })
    expect(other).toMatchObject({ ok: false, code: 'conflict' })
    expect(user.texts).toEqual(['Once'])
  })

  it('comes back to a server that was restarted, and misses nothing', async () => {
    const own = await startDesk()
    let host = serveSocketIo(own, { transports: ['polling', 'websocket'] })
    const { token, chatId: chat } = await own.person('ada')
    const user = await open(token, { transports }, own.url)
    let last = 0
    user.socket.on('new_message', ({ message }: { message: { seq: number } }) => (last = message.seq))
    user.socket.on('connect', () => user.socket.emit('subscribe', { after: last }))
    await user.ask('subscribe', { after: 0 })
    await user.ask('send_message', { content: 'before' })
    await until(() => last === 1)
    await own.deskbell.close()
    await until(() => user.of('closing').length > 0)
    expect(user.of('closing')).toEqual([{ event: 'closing', reason: 'server_restart', reconnect: true }])
    await host.close()
    await own.restart()
    host = serveSocketIo(own)
    await own.call('POST', `/admin/chats/${chat}/messages`, await own.admin(), { content: 'after' })
    await until(() => user.texts.length === 2)
    expect(user.texts).toEqual(['before', 'after'])
    await host.close()
    await own.stop()
  })
})

describe('who is let in', () => {
  /** What a client is told that is not let in */
  async function refusalOf(options: ConstructorParameters<typeof IoClient>[1], url = desk.url): Promise<unknown> {
    const client = visit(options, url)
    await until(() => client.refusals.length > 0)
    expect(client.socket.active).toBe(false)
    return client.refusals[0]?.code
  }

  it('nobody without credentials, with bad ones, or from a page elsewhere', async () => {
    expect(await refusalOf({})).toBe('unauthorized')
    expect(await refusalOf({ auth: { token: 'nonsense' } })).toBe('token_invalid')
    for (const token of [7, {}, ['x'], null, '']) expect(await refusalOf({ auth: { token } })).toBe('unauthorized')
    expect(await refusalOf({ auth: { token: 'a\nb: c' } })).toBe('invalid_request')
    expect(await refusalOf({ auth: { token: await desk.user('ada', -70) } })).toBe('token_expired')
    const auth = { token: await desk.user('ada') }
    const from = (origin: string) => ({ auth, extraHeaders: { origin } })
    expect(await refusalOf(from('https://evil.example'))).toBe('forbidden_origin')
    const allowed = visit(from('https://app.example'))
    await until(() => allowed.socket.connected)
  })

  it('a visitor by the token that their browser made', async () => {
    const token = `dbv_${'a'.repeat(43)}`
    const visitor = await open(token)
    expect(await visitor.ask('subscribe', { after: 0 })).toMatchObject({ ok: true })
    expect(await visitor.ask('send_message', { content: 'First words' })).toMatchObject({ ok: true })
    await until(() => visitor.texts.length === 1)
    expect(visitor.seqs).toEqual([1])
  })

  it("the host's own person, by cookie or by a token of the host's, who is asked about again", async () => {
    const clock = new SkippingClock()
    const sessions = new Set(['1', '2'])
    const own = await startDesk({
      clock,
      authenticate: (request) => {
        const cookie = /who=(\d)/.exec(request.headers.get('cookie') ?? '')?.[1]
        const bearer = request.headers.get('authorization') === 'Bearer of the host' ? '2' : undefined
        const id = cookie ?? bearer
        return id !== undefined && sessions.has(id) ? { id, role: 'user' } : null
      },
    })
    const host = serveSocketIo(own)
    const cookie = visit({ extraHeaders: { cookie: 'who=1' }, reconnection: false }, own.url)
    const bearer = visit({ auth: { token: 'of the host' } }, own.url)
    await until(() => cookie.socket.connected && bearer.socket.connected)
    expect((await cookie.ask('send_message', { content: 'by cookie' })).message?.seq).toBe(1)
    expect(await refusalOf({ extraHeaders: { cookie: 'who=3' } }, own.url)).toBe('unauthorized')
    sessions.delete('1')
    await clock.skip(61_000)
    await until(() => cookie.ends.length > 0)
    expect(cookie.of('closing')).toMatchObject([{ reason: 'remote', reconnect: true }])
    expect(bearer.ends).toEqual([])
    await host.close()
    await own.stop()
  })

  it.each([
    ['person', { personConnections: 2 }],
    ['address', { addressLimits: { ...ADDRESS_LIMITS, connections: 2 } }],
  ])('so many of a %s at once', async (what, limit) => {
    const own = await startDesk(limit)
    const host = serveSocketIo(own)
    const enter = async (id: string) => visit({ auth: { token: await own.user(id) } }, own.url)
    const two = [await enter('ada'), await enter('ada')]
    await until(() => two.every(({ socket }) => socket.connected))
    const third = await enter(what === 'person' ? 'ada' : 'bob')
    await until(() => third.refusals.length > 0)
    expect(third.refusals).toMatchObject([{ code: 'rate_limited' }])
    expect(third.refusals[0]?.retry_after).toBeGreaterThan(0)
    expect(own.deskbell.load().connections['socket.io']).toBe(2)
    two[0]?.close()
    await until(() => own.deskbell.load().connections['socket.io'] === 1)
    third.socket.connect()
    await until(() => third.socket.connected)
    await host.close()
    await own.stop()
  })
})

describe('a socket ends', () => {
  it('within 5 s of its revocation, and when its token expires; the same page may return with a better one', async () => {
    const clock = new SkippingClock()
    const own = await startDesk({ clock })
    const host = serveSocketIo(own)
    const revoked = await open(await own.user('ada'), {}, own.url)
    const expiring = await open(await own.user('bob', 600 - LEEWAY), {}, own.url)
    const other = await open(await own.user('cid'), {}, own.url)
    await own.deskbell.revoke({ id: 'ada', role: 'user' })
    for (let second = 0; second < 5; second++) await clock.skip(1_000)
    await until(() => revoked.ends.length > 0)
    expect(revoked.of('closing')).toEqual([{ event: 'closing', reason: 'unauthorized', reconnect: false }])
    expect(revoked.ends).toEqual(['io server disconnect'])
    revoked.socket.connect()
    await until(() => revoked.refusals.length > 0)
    expect(revoked.refusals).toMatchObject([{ code: 'token_revoked' }])

    await clock.skip(605_000)
    await until(() => expiring.ends.length > 0)
    expect(expiring.of('closing')).toMatchObject([{ reason: 'token_expired', reconnect: false }])
    expiring.socket.auth = { token: await own.user('bob', 7_200) }
    expiring.socket.connect()
    await until(() => expiring.socket.connected)
    expect(other.ends).toEqual([])
    await host.close()
    await own.stop()
  })

  it('with the chat, which is erased', async () => {
    const { token, chatId: chat } = await desk.person('erased')
    const staff = await open(sam)
    const user = await open(token)
    await Promise.all([staff.ask('subscribe', { chat_id: chat }), user.ask('subscribe')])
    await desk.deskbell.erasePerson('erased')
    await until(() => user.ends.length > 0 && staff.of('unsubscribed').length > 0)
    expect(staff.of('unsubscribed')).toMatchObject([{ chat_id: chat, code: 'not_found' }])
    expect(staff.ends).toEqual([])
  })
})

describe('bad input', () => {
  it('is answered with an error, or not at all, and never hurts others', async () => {
    const [ada, bob] = [await desk.person('ada'), await desk.person('bob')]
    const user = await open(ada.token)
    const refused = async (name: string, ...args: unknown[]): Promise<string | undefined> =>
      (await user.ask(name, ...args)).code
    for (const args of [['text'], [7], [[1]], [true], [Buffer.from('bytes')]])
      expect(await refused('send_message', ...args)).toBe('invalid_request')
    for (const content of [undefined, 7, {}, ['x'], null, Buffer.from('bytes')])
      expect(await refused('send_message', { content })).toBe('invalid_request')
    expect(await refused('send_message', { content: ' ' })).toBe('blank')
    expect(await refused('send_message', { content: 'x'.repeat(10_001) })).toBe('too_long')
    for (const client_id of [7, 'a b', 'x'.repeat(65), {}])
      expect(await refused('send_message', { content: 'x', client_id })).toBe('invalid_request')
    for (const name of ['subscribe', 'send_message', 'mark_read', 'typing', 'unsubscribe'])
      for (const chat_id of [bob.chatId, 'nonsense', '__proto__', 7, {}, sam])
        expect(await refused(name, { chat_id, content: 'x' })).toBe('not_found')
    expect(await refused('subscribe', { stream: 'admin' })).toBe('forbidden')
    for (const after of [-1, 1.5, '3', 2 ** 60, {}])
      expect(await refused('subscribe', { after })).toBe('invalid_request')
    expect(await refused('mark_read', { up_to_seq: 'all' })).toBe('invalid_request')
    const staff = await open(sam)
    expect(await staff.ask('subscribe', {})).toMatchObject({ ok: false, code: 'not_found' })
    expect(await staff.ask('send_message', { stream: 'admin', content: 'x' })).toMatchObject({
      code: 'invalid_request',
    })

    // Nobody waits for an answer: what was refused comes as an event
    user.socket.emit('send_message', { content: ' ', client_id: 'unanswered' })
    await until(() => user.of('nack').length > 0)
    expect(user.of('nack')).toMatchObject([{ client_id: 'unanswered', code: 'blank' }])
    expect(await user.ask('send_message', { content: 'Still here' })).toMatchObject({ ok: true })
    expect((await desk.store.messages(bob.chatId, { after: 0, limit: 10 })).messages).toEqual([])
  })

  it('cuts off who sends too much of it: unknown events, and ten thousand subscriptions', async () => {
    const { token } = await desk.person('flood')
    const strange = await open(token, { reconnection: false })
    for (let n = 0; n < 30; n++) strange.socket.emit('no_such_event', n)
    await until(() => strange.ends.length > 0)
    const quiet = await open(token)
    const own = await startDesk()
    const host = serveSocketIo(own)
    const [hasty, steady] = [
      await open(await own.admin('hasty'), { reconnection: false }, own.url),
      await open(await own.admin('steady'), { reconnection: false }, own.url),
    ]
    // All at once, and as fast as they are answered
    for (let n = 0; n < 10_000; n++) hasty.socket.emit('subscribe', { chat_id: `${n}` })
    for (let n = 0; n < 10_000 && steady.ends.length === 0; n += 100) {
      await Promise.allSettled(Array.from({ length: 100 }, (_, i) => steady.ask('subscribe', { chat_id: `${n + i}` })))
    }
    await until(() => hasty.ends.length > 0)
    expect(steady.ends).toHaveLength(1)
    expect(await quiet.ask('subscribe')).toMatchObject({ ok: true })
    await host.close()
    await own.stop()
  })

  it('a packet above the maxHttpBufferSize of the host ends that connection alone', async () => {
    const { token } = await desk.person('large')
    const [large, other] = [await open(token, { reconnection: false }), await open(token)]
    large.socket.emit('send_message', { content: 'x'.repeat(1_100_000) })
    await until(() => large.ends.length > 0)
    expect(await other.ask('subscribe')).toMatchObject({ ok: true })
  })
})

describe('beside the host', () => {
  it.each(['first', 'last'])('its namespaces and our /cable go on, with Socket.IO attached %s', async (order) => {
    // Engine.IO ends upgrades that nobody has answered after a second, unless the host turns that off
    let isSlow = false
    const own = await startDesk({
      authenticate: async () => {
        if (isSlow) await pause(1_500)
        return { id: 'ada', role: 'user' }
      },
    })
    if (order === 'first') own.server.removeListener('upgrade', own.deskbell.upgrade)
    const host = serveSocketIo(own)
    if (order === 'first') own.server.on('upgrade', own.deskbell.upgrade)
    host.on('connection', (socket) => socket.on('echo', (text: string, answer: (text: string) => void) => answer(text)))

    const user = visit({ auth: { token: await own.user('ada') } }, own.url)
    const hosts = user.socket.io.socket('/')
    hosts.connect()
    await until(() => user.socket.connected && hosts.connected)
    isSlow = true
    const cable = await TestSocket.open(`${own.wsUrl}/cable`, [V1])
    isSlow = false
    const { chat_id } = await user.ask('subscribe')
    await cable.subscribe(chatId(String(chat_id)))
    await user.ask('send_message', { content: 'from Socket.IO' })
    await until(() => cable.frames.some((frame) => frame.message?.message?.content === 'from Socket.IO'))
    // What ends is the chat alone
    expect(await hosts.emitWithAck('echo', 'before')).toBe('before')
    await own.deskbell.revoke({ id: 'ada', role: 'user' })
    await until(() => user.ends.length > 0)
    expect(user.ends).toEqual(['io server disconnect'])
    expect(await hosts.emitWithAck('echo', 'after')).toBe('after')
    expect(hosts.connected).toBe(true)
    hosts.disconnect()
    cable.close()
    await host.close()
    await own.stop()
  })
})
