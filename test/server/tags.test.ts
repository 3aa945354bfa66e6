// Tags of chats over HTTP, and how colleagues learn of them.
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ActivityPage, SupportActivity } from '../../src/protocol/activity.ts'
import type { KnownTags, TaggedChat } from '../../src/protocol/tags.ts'
import type { AdminSupportChat, SupportChatListItem } from '../../src/protocol/types.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { ADMIN, EXT, TestSocket } from '../support/socket.ts'

let desk: Desk
let sam: string
let ada: string
let id: string
beforeEach(async () => {
  desk = await startDesk()
  sam = await desk.admin()
  const person = await desk.person('ada')
  ada = person.token
  id = person.chatId
  await desk.call('POST', '/support_chat/messages', ada, { content: 'Hello' })
})
afterEach(() => desk.stop())

const tag = (method: 'PUT' | 'PATCH', body: object, by = sam, chat = id) =>
  desk.call<TaggedChat>(method, `/admin/chats/${chat}/tags`, by, body)
const list = (query: string) => desk.call<SupportChatListItem[]>('GET', `/admin/chats${query}`, sam)

it('a chat gets and loses tags in one form, which its rows and the list of known ones show, and staff alone', async () => {
  const set = await tag('PUT', { tags: ['VIP', 'cafe\u0301', 'two words', 'vip'] })
  expect(set).toMatchObject({ status: 200, body: { id, tags: ['café', 'two words', 'vip'] } })
  expect((await tag('PATCH', { add: ['Bug'], remove: ['CAFÉ', 'none'] })).body.tags).toEqual([
    'bug',
    'two words',
    'vip',
  ])
  expect((await tag('PATCH', {})).body.tags).toHaveLength(3)
  const opened = await desk.call<AdminSupportChat>('GET', `/admin/chats/${id}`, sam)
  expect(opened.body.tags).toEqual(['bug', 'two words', 'vip'])
  expect((await desk.call<KnownTags>('GET', '/admin/tags', sam)).body.tags).toEqual(['bug', 'two words', 'vip'])
  expect((await list('?tag=TWO%20words')).body).toMatchObject([{ id, tags: ['bug', 'two words', 'vip'] }])
  expect((await list('?tag=two')).body).toEqual([])
  expect((await list('?tag=vip&archived=true')).body).toEqual([])
  const { body } = await desk.call<ActivityPage>('GET', `/admin/chats/${id}/activity`, sam)
  expect(body.activities.map(({ kind, actor_name, body }) => [kind, actor_name, body])).toEqual([
    ['tagged', 'Sam', { added: ['café', 'two words', 'vip'], removed: [] }],
    ['tagged', 'Sam', { added: ['bug'], removed: ['café'] }],
  ])
  for (const [method, path, given] of [
    ['PUT', `/admin/chats/${id}/tags`, { tags: [] }],
    ['PATCH', `/admin/chats/${id}/tags`, {}],
    ['GET', '/admin/tags', undefined],
  ] as const)
    expect((await desk.call(method, path, ada, given)).status).toBe(403)
  expect((await desk.call('GET', '/support_chat', ada)).text).not.toContain('two words')
})

it('the host’s own code adds and removes them too, by nobody’s name', async () => {
  const { chats } = desk.deskbell
  await tag('PUT', { tags: ['trial', 'bug'] })
  expect(await chats.tag({ userId: 'ada', add: ['VIP'], remove: ['Trial', 'none'] })).toEqual(['bug', 'vip'])
  expect(await chats.tag({ userId: 'ada' })).toEqual(['bug', 'vip'])
  const { body } = await desk.call<ActivityPage>('GET', `/admin/chats/${id}/activity`, sam)
  expect(body.activities.at(-1)).toMatchObject({
    kind: 'tagged',
    actor_id: null,
    body: { added: ['vip'], removed: ['trial'] },
  })
  const many = Array.from({ length: 19 }, (_, i) => `t${i}`)
  await expect(chats.tag({ userId: 'ada', add: many })).rejects.toMatchObject({ code: 'too_many_tags' })
  await expect(chats.tag({ userId: 'ada', add: ['a,b'] })).rejects.toMatchObject({ code: 'invalid_request' })
  await expect(chats.tag({ userId: 'nobody', add: ['a'] })).rejects.toMatchObject({ code: 'not_found' })
})

it('what cannot be a tag is refused, and so are more than 20, and two filters at once', async () => {
  for (const word of ['', ' vip', 'a  b', 'a,b', 'x'.repeat(41), '\ud800', 'a\0'])
    expect((await tag('PUT', { tags: [word] })).status, JSON.stringify(word)).toBe(400)
  const many = Array.from({ length: 20 }, (_, i) => `t${i}`)
  expect((await tag('PUT', { tags: [...many, 'more'] })).status).toBe(400)
  expect((await tag('PUT', { tags: many })).body.tags).toHaveLength(20)
  expect(await tag('PATCH', { add: ['more'] })).toMatchObject({ status: 422, body: { code: 'too_many_tags' } })
  expect((await tag('PATCH', { add: ['more'], remove: ['t0'] })).status).toBe(200)
  expect((await tag('PUT', { tags: [] }, sam, crypto.randomUUID())).status).toBe(404)
  for (const query of ['?tag=t1&q=a', '?tag=t1&assignee=me', '?q=a&assignee=none', '?tag=a,b'])
    expect((await list(query)).status, query).toBe(400)
  expect((await list('?tag=t1&q=%20')).status).toBe(200)
})

it('what colleagues add at the same time stays, and every screen hears of all of it', async () => {
  const other = await startDesk({}, desk.file)
  try {
    const socket = await TestSocket.open(`${desk.wsUrl}/cable?jid=${sam}`, [EXT])
    await socket.subscribe(ADMIN)
    await socket.subscribe(JSON.stringify({ channel: 'ChatActivityChannel', chat_id: id }))
    const words = Array.from({ length: 12 }, (_, i) => `w${10 + i}`)
    const send = (word: string, i: number) =>
      (i % 2 ? desk : other).call('PATCH', `/admin/chats/${id}/tags`, sam, { add: [word] })
    const answers = await Promise.all(words.map(send))
    expect(answers.map(({ status }) => status)).toEqual(words.map(() => 200))
    expect((await list('?tag=w10')).body[0]?.tags).toEqual(words)
    // What this node committed
    await until(() => socket.events('new_activity').length >= 6)
    const heard = socket.events('new_activity').map(({ activity }) => activity as SupportActivity)
    expect(heard.every(({ kind }) => kind === 'tagged')).toBe(true)
    await until(() => {
      const rows = socket.events('chat_updated').map(({ chat }) => chat as SupportChatListItem)
      return (rows.at(-1)?.tags.length ?? 0) >= 6
    })
    socket.close()
  } finally {
    await other.stop()
  }
})
