// Nothing of a chat reaches anybody outside it. Each person has words that occur nowhere else; every kind of caller tries every
// route, every dialect and every command, while the others go on talking, and what comes back is searched for those words.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SignJWT } from 'jose'
import type { Server } from 'socket.io'
import { guardedPush } from '../../src/adapters/guarded-post.ts'
import { AUDIENCE } from '../../src/server/people/token.ts'
import { PUSH_AFTER } from '../../src/server/push/pushes.ts'
import { FakeClock } from '../../src/testing/fake-clock.ts'
import { pause, SECRET, startDesk, until, type Desk } from '../support/desk.ts'
import { nameOf, RecordingPublisher } from '../support/recording-publisher.ts'
import { TestStream } from '../support/event-stream.ts'
import { startPushService } from '../support/push-service.ts'
import { authorize, chatChannel, KEY, PusherSocket, STAFF } from '../support/pusher.ts'
import { IoClient, serveSocketIo } from '../support/socket-io.ts'
import { ADMIN, chatId, EXT, refusal, TestSocket, V1 } from '../support/socket.ts'

const GHOST = '01950000-0000-7000-8000-000000000000'
const STAFF_ADDRESS = word('staff')
const PEOPLE = ['ada', 'bob', 'eve'] as const
type Name = (typeof PEOPLE)[number]

interface Person {
  /** `noted` is what staff wrote about the person, for themselves */
  words: { name: string; address: string; page: string; attribute: string; said: string; told: string; noted: string }
  token: string
  chat: string
}

function word(what: string): string {
  return `canary-${what}-${randomBytes(6).toString('hex')}`
}

let desk: Desk
let io: Server
/** What browsers would hear by a service, by channel */
const service = new RecordingPublisher()
let sam: string
const people = {} as Record<Name, Person>

beforeAll(async () => {
  desk = await startDesk({
    rateLimit: null,
    notifyAfter: 400,
    allowedOrigins: ['https://app.example'],
    fullTextSearch: true,
    // Whoever gets a draft learns all that the assistant knows
    assistant: { answer: () => null, suggest: (chat) => JSON.stringify(chat) },
    pusherKey: KEY,
    publisher: service,
    // The most that a host can let out
    publish: 'messages',
  })
  io = serveSocketIo(desk)
  sam = await sign({ sub: 'sam', email: `${STAFF_ADDRESS}@desk.example`, name: 'Sam' }, AUDIENCE.admin)
  for (const name of PEOPLE) {
    const words = {
      name: word(`${name}-name`),
      address: word(`${name}-mail`),
      page: word(`${name}-page`),
      attribute: word(`${name}-attribute`),
      said: word(`${name}-said`),
      told: word(`${name}-told`),
      noted: word(`${name}-noted`),
    }
    // Eve says that she is an admin in every way that a claim can
    const more = name === 'eve' ? { role: 'admin', admin: true, sender_type: 'admin', scope: 'admin' } : {}
    const token = await sign(
      {
        sub: name,
        email: `${words.address}@example.com`,
        name: words.name,
        attributes: { plan: words.attribute },
        ...more,
      },
      name === 'eve' ? [AUDIENCE.user, 'admin', 'deskbell-staff'] : AUDIENCE.user,
    )
    const page = encodeURIComponent(`https://app.example/${words.page}`)
    const { body } = await desk.call<{ id: string }>('GET', `/support_chat?page=${page}`, token)
    people[name] = { words, token, chat: body.id }
    await talk(name)
  }
})
afterAll(async () => {
  expect(desk.errors).toEqual([])
  await io.close()
  await desk.stop()
})

function sign(claims: Record<string, unknown>, audience: string | string[], expires = '1h'): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt()
    .setAudience(audience)
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(SECRET))
}

/** One message each way, and everything else that is told of */
async function talk(name: Name): Promise<void> {
  const { token, chat, words } = people[name]
  const say = (path: string, by: string, content: string) => desk.call('POST', path, by, { content })
  expect((await say('/support_chat/messages', token, words.said)).status).toBe(201)
  expect((await say(`/admin/chats/${chat}/messages`, sam, words.told)).status).toBe(201)
  expect((await say(`/admin/chats/${chat}/notes`, sam, words.noted)).status).toBe(201)
  await desk.call('POST', '/support_chat/typing', token, { typing: true })
  await desk.call('POST', `/admin/chats/${chat}/archive`, sam)
  await desk.call('POST', `/admin/chats/${chat}/mark_viewed`, sam)
  expect((await say('/support_chat/messages', token, words.said)).status).toBe(201)
}

interface Caller {
  what: string
  token: () => Promise<string | undefined>
  /** Whose words they may see */
  own?: Name
}
const forAda = (audience: string, expires?: string) => async () =>
  sign({ sub: 'ada', email: 'x@example.com' }, audience, expires)
const CALLERS: Caller[] = [
  { what: 'nobody', token: async () => undefined },
  { what: 'bob', token: async () => people.bob.token, own: 'bob' },
  { what: 'eve, who claims to be an admin', token: async () => people.eve.token, own: 'eve' },
  { what: 'one with ada’s expired token', token: forAda(AUDIENCE.user, '-70s') },
  { what: 'one with ada’s unsubscribe token', token: forAda(AUDIENCE.unsubscribe) },
  { what: 'one with a session cookie’s token', token: forAda(AUDIENCE.session) },
  { what: 'one with another app’s token', token: forAda('another-app') },
  { what: 'one with an admin’s token that has expired', token: forAda(AUDIENCE.admin, '-70s') },
  { what: 'one with nonsense', token: async () => 'a.b.c' },
]

const staffOnly = (name: Name): string[] => [people[name].words.attribute, people[name].words.noted]

/** Everybody's words but the caller's own, and what only staff see of the caller */
function foreign(own: Name | undefined): string[] {
  const others = PEOPLE.filter((name) => name !== own).flatMap((name) => Object.values(people[name].words))
  return [STAFF_ADDRESS, ...others, ...(own === undefined ? [] : staffOnly(own))]
}
/** Which of somebody else's words are in there */
const leaks = (text: string, own: Name | undefined): string[] => foreign(own).filter((w) => text.includes(w))

const METHODS = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS', 'HEAD']
/** Paths of the app's own table, so that a route that is added tomorrow is tried as well; `:id` stays */
function paths(): string[] {
  const all = desk.deskbell.routes.map(({ path }) => path).filter((path) => !path.includes('*'))
  return [...new Set(all)]
}
const fill = (path: string, id: string): string => path.replace(/:\w+/g, id)
const dump = (answer: { status: number; headers: Headers; text: string }): string =>
  [
    answer.status,
    ...[...answer.headers].filter(([name]) => name !== 'date').map(([n, v]) => `${n}: ${v}`),
    answer.text,
  ].join('\n')

/** The start of an answer; one that never ends is left after a while */
async function ask(method: string, path: string, token: string | undefined, body?: object) {
  const response = await fetch(desk.url + path, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: 'manual',
    signal: AbortSignal.timeout(30_000),
  })
  let text = ''
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
    const reader = response.body?.getReader()
    const chunk = await reader?.read()
    text = new TextDecoder().decode(chunk?.value)
    await reader?.cancel()
  } else text = await response.text()
  return { status: response.status, headers: response.headers, text }
}

it('the search for words of others knows every route', () => {
  for (const path of [
    '/support_chat',
    '/support_chat/events',
    '/admin/chats/:id',
    '/admin/chats/:id/messages',
    '/admin/chats/:id/activity',
    '/admin/chats/:id/activity/events',
    '/admin/chats/:id/notes',
    '/admin/replies',
    '/admin/numbers',
    '/admin/messages',
    '/admin/chats/:id/suggestion',
    '/support_chat/hand_over',
    '/unsubscribe',
  ]) {
    expect(paths()).toContain(path)
  }
  expect(paths().length).toBeGreaterThan(15)
})

it('staff find the words that others must not, so the search proves something', async () => {
  const seen: string[] = []
  for (const path of paths().filter((p) => p.startsWith('/admin'))) {
    for (const name of PEOPLE) seen.push((await ask('GET', fill(path, people[name].chat), sam)).text)
  }
  const text = seen.join('\n')
  for (const name of PEOPLE) expect(Object.values(people[name].words).filter((w) => !text.includes(w))).toEqual([])
  // The same query that the callers below make
  const found = (await ask('GET', '/admin/messages?q=canary', sam)).text
  for (const name of PEOPLE) {
    expect(found).toContain(people[name].words.said)
    expect(found).not.toContain(people[name].words.noted)
  }
})

describe.each(CALLERS)('$what', ({ token: make, own }) => {
  it('finds no word of others on any route', async () => {
    const token = await make()
    const found: string[] = []
    let tries = 0
    for (const path of paths()) {
      for (const method of METHODS) {
        for (const { chat, words } of Object.values(people)) {
          const aim = `chat_id=${chat}&id=${chat}&user_id=ada&sub=ada&q=canary&page=https://app.example/&token=${token ?? ''}&jid=${token ?? ''}`
          const hasBody = method !== 'GET' && method !== 'HEAD'
          for (const body of hasBody
            ? [undefined, { content: 'hello' }, { content: 'x', chat_id: chat, user_id: 'ada' }, {}]
            : [undefined]) {
            tries++
            const answer = await ask(method, `${fill(path, chat)}?${aim}`, token, body)
            const where = `${method} ${path}`
            found.push(...leaks(dump(answer), own).map((w) => `${where}: ${w}`))
            expect(answer.status, where).toBeLessThan(500)
            expect(words).toBeDefined()
          }
        }
      }
    }
    expect(found).toEqual([])
    expect(tries).toBeGreaterThan(500)
  })

  it('cannot tell a chat that exists from one that does not', async () => {
    const token = await make()
    for (const path of paths().filter((p) => p.includes(':'))) {
      for (const method of METHODS) {
        const body = method === 'GET' || method === 'HEAD' ? undefined : { content: 'hello' }
        const [real, ghost] = [
          await ask(method, fill(path, people.ada.chat), token, body),
          await ask(method, fill(path, GHOST), token, body),
        ]
        // A redirect repeats the id that was asked for
        const without = (id: string, answer: typeof real) => dump(answer).replaceAll(id, 'ID')
        expect(without(people.ada.chat, real), `${method} ${path}`).toBe(without(GHOST, ghost))
      }
    }
    const query = token === undefined ? '' : `jid=${token}&`
    const [real, ghost] = [people.ada.chat, GHOST].map((id) => refusal(`${desk.wsUrl}/ws/chat?${query}chat_id=${id}`))
    expect(await real).toEqual(await ghost)
  })

  it('hears no word of others over Pusher’s protocol, whatever permission it has, while these talk', async () => {
    const token = await make()
    const chats = [...Object.values(people).map(({ chat }) => chat), GHOST]
    const channels = [
      STAFF,
      ...chats.flatMap((id) => [
        chatChannel(id),
        `private-support-chat.${id.toUpperCase()}`,
        `support-chat-${id}`,
        `presence-support-chat-${id}`,
        `private-encrypted-support-chat-${id}`,
      ]),
    ]
    const mine =
      own === undefined ? [] : [chatChannel(people[own].chat), `private-support-chat.${people[own].chat.toUpperCase()}`]
    const sockets: PusherSocket[] = []
    for (const channel_name of channels) {
      const socket = await PusherSocket.open(desk)
      sockets.push(socket)
      const { status, auth } = await authorize(desk, token, { socket_id: await socket.socketId(), channel_name })
      const refused = own === undefined ? 401 : 403
      expect(status, channel_name).toBe(mine.includes(channel_name) ? 200 : refused)
      // What it was given counts for its own channel alone
      for (const channel of channels) socket.send('pusher:subscribe', { channel, ...(status === 200 && { auth }) })
      for (const event of ['client-typing', 'client-history', 'client-send-message'])
        socket.send(event, { action: 'history', after: 0, typing: true, content: 'hello' }, channel_name)
      const answers = (event: string) => socket.frames.filter((frame) => frame.event === event)
      const heard = () => answers('pusher_internal:subscription_succeeded')
      await until(() => heard().length + answers('pusher:subscription_error').length === channels.length)
      expect(heard().map(({ channel }) => channel)).toEqual(status === 200 ? [channel_name] : [])
    }
    for (const name of PEOPLE) await talk(name)
    await pause(450)
    for (const socket of sockets) expect(leaks(socket.texts.join('\n'), own)).toEqual([])
    for (const socket of sockets) socket.close()
    if (own === undefined || !token) return
    // Control: it hears its own chat, and staff hear everything
    const [control, staff] = [await PusherSocket.open(desk), await PusherSocket.open(desk)]
    expect(await control.subscribe(chatChannel(people[own].chat), token)).toBe(true)
    expect(await staff.subscribe(STAFF, sam)).toBe(true)
    for (const name of PEOPLE) await talk(name)
    await until(() => PEOPLE.every((name) => staff.texts.join().includes(people[name].words.said)))
    await until(() => control.texts.join().includes(people[own].words.told))
    expect(leaks(control.texts.join('\n'), own)).toEqual([])
    control.close()
    staff.close()
  })

  it('hears no word of others over any socket or stream, while these talk', async () => {
    const token = await make()
    const query = token === undefined ? '' : `?jid=${token}`
    const sockets: TestSocket[] = []
    // A socket is closed after 20 frames that make no sense, so each gets a few
    for (const frames of inParts(commands(), 15)) {
      const some = await Promise.all([
        TestSocket.open(`${desk.wsUrl}/cable${query}`, [V1]),
        TestSocket.open(`${desk.wsUrl}/cable${query}`, [EXT]),
        TestSocket.open(`${desk.wsUrl}/cable${query}`),
        ...(own === undefined ? [] : [TestSocket.open(`${desk.wsUrl}/ws/chat${query}&after=0`)]),
      ])
      if (own !== undefined) for (const socket of some.slice(0, 3)) await socket.subscribe(chatId(people[own].chat))
      for (const socket of some) for (const frame of frames) socket.send(frame)
      sockets.push(...some)
    }
    const { chat: adas } = people.ada
    const streams = [
      ['/support_chat/events', `chat:${adas}`],
      ['/support_chat/events', `activity:${adas}`],
      ['/admin/events', `chat:${adas}`],
      [`/admin/chats/${adas}/events`, `chat:${adas}`],
      [`/admin/chats/${adas}/activity/events`, `activity:${adas}`],
    ].map(
      ([path, stream]) =>
        new TestStream(desk.url + path, token ?? '', { 'last-event-id': `0/${desk.store.epoch}/${stream}` }),
    )
    const client = new IoClient(desk.url, { auth: { token } })
    await until(() => client.socket.connected || client.refusals.length > 0)
    expect(client.socket.connected).toBe(own !== undefined)
    const answers: unknown[] = []
    if (own !== undefined) for (const [name, fields] of emits()) answers.push(await client.ask(name, fields))
    for (const name of PEOPLE) await talk(name)
    await pause(450)
    expect(leaks(JSON.stringify([client.heard, client.refusals, answers]), own)).toEqual([])
    for (const socket of sockets) expect(leaks(socket.texts.join('\n'), own)).toEqual([])
    for (const stream of streams) expect(leaks(stream.text, own)).toEqual([])
    if (own !== undefined) {
      // Control: these sockets do receive the messages of their own chat
      const heard = [
        ...sockets.map(({ texts }) => texts.join('\n')),
        streams[0]?.text ?? '',
        JSON.stringify(client.heard),
      ]
      for (const text of heard) expect(text).toContain(people[own].words.told)
    }
    for (const peer of [...sockets, ...streams, client]) peer.close()
  })
})

const inParts = <T>(all: T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))

/** Every command and action of every dialect, aimed at everybody's chat */
function commands(): object[] {
  const epoch = desk.store.epoch
  const chats = [...Object.values(people).map(({ chat }) => chat), GHOST]
  const identifiers = [
    ADMIN,
    ...chats.flatMap((id) => [
      chatId(id),
      JSON.stringify({ channel: 'ChatActivityChannel', chat_id: id }),
      JSON.stringify({ channel: 'SupportChatChannel', chat_id: id }),
      JSON.stringify({ chat_id: id.toUpperCase(), channel: 'ChatChannel' }),
    ]),
  ]
  const streams = Object.fromEntries(
    ['admin', ...chats.flatMap((id) => [`chat:${id}`, `activity:${id}`])].map((s) => [s, { offset: 0, epoch }]),
  )
  const history = { streams, since: 0 }
  const actions = chats.flatMap((chat_id) => [
    { action: 'history', after: 0, chat_id },
    { action: 'send_message', content: 'hello', chat_id, client_id: `c-${chat_id}` },
    { action: 'mark_read', chat_id },
    { action: 'mark_viewed', chat_id },
    { action: 'typing', typing: true, chat_id },
  ])
  return [
    ...identifiers.flatMap((identifier) => [
      { command: 'subscribe', identifier, history },
      { command: 'history', identifier, history },
      { command: 'whisper', identifier, data: { type: 'typing', typing: true } },
      ...actions.slice(0, 5).map((data) => ({ command: 'message', identifier, data: JSON.stringify(data) })),
    ]),
    ...actions,
  ]
}

/** Every event of Socket.IO, aimed at everybody's chat */
function emits(): [string, object][] {
  const chats = [...Object.values(people).map(({ chat }) => chat), GHOST, undefined]
  const names = ['subscribe', 'send_message', 'mark_read', 'mark_viewed', 'typing']
  const aims = chats.flatMap((chat_id) => [
    { chat_id, after: 0, content: 'hello', typing: true },
    { chat_id, stream: 'admin', content: 'hello' },
    { chat_id: chat_id?.toUpperCase(), after: 0, epoch: 'x', content: 'hello' },
  ])
  return names.flatMap((name) => aims.map((aim): [string, object] => [name, aim]))
}

it('writes each person of their own chat alone', async () => {
  await until(() => PEOPLE.every((name) => desk.mails.some((m) => m.to.address.startsWith(people[name].words.address))))
  for (const mail of desk.mails) {
    const to = PEOPLE.find((name) => mail.to.address.startsWith(people[name].words.address))
    expect(to).toBeDefined()
    const text = JSON.stringify(mail)
    expect(leaks(text, to)).toEqual([])
    expect(text).toContain(people[to ?? 'ada'].words.told)
  }
})

it('publishes what is in a chat on its own channel and that of staff, and nothing about people on any', async () => {
  const heard = (channel: string): string =>
    service.publications
      .filter(({ topics }) => topics.some((topic) => nameOf(topic) === channel))
      .map((publication) => JSON.stringify(publication))
      .join('\n')
  for (const name of PEOPLE) {
    const { chat, words } = people[name]
    await until(() => heard(chat).includes(words.told))
    // The name is that of who sent the message, which the chat shows
    const { address, page, attribute, noted } = words
    expect(leaks(heard(chat), name)).toEqual([])
    const secrets = [address, page, attribute, noted, STAFF_ADDRESS]
    for (const secret of secrets) expect(heard(chat)).not.toContain(secret)
    for (const secret of secrets) expect(heard('staff')).not.toContain(secret)
    for (const { event, data, topics } of service.publications) {
      const channels = topics.map(nameOf)
      if (data.chat_id === chat) expect(channels).toEqual(event === 'typing' ? [chat] : [chat, 'staff'])
    }
  }
})

it('a hint holds no word of a chat and nothing about people, whatever happened', async () => {
  const hints = new RecordingPublisher()
  const quiet = await startDesk({ publisher: hints })
  const { token, chatId: id } = await quiet.person(word('hinted'))
  const admin = await quiet.admin()
  const said = word('said')
  const happens: [string, string, string, object?][] = [
    ['POST', '/support_chat/messages', token, { content: said }],
    ['POST', `/admin/chats/${id}/messages`, admin, { content: said }],
    ['PATCH', '/support_chat/mark_read', token, {}],
    ['POST', `/admin/chats/${id}/mark_viewed`, admin],
    ['POST', `/admin/chats/${id}/archive`, admin],
    ['POST', `/admin/chats/${id}/unarchive`, admin],
    ['POST', '/support_chat/typing', token, { typing: true }],
  ]
  for (const [method, path, by, body] of happens) {
    const before = hints.publications.length
    expect((await quiet.call(method, path, by, body)).status).toBeLessThan(300)
    const told = await until(() => hints.publications.slice(before).at(-1))
    const known = ['chat_id', 'seq', 'state', ...(told.event === 'typing' ? ['sender_type', 'typing'] : [])]
    expect(Object.keys(told.data).filter((field) => !known.includes(field))).toEqual([])
  }
  expect(JSON.stringify(hints.publications)).not.toContain('canary')
  // Not even when staff write about somebody
  const before = hints.publications.length
  await quiet.call('POST', `/admin/chats/${id}/notes`, admin, { content: said })
  await quiet.call('POST', `/admin/chats/${id}/messages`, admin, { content: said })
  await until(() => hints.publications.length > before)
  expect(hints.publications.length).toBe(before + 1)
  await quiet.stop()
})

it('a push says who wrote and how the message begins, and nothing else of the chat', async () => {
  const [clock, pushes] = [new FakeClock(Date.now()), await startPushService()]
  const telling = await startDesk({ clock, rateLimit: null, postPush: guardedPush(pushes.agent) })
  const { words } = people.ada
  const claims = { sub: 'ada', email: `${words.address}@example.com`, name: words.name }
  const ada = await sign({ ...claims, attributes: { plan: words.attribute } }, AUDIENCE.user)
  const page = encodeURIComponent(`https://app.example/${words.page}`)
  const { id } = (await telling.call<{ id: string }>('GET', `/support_chat?page=${page}`, ada)).body
  const { endpoint, keys } = pushes.browser()
  const subscribed = await telling.call('PUT', '/admin/push/subscription', sam, { endpoint, ...keys })
  expect(subscribed.status).toBe(200)
  const write = (path: string, by: string, content: string) => telling.call('POST', path, by, { content })
  await write('/support_chat/messages', ada, words.told)
  await write(`/admin/chats/${id}/messages`, sam, word('replied'))
  await write(`/admin/chats/${id}/notes`, sam, words.noted)
  await telling.call('PATCH', `/admin/chats/${id}/tags`, sam, { add: ['canary-tag'] })
  const content = `${words.said} ${'x'.repeat(500)} canary-end`
  expect((await write('/support_chat/messages', ada, content)).status).toBe(201)
  await write(`/admin/chats/${id}/notes`, sam, words.noted)
  await clock.advance(PUSH_AFTER)
  const { payload } = await until(() => pushes.received[0])
  expect(payload).toEqual({ title: words.name, body: expect.stringContaining(words.said) as string, chat_id: id })
  expect(JSON.stringify(payload).match(/canary-[\w-]+/g)).toEqual([words.name, words.said])
  // Notes, tags and replies are told of to nobody
  await write(`/admin/chats/${id}/notes`, sam, words.noted)
  await clock.advance(PUSH_AFTER)
  await telling.stop()
  expect(pushes.received).toHaveLength(1)
  await pushes.stop()
})

it('the server takes as long to refuse a foreign chat as one that does not exist', async () => {
  const socket = await TestSocket.open(`${desk.wsUrl}/cable?jid=${people.bob.token}`, [V1])
  const times: Record<'real' | 'ghost', number[]> = { real: [], ghost: [] }
  for (let i = 0; i < 600; i++) {
    // Each spelling is subscribed to once; which goes first changes
    for (const kind of i % 2 === 0 ? (['real', 'ghost'] as const) : (['ghost', 'real'] as const)) {
      const id = kind === 'real' ? people.ada.chat : GHOST
      const identifier = JSON.stringify({ channel: 'ChatChannel', chat_id: id, i })
      const rejected = new Promise<void>((resolve) => socket.ws.once('message', () => resolve()))
      const begun = performance.now()
      socket.send({ command: 'subscribe', identifier })
      await rejected
      times[kind].push(performance.now() - begun)
    }
  }
  const median = (all: number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0
  const [real, ghost] = [median(times.real), median(times.ghost)]
  console.log(
    `refused after ${(real * 1000).toFixed()} µs (foreign) and ${(ghost * 1000).toFixed()} µs (unknown), medians`,
  )
  expect(Math.abs(real - ghost)).toBeLessThan(Math.max(0.3, 0.5 * Math.max(real, ghost)))
  expect(socket.frames.filter((f) => f.type === 'confirm_subscription')).toEqual([])
  socket.close()
})

it('what staff note about a person is in nothing that is exported of them', async () => {
  for (const name of PEOPLE) {
    const exported = await new Response(await desk.deskbell.exportPerson(name)).text()
    expect(exported).toContain(people[name].words.said)
    expect(exported).not.toContain(people[name].words.noted)
  }
})
