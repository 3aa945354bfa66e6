// Push notifications to staff whose dashboard is closed.
import webPush from 'web-push'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { guardedPush } from '../../src/adapters/guarded-post.ts'
import { MemoryExchange } from '../../src/buses/memory.ts'
import { sqliteStore, type DeskbellOptions } from '../../src/entries/node.ts'
import type { PushKey, PushSubscribed } from '../../src/protocol/push.ts'
import type { Clock } from '../../src/server/ports/clock.ts'
import type { PostPush } from '../../src/server/ports/push-post.ts'
import { PUSH_AFTER } from '../../src/server/push/pushes.ts'
import { KEPT_FOR, MOST_BROWSERS } from '../../src/server/push/subscriptions.ts'
import { FakeClock } from '../../src/testing/fake-clock.ts'
import { openConnections, startDesk, until, type Desk } from '../support/desk.ts'
import { startServer } from '../support/running-server.ts'
import { startPushService, type PushService, type SubscribedBrowser } from '../support/push-service.ts'
import { ADMIN, TestSocket, V1 } from '../support/socket.ts'
import { StaffBrowser } from '../support/staff-browser.ts'

let clock: FakeClock
let service: PushService
const desks: Desk[] = []
const sockets: TestSocket[] = []
beforeEach(async () => {
  clock = new FakeClock(Date.now())
  underWay = 0
  service = await startPushService()
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close()
  for (const desk of desks.splice(0).toReversed()) await desk.stop()
  await service.stop()
})

/** Pushes that the service has not answered, as the server sees it */
let underWay = 0
async function start(options: Partial<DeskbellOptions> = {}, shared?: string): Promise<Desk> {
  const post = guardedPush(service.agent)
  const postPush: PostPush = (push) => {
    underWay++
    return post(push).finally(() => underWay--)
  }
  const desk = await startDesk({ clock, publicUrl: 'https://acme.example/support', postPush, ...options }, shared)
  desks.push(desk)
  return desk
}
/** Until the server knows what became of it too: only then may so much time pass that it would give up */
const answered = (isThere: () => boolean, hanging = 0) => until(() => isThere() && underWay === hanging)
const bodyOf = ({ endpoint, keys }: SubscribedBrowser) => ({ endpoint, ...keys })
const keyOf = async (desk: Desk): Promise<string> =>
  (await desk.call<PushKey>('GET', '/admin/push', await desk.admin())).body.public_key
const save = async (desk: Desk, staff: string, browser: SubscribedBrowser, token?: string) =>
  desk.call<PushSubscribed>('PUT', '/admin/push/subscription', token ?? (await desk.admin(staff)), bodyOf(browser))
/** A browser of somebody of staff turns notifications on */
async function subscribe(desk: Desk, staff: string): Promise<SubscribedBrowser> {
  const browser = service.browser(await keyOf(desk))
  expect((await save(desk, staff, browser)).status).toBe(200)
  return browser
}
async function write(desk: Desk, id: string, content: string): Promise<string> {
  const { token, chatId } = await desk.person(id)
  expect((await desk.call('POST', '/support_chat/messages', token, { content })).status).toBe(201)
  return chatId
}
/** Pushes that are due go out */
const pass = (ms = PUSH_AFTER) => clock.advance(ms)
const told = (browser: SubscribedBrowser) =>
  service.received.filter(({ endpoint }) => endpoint === browser.endpoint).map(({ payload }) => payload['body'])
const stored = async (desk: Desk) => (await desk.store.push?.())?.pushSubscriptions(new Date(0).toISOString()) ?? []

it('A browser is told who wrote and how it begins, in a push that a service takes, and a burst is one', async () => {
  const desk = await start()
  const sam = await subscribe(desk, 'sam')
  await write(desk, 'ada', 'Hello?')
  await pass(PUSH_AFTER - 1)
  const chatId = await write(desk, 'ada', `Is <b>anybody</b> *there*? ${'😀'.repeat(200)}`)
  expect(service.received).toEqual([])
  await pass(1)
  await until(() => service.received.length > 0)
  const [push] = service.received
  expect(push).toMatchObject({
    endpoint: sam.endpoint,
    topic: chatId.replaceAll('-', ''),
    urgency: 'high',
    ttl: 3_600,
    contact: 'https://acme.example/support',
    publicKey: await keyOf(desk),
  })
  expect(Object.keys(push?.payload ?? {}).sort()).toEqual(['body', 'chat_id', 'title'])
  expect(push?.payload).toMatchObject({ title: 'User ada', chat_id: chatId })
  expect(push?.payload['body']).toMatch(/^Is <b>anybody<\/b> there\? 😀+…$/u)
  await write(desk, 'ada', 'Anybody?')
  await pass()
  await until(() => service.received.length === 2)
  expect(told(sam)).toEqual([expect.stringContaining('there?'), 'Anybody?'])
  expect(service.refused).toEqual([])
  expect(desk.errors).toEqual([])
})

it('Chats that are written to soon after each other are looked for together, the later ones by half a second at most', async () => {
  const desk = await start()
  const sam = await subscribe(desk, 'sam')
  await write(desk, 'ada', 'one')
  await clock.advance(100)
  await write(desk, 'bob', 'two')
  await clock.advance(100)
  await write(desk, 'cyd', 'three')
  await pass(PUSH_AFTER - 200)
  await until(() => told(sam).length === 1)
  await pass(499)
  expect(told(sam)).toEqual(['one'])
  await pass(1)
  await until(() => told(sam).length === 3)
  expect(told(sam).toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual(['one', 'three', 'two'])
})

it('A clock that is set back delays no push, neither one that waits nor the next', async () => {
  let back = 0
  const setBack: Clock = { now: () => clock.now() - back, after: (ms, task) => clock.after(ms, task) }
  const desk = await start({ clock: setBack })
  const sam = await subscribe(desk, 'sam')
  // By the host, because tokens of now would come from the future
  const say = async (id: string, content: string) => {
    await desk.deskbell.chats.open({ id })
    await desk.deskbell.chats.send({ userId: id, as: 'user', content })
  }
  await say('ada', 'one')
  await pass()
  await answered(() => told(sam).includes('one'))
  back = 600_000
  await say('bob', 'two')
  await pass()
  await answered(() => told(sam).includes('two'))
  await say('cyd', 'three')
  back = 1_200_000
  await pass()
  await answered(() => told(sam).includes('three'))
  expect(told(sam)).toEqual(['one', 'two', 'three'])
})

it('The longest names and beginnings fit', async () => {
  const desk = await start()
  const sam = await subscribe(desk, 'sam')
  const name = '中'.repeat(200)
  const content = `x${'\u0001'.repeat(500)}`
  await desk.deskbell.chats.open({ id: 'long', name })
  await desk.deskbell.chats.send({ userId: 'long', as: 'user', content })
  await pass()
  await until(() => told(sam).length === 1)
  expect(service.received[0]?.payload['title']).toBe(name)
  expect(service.received[0]?.bytes).toBeLessThan(4_096)
})

it('Whoever has the chat is told alone; of one that nobody has, all are, once', async () => {
  const desk = await start()
  const [sam, kim] = [await subscribe(desk, 'sam'), await subscribe(desk, 'kim')]
  const chatId = await write(desk, 'ada', 'one')
  await pass()
  await until(() => service.received.length === 2)
  expect([told(sam), told(kim)]).toEqual([['one'], ['one']])
  await desk.call('POST', `/admin/chats/${chatId}/assign`, await desk.admin('kim'), { assignee_id: 'kim' })
  await write(desk, 'ada', 'two')
  await pass()
  await until(() => told(kim).length === 2)
  expect(told(sam)).toEqual(['one'])
  // No screen of hers could tell her
  await desk.call('POST', `/admin/chats/${chatId}/assign`, await desk.admin('lee'), { assignee_id: 'lee' })
  await write(desk, 'ada', 'three')
  await pass()
  await until(() => service.received.length === 5)
  expect([told(sam), told(kim)]).toEqual([
    ['one', 'three'],
    ['one', 'two', 'three'],
  ])
})

it('Nobody is told of what was viewed, archived or answered by staff, of messages of staff, or twice of a repeated one', async () => {
  const desk = await start()
  const sam = await subscribe(desk, 'sam')
  const token = await desk.admin('kim')
  const viewed = await write(desk, 'viewed', 'viewed')
  await desk.call('POST', `/admin/chats/${viewed}/mark_viewed`, token)
  const archived = await write(desk, 'archived', 'archived')
  await desk.call('POST', `/admin/chats/${archived}/archive`, token)
  const ada = await desk.person('ada')
  // Whoever replies has the chat
  await desk.call('POST', `/admin/chats/${ada.chatId}/messages`, await desk.admin('sam'), { content: 'by staff' })
  await desk.call('POST', `/admin/chats/${ada.chatId}/notes`, token, { content: 'a note' })
  await pass()
  for (let i = 0; i < 2; i++)
    await desk.call('POST', '/support_chat/messages', ada.token, { content: 'once', client_id: 'c1' })
  await pass()
  await until(() => told(sam).includes('once'))
  await desk.call('POST', '/support_chat/messages', ada.token, { content: 'once', client_id: 'c1' })
  await write(desk, 'bob', 'last')
  await pass()
  await until(() => told(sam).includes('last'))
  expect(told(sam)).toEqual(['once', 'last'])
})

it('Whoever has the desk open on any node is told by their page; two nodes tell the others once', async () => {
  const exchange = new MemoryExchange()
  let hints = 0
  const observer = { hint: (direction: 'sent' | 'received') => void (direction === 'received' && hints++) }
  const here = await start({ bus: exchange.bus(), observer })
  const there = await start({ bus: exchange.bus() }, here.file)
  expect(await keyOf(here)).toBe(await keyOf(there))
  const [sam, kim] = [await subscribe(here, 'sam'), await subscribe(there, 'kim')]
  const socket = await TestSocket.open(`${there.wsUrl}/cable?jid=${await there.admin('kim')}`, [V1])
  sockets.push(socket)
  await socket.subscribe(ADMIN)
  await clock.advance(1)
  await until(() => hints > 0)
  await write(here, 'ada', 'one')
  await pass()
  await until(() => told(sam).length === 1)
  expect(told(kim)).toEqual([])
  socket.close()
  await until(async () => (await openConnections(there)) === 0)
  await clock.advance(1)
  await write(there, 'ada', 'two')
  await pass()
  await until(() => service.received.length === 3)
  expect([told(sam), told(kim)]).toEqual([['one', 'two'], ['two']])
})

it('A browser that is gone, and one that no service knows, are forgotten, and a private address is never asked', async () => {
  const desk = await start()
  const gone = await subscribe(desk, 'sam')
  await desk.call('GET', '/admin/chats', await desk.admin('sam'))
  const other = service.browser()
  await save(desk, 'sam', { ...other, endpoint: `https://push.test:${service.port}/send/unknown` })
  for (const endpoint of ['https://127.0.0.1/x', 'https://10.0.0.1:8443/', 'https://localhost:99999/x'])
    expect((await save(desk, 'sam', { ...other, endpoint })).status).toBe(200)
  await save(desk, 'sam', { endpoint: 'https://push.test/x', keys: { ...other.keys, p256dh: `B${'A'.repeat(86)}` } })
  service.answer = () => 410
  await write(desk, 'ada', 'one')
  await pass()
  await until(async () => (await stored(desk)).length === 0)
  expect(told(gone)).toEqual(['one'])
  expect(service.refused).toEqual(['404 no such subscription'])
  expect(desk.errors).toEqual([])
})

it('A name that leads into the own network is not connected to', async () => {
  const desk = await startDesk({ clock })
  desks.push(desk)
  await save(desk, 'sam', { ...service.browser(), endpoint: `https://localhost:${service.port}/send/x` })
  await write(desk, 'ada', 'one')
  await pass()
  await until(async () => (await stored(desk)).length === 0)
  expect(service.refused).toEqual([])
})

it('A service that is busy is asked again when it wishes, some times, and what was viewed meanwhile is left out', async () => {
  const desk = await start()
  const [sam, kim] = [await subscribe(desk, 'sam'), await subscribe(desk, 'kim')]
  service.answer = ({ endpoint }) => (endpoint === kim.endpoint ? [429, { 'retry-after': '20' }] : 201)
  await write(desk, 'ada', 'one')
  await pass()
  await answered(() => service.received.length === 2)
  await pass(19_000)
  expect(service.received).toHaveLength(2)
  service.answer = () => 503
  await pass(1_000)
  await answered(() => told(kim).length === 2)
  await pass(5_000)
  await answered(() => told(kim).length === 3)
  await until(() => desk.errors.length === 1)
  expect(String(desk.errors)).toContain('answered 503')
  await pass(60_000)
  expect([told(sam), told(kim)]).toEqual([['one'], ['one', 'one', 'one']])

  service.answer = () => 500
  const chatId = await write(desk, 'bob', 'two')
  await pass()
  await answered(() => told(sam).length === 2)
  await desk.call('POST', `/admin/chats/${chatId}/mark_viewed`, await desk.admin())
  await pass(60_000)
  await write(desk, 'cyd', 'three')
  await pass()
  await answered(() => told(sam).includes('three'))
  expect(told(sam)).toEqual(['one', 'two', 'three'])
})

it('Who signs out, or is staff no more, is told of nothing more; the rest expires', async () => {
  const desk = await start()
  const session = (sub: string, jti: string) =>
    desk.tokens.sign({ sub, jti, name: sub }, { audience: 'deskbell-admin', expiresIn: 3_600 })
  const [one, two] = [service.browser(), service.browser()]
  await save(desk, 'sam', one, await session('sam', 's1'))
  await save(desk, 'sam', two, await session('sam', 's2'))
  const kim = await subscribe(desk, 'kim')
  await desk.deskbell.revoke({ session: 's1' })
  expect((await stored(desk)).map(({ endpoint }) => endpoint).sort()).toEqual([two.endpoint, kim.endpoint].sort())
  await write(desk, 'ada', 'one')
  await pass()
  await answered(() => service.received.length === 2)
  // By another program, such as `deskbell revoke`
  await clock.advance(10_000)
  await desk.store.revoke({ subject: 'admin:kim', revoked_at: new Date(clock.now()).toISOString() })
  await clock.advance(10_000)
  await write(desk, 'ada', 'two')
  await pass()
  await answered(() => told(two).includes('two'))
  expect([told(one), told(kim)]).toEqual([[], ['one']])
  expect(await stored(desk)).toHaveLength(1)
  // Whoever comes back has it again
  await clock.advance(1_000)
  const back = await desk.tokens.sign(
    { sub: 'kim', name: 'kim' },
    { audience: 'deskbell-admin', issuedAt: clock.now(), expiresIn: 3_600 },
  )
  await save(desk, 'kim', kim, back)
  await write(desk, 'ada', 'three')
  await pass()
  await answered(() => told(kim).includes('three'))
  const [known] = await stored(desk)
  const push = (await desk.store.push?.()) ?? expect.fail('SQLite keeps them')
  const late = new Date(clock.now() - KEPT_FOR).toISOString()
  await push.savePushSubscription({ ...(known ?? expect.fail('there is one')), id: 'late', renewed_at: late }, 10)
  const before = (await stored(desk)).length
  await clock.advance(3_600_000)
  await until(async () => (await stored(desk)).length === before - 1)
  expect((await stored(desk)).map(({ id }) => id)).not.toContain('late')
})

it('The next person at a browser takes it over, a person has so many, and removes but their own', async () => {
  const desk = await start()
  const shared = await subscribe(desk, 'sam')
  await save(desk, 'kim', shared)
  expect((await stored(desk)).map(({ staff_id }) => staff_id)).toEqual(['kim'])
  const { body } = await save(desk, 'kim', shared)
  expect(Date.parse(body.expires_at) - clock.now()).toBe(KEPT_FOR)
  const remove = async (staff: string, id = body.id) =>
    (await desk.call('DELETE', `/admin/push/subscriptions/${encodeURIComponent(id)}`, await desk.admin(staff))).status
  for (const id of ['none', 'a\0b', '🙂'.repeat(64)]) expect(await remove('kim', id)).toBe(204)
  expect([await remove('sam'), (await stored(desk)).length]).toEqual([204, 1])
  expect([await remove('kim'), await remove('kim'), (await stored(desk)).length]).toEqual([204, 204, 0])
  for (let i = 0; i <= MOST_BROWSERS; i++) {
    await clock.advance(1_000)
    await subscribe(desk, 'sam')
  }
  expect(await stored(desk)).toHaveLength(MOST_BROWSERS)
})

it('Users have no part in it, and endpoints are https alone', async () => {
  const desk = await start()
  const ada = await desk.user('ada')
  const browser = service.browser()
  expect((await desk.call('GET', '/admin/push', ada)).status).toBe(403)
  expect((await save(desk, '', browser, ada)).status).toBe(403)
  expect((await desk.call('GET', '/admin/push')).status).toBe(401)
  for (const endpoint of ['http://push.test/x', 'ftp://push.test/', 'https://user:pass@push.test/', 'nonsense'])
    expect((await save(desk, 'sam', { ...browser, endpoint })).status).toBe(400)
  const evil = { origin: 'https://evil.example' }
  const forged = await desk.call('PUT', '/admin/push/subscription', await desk.admin(), bodyOf(browser), evil)
  expect(forged.status).toBe(403)
  expect(await stored(desk)).toEqual([])
})

it('A send never waits for a push, a stop sends what waits, and needs no clock for it', async () => {
  const desk = await start()
  const sam = await subscribe(desk, 'sam')
  service.answer = () => [429, { 'retry-after': '50' }]
  await write(desk, 'ada', 'one')
  await pass()
  await until(() => told(sam).length === 1)
  await write(desk, 'bob', 'two')
  service.answer = () => 201
  desks.splice(0)
  // The clock stands still
  await desk.stop()
  expect(told(sam)).toEqual(['one', 'two'])
})

it('A service that hangs holds no other chat up, and is given up after a while', async () => {
  const desk = await start()
  const sam = await subscribe(desk, 'sam')
  service.answer = ({ payload }) => (payload['body'] === 'one' ? 'hang' : 201)
  await write(desk, 'ada', 'one')
  await pass()
  await until(() => told(sam).length === 1)
  await write(desk, 'bob', 'two')
  await pass()
  await answered(() => told(sam).length === 2, 1)
  service.answer = () => 201
  await pass(10_000)
  await pass(5_000)
  await until(async () => {
    await pass(1_000)
    return told(sam).length === 3
  })
  expect(told(sam)).toEqual(['one', 'two', 'one'])
})

it('Without it, or with a store that cannot keep subscriptions, there are no routes; a contact has to be one', async () => {
  const off = await start({ push: false })
  expect((await off.call('GET', '/admin/push', await off.admin())).status).toBe(404)
  const desk = await start({ push: { contact: 'mailto:ops@acme.example' } })
  await subscribe(desk, 'sam')
  await write(desk, 'ada', 'one')
  await pass()
  await until(() => service.received.length === 1)
  expect(service.received[0]?.contact).toBe('mailto:ops@acme.example')
  await expect(start({ push: { contact: 'ops@acme.example' } })).rejects.toThrow('push.contact must begin with')
})

it('The stand-alone server forgets the browser of whoever signs out, and has none where that is off', async () => {
  const server = await startServer({ MAIL_FROM: 'Acme <acme@example.com>' })
  try {
    const staff = new StaffBrowser(server.url)
    await staff.post('/dashboard/session', { token: await server.adminToken() })
    const { body } = await staff.api<PushKey>('GET', '/admin/push')
    expect(body.public_key).toMatch(/^B[\w-]{86}$/)
    const browser = bodyOf(service.browser())
    expect((await staff.api('PUT', '/admin/push/subscription', browser)).status).toBe(200)
    const store = await sqliteStore(`${server.env['DATA_DIR']}/deskbell.db`)
    const push = (await store.push?.()) ?? expect.fail('SQLite keeps them')
    const all = () => push.pushSubscriptions(new Date(0).toISOString())
    expect(await all()).toMatchObject([{ staff_id: 'sam', endpoint: browser.endpoint }])
    await staff.post('/dashboard/sign_out', {})
    expect(await all()).toEqual([])
    await store.close()
    await server.restart({ PUSH_CONTACT: 'off' })
    await staff.post('/dashboard/session', { token: await server.adminToken() })
    expect((await staff.api('GET', '/admin/push')).status).toBe(404)
  } finally {
    await server.stop()
  }
})

it('The official library reaches the service that these tests trust, which refuses what is wrong', async () => {
  const keys = webPush.generateVAPIDKeys()
  const browser = service.browser(keys.publicKey)
  const vapidDetails = { subject: 'mailto:ops@acme.example', ...keys }
  const options = { vapidDetails, agent: service.agent, topic: 'a-topic', urgency: 'high', TTL: 60 } as const
  const send = (to: SubscribedBrowser, more: object = {}) =>
    webPush.sendNotification(to, JSON.stringify({ title: 'Hello' }), { ...options, ...more }).then(
      ({ statusCode }) => statusCode,
      (error: unknown) => (error as { statusCode?: number }).statusCode,
    )
  expect(await send(browser)).toBe(201)
  expect(service.received).toMatchObject([{ payload: { title: 'Hello' }, topic: 'a-topic', ttl: 60 }])
  const other = { vapidDetails: { ...vapidDetails, ...webPush.generateVAPIDKeys() } }
  expect(await send(browser, other)).toBe(400)
  expect(await send({ ...browser, keys: service.browser().keys })).toBe(403)
  expect(await send({ ...browser, endpoint: `${browser.endpoint}x` })).toBe(404)
  expect(await send(browser, { contentEncoding: 'aesgcm' })).toBe(400)
  expect(service.received).toHaveLength(1)
})
