// Somebody who wrote without an account signs in: what they wrote becomes their account's, once.
import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { MemoryExchange } from '../../src/buses/memory.ts'
import { visitorId } from '../../src/server/people/visitors.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { ADMIN, chatId, EXT, TestSocket } from '../support/socket.ts'

let desk: Desk
let there: Desk
beforeEach(async () => {
  const exchange = new MemoryExchange()
  desk = await startDesk({ visitors: true, bus: exchange.bus() })
  there = await startDesk({ visitors: true, bus: exchange.bus() }, desk.file)
})
afterEach(async () => {
  expect([...desk.errors, ...there.errors]).toEqual([])
  await there.stop()
  await desk.stop()
})

interface Opened {
  id: string
  messages: { seq: number; content: string; client_id: string | null }[]
}
const newToken = (): string => `dbv_${randomBytes(32).toString('base64url')}`
const open = async (token: string, at = desk) => (await at.call<Opened>('GET', '/support_chat', token)).body
const say = (token: string, content: string, client_id?: string) =>
  desk.call('POST', '/support_chat/messages', token, { content, client_id })
const merge = (account: string, token: string, at = desk) =>
  at.call('POST', '/support_chat/visitor', account, { token })
const follow = async (at: Desk, token: string, id: string): Promise<TestSocket> => {
  const socket = await TestSocket.open(`${at.wsUrl}/cable?jid=${token}`, [EXT])
  await socket.subscribe(id === ADMIN ? ADMIN : chatId(id))
  return socket
}
const contents = ({ messages }: Opened) => messages.map(({ seq, content }) => `${seq} ${content}`)

it('the chat itself becomes that of an account without messages; staff who have it open stay in it', async () => {
  const [token, ada, sam] = [newToken(), await desk.user('ada'), await desk.admin()]
  const before = await open(token)
  await say(token, 'I have no account', 'c1')
  // A tab that was opened before has an empty chat
  const empty = await open(ada)
  const tab = await follow(there, ada, empty.id)
  const [staff, list, own] = [
    await follow(there, sam, before.id),
    await follow(there, sam, ADMIN),
    await follow(there, token, before.id),
  ]

  expect(await merge(ada, token)).toMatchObject({ status: 200, body: { merged: true } })
  const now = await open(ada)
  expect([now.id, contents(now)]).toEqual([before.id, ['1 I have no account']])
  // What the page had sent, and knows no answer to, is not stored twice
  expect((await say(ada, 'I have no account', 'c1')).status).toBe(200)
  await tab.frame(({ type, identifier }) => type === 'reject_subscription' && identifier === chatId(empty.id))
  const shown = await until(() => list.events('person_updated')[0])
  expect(shown).toMatchObject({ chat_id: before.id, user: { id: 'ada', email: 'ada@example.com' } })
  expect((await own.end()).reason).toBe('unauthorized')
  await say(ada, 'Now I have one')
  await until(() => staff.events('new_message').some(({ message }) => message?.content === 'Now I have one'))
  expect(staff.frames.filter(({ type }) => type === 'reject_subscription')).toEqual([])
  const { body: rows } = await desk.call<{ id: string; user_id: string; message_count: number }[]>(
    'GET',
    '/admin/chats',
    sam,
  )
  expect(rows).toMatchObject([{ id: before.id, user_id: 'ada', message_count: 2 }])
  for (const socket of [tab, staff, list]) socket.close()
})

it('the messages follow those of an account that has some, at once on every screen', async () => {
  const [token, ada, sam] = [newToken(), await desk.user('ada'), await desk.admin()]
  await say(ada, 'Before')
  const [account, visitor] = [await open(ada), await open(token)]
  await say(token, 'Without an account')
  const [tab, list] = [await follow(there, ada, account.id), await follow(there, sam, ADMIN)]
  expect((await merge(ada, token)).body).toEqual({ merged: true })
  await until(() =>
    tab.events('new_message').some(({ message }) => message?.seq === 2 && message.content === 'Without an account'),
  )
  await until(() => list.events('chat_erased').some(({ chat_id }) => chat_id === visitor.id))
  await until(() =>
    list.events('chat_updated').some(({ chat }) => (chat as { message_count: number }).message_count === 2),
  )
  expect(contents(await open(ada))).toEqual(['1 Before', '2 Without an account'])
  for (const socket of [tab, list]) socket.close()
})

it('happens once, whoever asks for it at the same time; the token is of no use afterwards', async () => {
  const token = newToken()
  await say(token, 'Whose am I?')
  const accounts = await Promise.all(['ada', 'bob'].map((id) => desk.user(id)))
  const answers = await Promise.all(
    accounts.flatMap((account) => [merge(account, token), merge(account, token, there), merge(account, token)]),
  )
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
  expect(answers.filter(({ body }) => body['merged'])).toHaveLength(1)
  const chats = await Promise.all(accounts.map((account) => open(account)))
  expect(chats.flatMap(contents)).toEqual(['1 Whose am I?'])
  expect((await say(token, 'Again')).body).toMatchObject({ code: 'token_revoked' })
  expect((await merge(accounts[0] ?? '', token)).body).toEqual({ merged: false })
})

it('goes on after a crash in the middle, when the visitor is revoked and still there', async () => {
  const [token, ada] = [newToken(), await desk.user('ada')]
  await say(token, 'Hello')
  await desk.deskbell.revoke({ id: await visitorId(token), role: 'user' })
  expect((await merge(ada, token)).body).toEqual({ merged: true })
  expect(contents(await open(ada))).toEqual(['1 Hello'])
})

it('needs an account, and the token itself', async () => {
  const [token, other] = [newToken(), newToken()]
  await say(token, 'Mine')
  const refused = [
    await merge(other, token),
    await merge(token, token),
    await merge(await desk.admin(), token),
    await desk.call('POST', '/support_chat/visitor', undefined, { token }),
    await merge(await desk.user('eve'), await visitorId(token)),
    await merge(await desk.user('eve'), `${token}x`),
  ]
  expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 401, 400, 400])
  expect((await merge(await desk.user('eve'), newToken())).body).toEqual({ merged: false })
  expect(contents(await open(token))).toEqual(['1 Mine'])
  // Nothing is stored for somebody who had nothing to merge
  expect(await desk.store.findPerson('eve')).toBeUndefined()
})
