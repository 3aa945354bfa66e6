// A host gives somebody another id: all that was theirs goes along, and nothing is left of the old one.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { MemoryExchange } from '../../src/buses/memory.ts'
import type { AdminSupportChat } from '../../src/protocol/types.ts'
import { mergePeople } from '../../src/server/people/merge-people.ts'
import type { Store } from '../../src/server/ports/store/store.ts'
import { deskbell } from '../support/cli.ts'
import { SECRET, startDesk, type Desk } from '../support/desk.ts'
import { chatId, EXT, TestSocket } from '../support/socket.ts'

let desk: Desk
let there: Desk
let sam: string
beforeAll(async () => {
  const exchange = new MemoryExchange()
  desk = await startDesk({ bus: exchange.bus() })
  there = await startDesk({ bus: exchange.bus() }, desk.file)
  sam = await desk.admin()
})
afterAll(async () => {
  expect([...desk.errors, ...there.errors]).toEqual([])
  await there.stop()
  await desk.stop()
})

const say = (token: string, content: string) => desk.call('POST', '/support_chat/messages', token, { content })
const contents = async (id: string): Promise<string[]> =>
  (await desk.store.messages(id, { after: 0, limit: 99 })).messages.map(({ content }) => content)
const VISITOR = `visitor:${'v'.repeat(43)}`
const merge = (from: string | number, into: string | number) => desk.deskbell.mergePeople({ from, into })

it('who is new gets the chat itself, with what staff noted and what the person wants, once', async () => {
  const { token, chatId: id } = await desk.person('old')
  await say(token, 'Hello')
  await desk.call('POST', `/admin/chats/${id}/notes`, sam, { content: 'A note' })
  await desk.call('PATCH', `/admin/chats/${id}/tags`, sam, { add: ['vip'] })
  await desk.store.unsubscribe('old', new Date().toISOString())
  const socket = await TestSocket.open(`${there.wsUrl}/cable?jid=${token}`, [EXT])
  await socket.subscribe(chatId(id))

  expect(await merge('old', 'new')).toEqual({ chat_id: id, gone_chat_id: null })
  await socket.end()
  expect((await say(token, 'Again')).status).toBe(401)
  const chat = (await desk.call<AdminSupportChat>('GET', `/admin/chats/${id}`, sam)).body
  expect(chat).toMatchObject({
    user_id: 'new',
    user_email: 'old@example.com',
    tags: ['vip'],
    user: { name: 'User old' },
  })
  expect(chat.activity.activities.map(({ kind }) => kind)).toEqual(['note', 'tagged'])
  expect(chat.unsubscribed_at).toMatch(/^20/)
  expect(await desk.store.findPerson('old')).toBeUndefined()
  const own = await desk.call<{ id: string; messages: unknown[] }>('GET', '/support_chat', await desk.user('new'))
  expect([own.body.id, own.body.messages.length]).toEqual([id, 1])
  expect(await merge('old', 'new')).toBeUndefined()
})

it('what both wrote is one chat, in which the old id’s messages follow, and who is blocked stays so', async () => {
  const [from, into] = [await desk.person('7'), await desk.person('8')]
  await say(into.token, 'Mine')
  await say(from.token, 'Older id')
  await desk.deskbell.chats.block(7)
  expect(await merge(7, 8)).toEqual({ chat_id: into.chatId, gone_chat_id: from.chatId })
  expect(await contents(into.chatId)).toEqual(['Mine', 'Older id'])
  expect((await say(into.token, 'More')).status).toBe(403)
  expect((await desk.call('GET', `/admin/chats/${from.chatId}`, sam)).status).toBe(404)
  expect((await there.call('GET', `/admin/chats/${into.chatId}`, sam)).status).toBe(200)
})

it('who wrote nothing leaves nothing behind, and ids that are none are refused', async () => {
  const silent = await desk.person('silent')
  const loud = await desk.person('loud')
  await say(loud.token, 'Hello')
  expect(await merge('silent', 'loud')).toEqual({ chat_id: loud.chatId, gone_chat_id: silent.chatId })
  expect(await desk.store.findPerson('silent')).toBeUndefined()
  expect(await contents(loud.chatId)).toEqual(['Hello'])
  for (const [from, into] of [
    ['loud', 'loud'],
    ['', 'loud'],
    [VISITOR, 'loud'],
    ['loud', VISITOR],
  ] as const)
    await expect(merge(from, into), `${from} ${into}`).rejects.toMatchObject({ code: 'invalid_request' })
  expect(await merge('nobody', 'loud')).toBeUndefined()
})

/** The store, some of whose methods do more */
const storeWith = (more: Partial<Store>): Store =>
  new Proxy(desk.store, { get: (store, name) => Reflect.get({ ...more }, name) ?? Reflect.get(store, name) })
const parts = (store: Store) => ({
  store,
  clock: { now: () => Date.now() },
  revoke: (subject: string) => store.revoke({ subject, revoked_at: new Date().toISOString() }),
})

it('what a node that does not know of it yet stores meanwhile goes along too', async () => {
  const late = await desk.person('late')
  const known = await desk.person('known')
  await say(known.token, 'Before')
  let came = false
  const store = storeWith({
    async mergeVisitor(...merge) {
      const merged = await desk.store.mergeVisitor(...merge)
      if (!came) expect(await say(late.token, 'Meanwhile')).toMatchObject({ status: 201 })
      came = true
      return merged
    },
  })
  // The nodes learn of no revocation
  const merged = await mergePeople({ ...parts(store), revoke: async () => undefined }, { from: 'late', into: 'known' })
  expect(merged).toEqual({ chat_id: known.chatId, gone_chat_id: late.chatId })
  expect(await contents(known.chatId)).toEqual(['Before', 'Meanwhile'])
  expect(await desk.store.findPerson('late')).toBeUndefined()
})

it('a chat that is too long to follow another one changes nothing', async () => {
  const long = await desk.person('long')
  const own = await desk.person('own')
  await say(long.token, 'Much')
  await say(own.token, 'Mine')
  await desk.store.unsubscribe('long', new Date().toISOString())
  const store = storeWith({
    async findChatOf(id) {
      const chat = await desk.store.findChatOf(id)
      return chat && id === 'long' ? { ...chat, last_seq: 10_001 } : chat
    },
  })
  await expect(mergePeople(parts(store), { from: 'long', into: 'own' })).rejects.toMatchObject({
    code: 'chat_too_long',
  })
  expect(await desk.store.unsubscribedAt('own')).toBeNull()
  expect((await say(long.token, 'More')).status).toBe(201)
})

it('the command does the same while servers run', async () => {
  const { token, chatId: id } = await desk.person('cli-old')
  await say(token, 'Hello')
  const env = { DESKBELL_SECRET: SECRET, DATA_DIR: join(desk.file, '..'), DATABASE_URL: `sqlite:${desk.file}` }
  const run = (...args: string[]) => deskbell(['merge', ...args], env)
  expect(await run('cli-old', 'cli-new')).toMatchObject({
    code: 0,
    out: 'What was of user cli-old is of user cli-new now',
    err: '',
  })
  expect((await desk.store.findChat(id))?.user_id).toBe('cli-new')
  expect((await run('cli-old', 'cli-new')).err).toContain('Nothing is stored about a user "cli-old"')
  expect((await run('cli-new')).err).toContain('merge needs two ids')
})
