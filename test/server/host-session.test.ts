// A session of the host's app, and the connections that were opened with it: they end when it does.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HostAuthenticate } from '../../src/entries/node.ts'
import { ANSWERS_WITHIN } from '../../src/server/people/host-person.ts'
import { SESSION_CHECKED_EVERY, UNCHECKED_AT_MOST } from '../../src/server/realtime/connections/host-session.ts'
import { SkippingClock } from '../../src/testing/skipping-clock.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { TestStream } from '../support/event-stream.ts'
import { chatId, refusal, TestSocket, V1 } from '../support/socket.ts'

let authenticate: HostAuthenticate
let asked: Request[]
let clock: SkippingClock
let desk: Desk
beforeEach(async () => {
  authenticate = () => null
  asked = []
  clock = new SkippingClock()
  desk = await startDesk({
    clock,
    authenticate: (request) => {
      asked.push(request)
      return authenticate(request)
    },
  })
})
afterEach(() => desk.stop())

const COOKIE = { cookie: 'sid=1' }
const ada = () => ({ id: 'ada', role: 'user' }) as const
const cable = () => TestSocket.open(`${desk.wsUrl}/cable`, [V1], { headers: COOKIE })
const plain = () => TestSocket.open(`${desk.wsUrl}/ws/chat`, [], { headers: COOKIE })
const visit = () => desk.call('GET', '/support_chat', undefined, undefined, COOKIE)

/** Time in which peers answer pings, as they do */
async function pass(ms: number, ...sockets: TestSocket[]): Promise<void> {
  for (let left = ms; left > 0; left -= 3_000) {
    await clock.skip(Math.min(left, 3_000))
    for (const socket of sockets) if (!socket.closed) await Promise.race([socket.pong(), until(() => socket.closed)])
  }
}

describe('a connection ends within a minute', () => {
  it.each<[string, HostAuthenticate]>([
    ['when the session does', () => null],
    ['when the session’s end has passed', () => ({ ...ada(), expiresAt: clock.now() - 1 })],
    ['when the session is somebody else’s now', () => ({ ...ada(), id: 'bob' })],
    ['when the person is no longer of that role', () => ({ ...ada(), role: 'admin' })],
  ])('%s, over every dialect, and comes back with what the page has then', async (_title, later) => {
    authenticate = ada
    const sockets = [await cable(), await plain()]
    for (const socket of sockets) await socket.pong()
    authenticate = later
    await pass(SESSION_CHECKED_EVERY + 3_000, ...sockets)
    for (const socket of sockets) expect(await socket.end()).toEqual({ code: 1001, reason: 'remote' })
    expect(sockets[0]?.frames.at(-1)).toEqual({ type: 'disconnect', reason: 'remote', reconnect: true })
    expect(desk.errors).toEqual([])
  })

  it('and is refused for good when it comes back without a session', async () => {
    expect((await refusal(`${desk.wsUrl}/ws/chat`, { headers: COOKIE })).status).toBe(401)
    const again = await cable()
    expect(await again.frame((f) => f.type === 'disconnect')).toMatchObject({
      reason: 'unauthorized',
      reconnect: false,
    })
  })

  it('as an event stream does, which is asked after each time it is opened anew', async () => {
    authenticate = ada
    const { body } = await visit()
    expect(body['id']).toBeDefined()
    const stream = await TestStream.open(`${desk.url}/support_chat/events`, 'host.own.token', COOKIE)
    authenticate = () => null
    await clock.skip(SESSION_CHECKED_EVERY)
    await stream.end()
    expect((await desk.call('GET', '/support_chat/events', undefined, undefined, COOKIE)).status).toBe(401)
  })
})

describe('a connection goes on', () => {
  it('while its session does, which is asked after by the minute and not by the message', async () => {
    authenticate = ada
    const id = String((await visit()).body['id'])
    const socket = await cable()
    await socket.subscribe(chatId(id))
    asked = []
    for (let n = 0; n < 20; n++) socket.perform(chatId(id), { action: 'send_message', content: `${n}` })
    await until(() => socket.events('new_message').length === 20)
    expect(asked).toEqual([])
    await pass(3 * SESSION_CHECKED_EVERY + 15_000, socket)
    expect(socket.closed).toBeUndefined()
    expect(asked.length).toBeGreaterThanOrEqual(3)
    expect(asked.length).toBeLessThanOrEqual(6)
    // With what the connection was opened with
    expect(asked.map(({ headers }) => headers.get('cookie'))).toEqual(asked.map(() => 'sid=1'))
    socket.close()
  })

  it('past the end that its session had, when that was prolonged', async () => {
    authenticate = () => ({ ...ada(), expiresAt: clock.now() + 90_000 })
    const socket = await cable()
    await pass(240_000, socket)
    expect(socket.closed).toBeUndefined()
    const end = clock.now() + 90_000
    authenticate = () => ({ ...ada(), expiresAt: end })
    await pass(95_000, socket)
    expect(await socket.end()).toMatchObject({ reason: 'remote' })
  })

  it('while the host cannot say, for five minutes, and the host is told once', async () => {
    authenticate = ada
    const socket = await cable()
    authenticate = () => {
      throw new Error('no database')
    }
    await pass(UNCHECKED_AT_MOST - SESSION_CHECKED_EVERY, socket)
    expect(socket.closed).toBeUndefined()
    expect(desk.errors.map(String)).toEqual(['Error: no database'])
    authenticate = ada
    await pass(SESSION_CHECKED_EVERY, socket)
    authenticate = () => Promise.reject(new Error('no database again'))
    // The host confirmed it at some time in the last minute, and the clock runs on beside its skips
    await pass(UNCHECKED_AT_MOST - 2 * SESSION_CHECKED_EVERY, socket)
    expect(socket.closed).toBeUndefined()
    await pass(3 * SESSION_CHECKED_EVERY, socket)
    expect(await socket.end()).toMatchObject({ reason: 'remote' })
    expect(desk.errors.map(String)).toEqual(['Error: no database', 'Error: no database again'])
  })

  it('and what the host says about the person meanwhile is stored', async () => {
    authenticate = ada
    await visit()
    const socket = await cable()
    authenticate = () => ({ ...ada(), email: 'new@example.com', attributes: { plan: 'Pro' } })
    await pass(SESSION_CHECKED_EVERY + 3_000, socket)
    await until(async () => (await desk.store.findPerson('ada'))?.email === 'new@example.com')
    expect(await desk.store.findPerson('ada')).toMatchObject({ attributes: { plan: 'Pro' } })
    socket.close()
  })
})

describe('authenticate', () => {
  it('may answer at once, or throw at once, or say undefined for nobody', async () => {
    authenticate = ada
    expect((await visit()).status).toBe(200)
    authenticate = () => undefined
    expect(await visit()).toMatchObject({ status: 401, body: { code: 'unauthorized' } })
    authenticate = () => {
      throw new TypeError('no database')
    }
    expect(await visit()).toMatchObject({ status: 500, body: { code: 'internal' } })
    expect((await refusal(`${desk.wsUrl}/ws/chat`, { headers: COOKIE })).status).toBe(500)
    expect(desk.errors.map(String)).toEqual(['TypeError: no database', 'TypeError: no database'])
  })

  it('that does not answer holds nothing up for longer than ten seconds', async () => {
    authenticate = () => new Promise(() => undefined)
    const waiting = visit()
    await until(() => asked.length === 1)
    await clock.skip(ANSWERS_WITHIN)
    const { status, headers, body } = await waiting
    expect([status, headers.get('retry-after'), body['code']]).toEqual([503, '1', 'unavailable'])
    expect(desk.errors.map(String)).toEqual(['HostTooSlow: authenticate took longer than 10 s'])
  })

  it('finds a token of the host’s own in Authorization, however a browser sent it', async () => {
    authenticate = ({ headers }) => (headers.get('authorization') === 'Bearer host.own.token' ? ada() : null)
    const bearer = { authorization: 'Bearer host.own.token' }
    expect((await desk.call('GET', '/support_chat', undefined, undefined, bearer)).status).toBe(200)
    const sockets = [
      await TestSocket.open(`${desk.wsUrl}/cable`, [V1, 'anycable-token.host.own.token']),
      await TestSocket.open(`${desk.wsUrl}/cable?jid=host.own.token`, [V1]),
      await TestSocket.open(`${desk.wsUrl}/cable`, [V1], { headers: bearer }),
    ]
    for (const socket of sockets) await socket.frame((f) => f.type === 'welcome')
    // Also when it is asked again
    await pass(SESSION_CHECKED_EVERY + 3_000, ...sockets)
    expect(sockets.map(({ closed }) => closed)).toEqual([undefined, undefined, undefined])
    for (const socket of sockets) socket.close()
  })

  it('is not asked for other sites, which a browser would send the cookie for', async () => {
    authenticate = ada
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      for (const [method, path] of [
        ['GET', '/support_chat'],
        ['POST', '/support_chat/messages'],
        ['PATCH', '/support_chat/mark_read'],
      ] as const) {
        const answer = await desk.call(method, path, undefined, undefined, { ...COOKIE, ...headers })
        expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden_origin' } })
      }
      for (const path of ['/cable', '/ws/chat'])
        expect((await refusal(desk.wsUrl + path, { headers: { ...COOKIE, ...headers } })).status).toBe(403)
    }
    expect(asked).toEqual([])
  })
})
