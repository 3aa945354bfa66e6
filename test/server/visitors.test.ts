// People without an account: nothing is stored before their first message, and nobody can claim to be one.
import { randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MemoryExchange } from '../../src/buses/memory.ts'
import { PERSON_HEADER } from '../../src/protocol/person.ts'
import { VISITORS_HEADER } from '../../src/protocol/visitor.ts'
import { visitorId } from '../../src/server/people/visitors.ts'
import { SkippingClock } from '../../src/testing/skipping-clock.ts'
import { stillClock } from '../support/still-clock.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { TestStream } from '../support/event-stream.ts'
import { chatId, EXT, TestSocket } from '../support/socket.ts'

let desk: Desk
let exchange: MemoryExchange
const others: Desk[] = []
beforeEach(async () => {
  exchange = new MemoryExchange()
  desk = await startDesk({ visitors: true, bus: exchange.bus() })
})
afterEach(async () => {
  for (const other of others.splice(0)) await other.stop()
  expect(desk.errors).toEqual([])
  await desk.stop()
})
async function another(options: Parameters<typeof startDesk>[0]): Promise<Desk> {
  const other = await startDesk(options, desk.file)
  others.push(other)
  return other
}

const newToken = (): string => `dbv_${randomBytes(32).toString('base64url')}`
const open = (token: string) =>
  desk.call<{ id: string; messages: { content: string }[] }>('GET', '/support_chat', token)
const say = (token: string, content: string) => desk.call('POST', '/support_chat/messages', token, { content })

/** Every row of the database except those about itself, as text */
function stored(): string[] {
  const db = new DatabaseSync(desk.file, { readOnly: true })
  const tables = db
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('support_meta', 'support_migrations')",
    )
    .all()
  const rows = tables.flatMap(({ name }) => db.prepare(`SELECT * FROM ${String(name)}`).all())
  db.close()
  return rows.map((row) => JSON.stringify(row))
}

describe('a visitor', () => {
  it('stores nothing by opening, following, reading, typing and leaving, over every transport', async () => {
    const token = newToken()
    const { status, body, headers } = await open(token)
    expect([status, body.messages]).toEqual([200, []])
    expect(headers.get(PERSON_HEADER)).toBe(encodeURIComponent(`user:${await visitorId(token)}`))
    const socket = await TestSocket.open(`${desk.wsUrl}/cable?jid=${token}&page=https://a.example/`, [EXT])
    await socket.subscribe(chatId(body.id), { streams: {} })
    for (const action of [
      { action: 'typing', typing: true },
      { action: 'mark_read' },
      { action: 'send_message', content: ' ' },
    ])
      socket.perform(chatId(body.id), action)
    await socket.fence()
    const plain = await TestSocket.open(`${desk.wsUrl}/ws/chat?jid=${token}&after=0`)
    await plain.pong()
    await TestStream.open(`${desk.url}/support_chat/events`, token, { 'last-event-id': `0/x/chat_${body.id}` })
    const answers = [
      await desk.call('GET', '/support_chat/unread', token),
      await desk.call('GET', '/support_chat/messages?after=0', token),
      await desk.call('PATCH', '/support_chat/mark_read', token, {}),
      await desk.call('POST', '/support_chat/typing', token, { typing: true }),
      await say(token, ' '),
      await say(token, 'x'.repeat(10_001)),
      await say(token, 'a\0b'),
    ]
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 204, 422, 422, 400])
    expect(answers[0]?.body).toEqual({ chat_id: null, unread_count: 0, newest_unread: null })
    socket.close()
    plain.close()
    await desk.deskbell.close()
    expect(stored()).toEqual([])
  })

  it('gets a chat with the first message, in which both talk at once; of the token, a hash is stored', async () => {
    const token = newToken()
    const { body } = await open(token)
    const socket = await TestSocket.open(`${desk.wsUrl}/cable?jid=${token}`, [EXT])
    await socket.subscribe(chatId(body.id))
    // Without waiting for answers, as other clients do
    for (const n of [1, 2, 3])
      socket.perform(chatId(body.id), { action: 'send_message', content: `${n}`, client_id: `c${n}` })
    await until(() => socket.events('new_message').length === 3)
    expect(socket.events('new_message').map(({ message }) => [message?.seq, message?.content])).toEqual([
      [1, '1'],
      [2, '2'],
      [3, '3'],
    ])
    const sam = await desk.admin()
    const { body: list } = await desk.call<Record<string, unknown>[]>('GET', '/admin/chats', sam)
    expect(list).toMatchObject([
      { id: body.id, user_id: await visitorId(token), user_email: '', user_name: null, message_count: 3 },
    ])
    await desk.call('POST', `/admin/chats/${body.id}/messages`, sam, { content: 'Hello' })
    await until(() => socket.events('new_message').length === 4)
    expect((await open(token)).body.messages.map(({ content }) => content)).toEqual(['1', '2', '3', 'Hello'])
    expect((await desk.call('GET', '/support_chat/unread', token)).body).toMatchObject({
      chat_id: body.id,
      unread_count: 1,
    })
    expect(stored().filter((row) => row.includes(token) || row.includes(token.slice(4)))).toEqual([])
    socket.close()
  })

  it('who has the panel open on one node sees what is said on another, and is not sent away before', async () => {
    const token = newToken()
    const clock = new SkippingClock()
    const there = await another({ visitors: true, bus: exchange.bus(), clock })
    const { body } = await open(token)
    const socket = await TestSocket.open(`${there.wsUrl}/cable?jid=${token}`, [EXT])
    await socket.subscribe(chatId(body.id))
    // Long enough to be compared with the database a few times
    for (let i = 0; i < 5; i++) {
      await clock.skip(10_000)
      // It answers the pings of that time before more of it passes
      await socket.fence()
    }
    expect(socket.frames.filter(({ type }) => type === 'reject_subscription')).toEqual([])
    await say(token, 'From here')
    await until(() => socket.events('new_message').some(({ message }) => message?.content === 'From here'))
    await desk.deskbell.erasePerson(await visitorId(token))
    for (let i = 0; i < 5; i++) await clock.skip(1_000)
    await socket.end()
  })

  it('is one person, however often and wherever the first message is sent at once', async () => {
    const token = newToken()
    const there = await another({ visitors: true })
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 ? there : desk).call<{ id: string }>('POST', '/support_chat/messages', token, {
          content: 'Hi',
          client_id: 'first',
        }),
      ),
    )
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect((await open(token)).body.messages).toHaveLength(1)
  })

  it('sees no other chat, and nobody sees theirs before it is there', async () => {
    const [token, other] = [newToken(), newToken()]
    const { body } = await open(token)
    const refused = await TestSocket.open(`${desk.wsUrl}/cable?jid=${other}`, [EXT])
    refused.send({ command: 'subscribe', identifier: chatId(body.id) })
    await refused.frame(({ type }) => type === 'reject_subscription')
    refused.close()
    const sam = await desk.admin()
    expect((await desk.call('GET', `/admin/chats/${body.id}`, sam)).status).toBe(404)
    expect((await desk.call('GET', '/admin/chats', token)).status).toBe(403)
    await say(token, 'Mine')
    expect((await open(other)).body.messages).toEqual([])
    expect((await desk.call('GET', `/admin/chats/${body.id}`, sam)).status).toBe(200)
  })

  it('who was erased cannot come back by the same token; a new one begins anew', async () => {
    const token = newToken()
    await say(token, 'Hello')
    await desk.deskbell.erasePerson(await visitorId(token))
    expect((await say(token, 'Again')).body).toMatchObject({ code: 'token_revoked' })
    expect(stored().filter((row) => row.includes('Hello'))).toEqual([])
    expect((await say(newToken(), 'Hello')).status).toBe(201)
  })
})

describe('nobody', () => {
  it('is a visitor where the option is off, or by a token that a browser would not make', async () => {
    const off = await another({})
    const refusal = await off.call('GET', '/support_chat', newToken())
    expect([refusal.status, refusal.body['code'], refusal.headers.get(VISITORS_HEADER)]).toEqual([
      401,
      'token_invalid',
      null,
    ])
    for (const token of ['dbv_', 'dbv_short', `${newToken()}x`, newToken().slice(1), `dbv_${'+'.repeat(43)}`]) {
      const { status, headers } = await open(token)
      expect([token, status, headers.get(VISITORS_HEADER)]).toEqual([token, 401, 'on'])
    }
    expect((await desk.call('GET', '/support_chat')).headers.get(VISITORS_HEADER)).toBe('on')
  })

  it('can claim to be one by a token of the host, nor by its session', async () => {
    const id = await visitorId(newToken())
    const { status, body } = await open(await desk.user(id))
    expect([status, body]).toMatchObject([
      401,
      { code: 'token_invalid', detail: 'sub must not be the id of a visitor' },
    ])
    const hosted = await another({ authenticate: () => ({ id, role: 'user' }) })
    expect((await hosted.call('GET', '/support_chat')).status).toBe(500)
    expect(String(hosted.errors[0])).toContain('id must not be the id of a visitor')
  })

  it('makes more than a few dozen chats from one address, and those who have one go on', async () => {
    const still = await another({ visitors: true, clock: stillClock() })
    const say = (token: string, content: string) => still.call('POST', '/support_chat/messages', token, { content })
    const known = newToken()
    await say(known, 'Hello')
    let refused = 0
    for (let i = 0; i < 35; i++) {
      const { status, headers } = await say(newToken(), 'Spam')
      if (status !== 429) continue
      refused++
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect(refused).toBe(6)
    expect((await say(known, 'Still here')).status).toBe(201)
    expect(stored().filter((row) => row.includes('visitor:') && row.includes('last_seen_at')).length).toBeLessThan(36)
  })

  it('reads a host’s table for them: it may not even take their ids', async () => {
    const asked: string[] = []
    const hosted = await another({
      visitors: true,
      users(ids) {
        asked.push(...ids)
        return []
      },
    })
    const token = newToken()
    await hosted.call('POST', '/support_chat/messages', token, { content: 'Hello' })
    await hosted.call('GET', '/support_chat', token)
    await hosted.call('GET', '/admin/chats', await hosted.admin())
    await hosted.call('GET', '/support_chat', await hosted.user('ada'))
    expect(asked).toEqual(['ada'])
  })
})
