// People as hosts really describe them: whatever is wrong with a name or an address, the chat works.
import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { HostIdentity } from '../../src/entries/node.ts'
import { AUDIENCE } from '../../src/server/people/token.ts'
import { SECRET, startDesk, type Desk } from '../support/desk.ts'
import { refusal, TestSocket, V1 } from '../support/socket.ts'

let named: unknown
let desk: Desk
beforeEach(async () => {
  named = null
  desk = await startDesk({ authenticate: async () => named as HostIdentity | null })
})
afterEach(() => desk.stop())

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
function signed(claims: object): string {
  const exp = Math.floor(Date.now() / 1000) + 600
  const head = `${part({ alg: 'HS256' })}.${part({ sub: 'ada', aud: AUDIENCE.user, exp, ...claims })}`
  return `${head}.${createHmac('sha256', SECRET).update(head).digest('base64url')}`
}
const say = (token?: string) => desk.call('POST', '/support_chat/messages', token, { content: 'Hello' })
const UNUSABLE = [
  undefined,
  null,
  '',
  'no-at-sign',
  'a b@example.com',
  'a@example.com\r\nBcc: eve@example.com',
  'a@x.example,b@x.example',
]

it('somebody without a usable address chats, by token and by session', async () => {
  for (const [i, email] of UNUSABLE.entries()) {
    const id = `p${i}`
    const { status } = await say(signed({ sub: id, email }))
    expect([email, status]).toEqual([email, 201])
    named = { id: `host-${id}`, role: 'user', email }
    expect((await say()).status).toBe(201)
    expect(await desk.store.findPerson(id)).toMatchObject({ email: '' })
    expect(await desk.store.findPerson(`host-${id}`)).toMatchObject({ email: '', name: null })
  }
  // Only what looks like a mistake is reported, and once
  expect(desk.errors.map(String)).toEqual([
    expect.stringMatching(/^Error: The e-mail address given for user:p3 is none/),
  ])
  expect(JSON.stringify(desk.errors.map(String))).not.toMatch(/no-at-sign|Bcc/)
})

it('a name is one line for users and staff, however it came in', async () => {
  const name = 'Ada\r\nBcc: eve@example.com'
  expect((await say(signed({ name }))).body['sender_name']).toBe('Ada Bcc: eve@example.com')
  named = { id: 'ada', role: 'user', name }
  expect((await say()).body['sender_name']).toBe('Ada Bcc: eve@example.com')
  const chat = (await desk.store.findChatOf('ada'))?.id ?? ''
  named = { id: 'sam', role: 'admin', name: 'S\u2028am' }
  expect(
    (await desk.call('POST', `/admin/chats/${chat}/messages`, undefined, { content: 'Hi' })).body['sender_name'],
  ).toBe('S am')
})

it('a number as the id is its digits', async () => {
  expect((await say(signed({ sub: 42 }))).status).toBe(201)
  named = { id: 42, role: 'user' }
  expect((await say()).body['seq']).toBe(2)
  expect((await say(signed({ sub: '42' }))).body['seq']).toBe(3)
})

it('ids are compared exactly', async () => {
  for (const sub of ['Ada', 'ada', ' ada', 'ada ', 'ａda']) expect((await say(signed({ sub }))).body['seq']).toBe(1)
})

it('a host that gives its times in seconds reads what is wrong', async () => {
  named = { id: 'ada', role: 'user', expiresAt: Date.now() / 1000 }
  expect((await say()).status).toBe(500)
  expect(String(desk.errors[0])).toContain('must be in milliseconds since 1970')
})

it('whatever authenticate does, the request gets a problem document and the host a sentence', async () => {
  for (const [identity, reason] of [
    ['ada', 'authenticate returned no identity: Invalid input: expected object, received string'],
    [{ role: 'staff' }, /^Error: authenticate returned no identity: id must be .*; role Invalid option/],
    [{ id: 'ada', role: 'user', sessionId: 5 }, /no identity: sessionId Invalid input: expected string/],
  ] as const) {
    named = identity
    expect(await say()).toMatchObject({ status: 500, body: { code: 'internal' } })
    expect(String(desk.errors.pop())).toMatch(reason)
  }
  for (const [thrown, reason] of [
    ['no session', 'Error: authenticate threw something else than an Error'],
    [new Response(null, { status: 403 }), 'Error: authenticate threw something else than an Error'],
    [new TypeError('no database'), 'TypeError: no database'],
  ] as const) {
    const failing = Promise.reject(thrown)
    // It is awaited later
    failing.catch(() => undefined)
    named = failing
    expect(await say()).toMatchObject({ status: 500, body: { code: 'internal' } })
    expect(String(desk.errors.pop())).toBe(reason)
  }
  expect(desk.errors).toEqual([])
})

it('a session of the host that has ended signs nobody in, by request and by socket alike', async () => {
  named = { id: 'ada', role: 'user', expiresAt: Date.now() - 1000 }
  expect(await say()).toMatchObject({ status: 401, body: { code: 'token_expired' } })
  expect((await refusal(`${desk.wsUrl}/ws/chat`)).status).toBe(401)
})

it('a token comes through the address as it is, encoded, and with the end of a line', async () => {
  const token = signed({})
  for (const jid of [token, encodeURIComponent(token), `${token}%0A`, `%20${token}`]) {
    const socket = await TestSocket.open(`${desk.wsUrl}/cable?jid=${jid}`, [V1])
    await socket.frame((f) => f.type === 'welcome')
    socket.close()
  }
  const { status, body } = await refusal(`${desk.wsUrl}/ws/chat?jid=%22${token}%22`)
  expect([status, JSON.parse(body)]).toMatchObject([401, { detail: 'The token has quotes around it' }])
})

it('a token with Bearer before it twice, or in quotes, is refused with the reason', async () => {
  const token = signed({})
  for (const [sent, detail] of [
    [`Bearer ${token}`, 'The word Bearer is in the token: send the token alone'],
    [`"${token}"`, 'The token has quotes around it'],
  ] as const)
    expect(await say(sent)).toMatchObject({ status: 401, body: { code: 'token_invalid', detail } })
})
