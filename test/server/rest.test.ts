// Every endpoint of the REST side, with the names and shapes of the specification.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type {
  AdminSupportChat,
  MessagePage,
  SupportChat,
  SupportChatListItem,
  SupportMessage,
} from '../../src/protocol/types.ts'
import { startDesk, type Desk } from '../support/desk.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

let desk: Desk
let ada: string
let sam: string
beforeEach(async () => {
  desk = await startDesk()
  ada = await desk.user('ada')
  sam = await desk.admin()
})
afterEach(() => desk.stop())

const open = async (token = ada) => (await desk.call<SupportChat>('GET', '/support_chat', token)).body
const say = (content: string, client_id?: string, token = ada) =>
  desk.call<SupportMessage>('POST', '/support_chat/messages', token, { content, client_id })
const reply = (chat: string, content: string, client_id?: string) =>
  desk.call<SupportMessage>('POST', `/admin/chats/${chat}/messages`, sam, { content, client_id })
const list = (query = '') => desk.call<SupportChatListItem[]>('GET', `/admin/chats${query}`, sam)
const seqs = (page: { messages: SupportMessage[] }) => page.messages.map((m) => m.seq)

describe('the user', () => {
  it('gets a chat on the first visit, and the same one ever after', async () => {
    const first = await desk.call<SupportChat>('GET', '/support_chat', ada)
    expect(first.status).toBe(200)
    expect(first.headers.get('content-type')).toMatch(/^application\/json/)
    expect(first.headers.get('cache-control')).toBe('no-store')
    expect(first.body).toEqual({
      id: expect.stringMatching(UUID) as string,
      messages: [],
      has_more: false,
      epoch: desk.store.epoch,
      unread_count: 0,
      replies_by_email: true,
      attachments: { max_bytes: 25 * 1024 * 1024, max_files: 10 },
      closed: null,
    })
    expect((await open()).id).toBe(first.body.id)
    expect((await open(await desk.user('bob'))).id).not.toBe(first.body.id)
  })

  it('may send null as the client_id, which means none', async () => {
    const send = () => desk.call('POST', '/support_chat/messages', ada, { content: 'same', client_id: null })
    const [a, b] = [await send(), await send()]
    expect([a.status, b.status, a.body['client_id'], b.body['seq']]).toEqual([201, 201, null, 2])
  })

  it('gets one chat out of 50 parallel first visits', async () => {
    const ids = await Promise.all(Array.from({ length: 50 }, async () => (await open()).id))
    expect(new Set(ids).size).toBe(1)
  })

  it('sends a message and is answered with it', async () => {
    const { status, body } = await say('Hello', 'c1')
    expect(status).toBe(201)
    expect(body).toEqual({
      id: expect.stringMatching(UUID) as string,
      seq: 1,
      content: 'Hello',
      sender_type: 'user',
      sender_name: 'User ada',
      client_id: 'c1',
      read_at: null,
      created_at: expect.stringMatching(ISO) as string,
      attachments: [],
    })
    expect((await open()).messages).toEqual([body])
  })

  it('sends without a client_id, each time a new message', async () => {
    const [a, b] = [await say('same'), await say('same')]
    expect([a.status, b.status, a.body.client_id, b.body.seq]).toEqual([201, 201, null, 2])
  })

  it('is answered 200 with the same message when a client_id comes again, 409 when with another content', async () => {
    const first = await say('Hello', 'c1')
    const again = await say('Hello', 'c1')
    expect([again.status, again.body]).toEqual([200, first.body])
    const other = await say('Something else', 'c1')
    expect([other.status, other.body]).toMatchObject([409, { code: 'conflict' }])
    expect((await open()).messages).toHaveLength(1)
  })

  it('makes one message out of 50 identical sends in parallel', async () => {
    await open()
    const answers = await Promise.all(Array.from({ length: 50 }, () => say('once', 'same')))
    expect(new Set(answers.map((a) => a.body.id)).size).toBe(1)
    expect(answers.filter((a) => a.status === 201)).toHaveLength(1)
    expect(answers.filter((a) => a.status === 200)).toHaveLength(49)
    expect((await open()).messages).toHaveLength(1)
  })

  it('keeps content as it is: order, white space, emoji, markup', async () => {
    const texts = ['  two\n lines ', '<b>&amp;</b>', '👩‍👩‍👧 שלום', 'x'.repeat(10_000)]
    for (const text of texts) expect((await say(text)).status).toBe(201)
    expect((await open()).messages.map((m) => m.content)).toEqual(texts)
  })

  it('pages by after, before and since; the newest page without them', async () => {
    for (let i = 1; i <= 6; i++) await say(`m${i}`)
    const page = async (query: string) =>
      (await desk.call<MessagePage>('GET', `/support_chat/messages${query}`, ada)).body
    const all = await page('')
    expect([seqs(all), all.has_more, all.epoch]).toEqual([[1, 2, 3, 4, 5, 6], false, desk.store.epoch])
    const after = await page('?after=2&limit=3')
    expect([seqs(after), after.has_more]).toEqual([[3, 4, 5], true])
    const before = await page('?before=3')
    expect([seqs(before), before.has_more]).toEqual([[1, 2], false])
    expect(seqs(await page('?limit=2'))).toEqual([5, 6])
    const since = all.messages[0]?.created_at ?? ''
    const later = all.messages.filter((m) => m.created_at > since).map((m) => m.seq)
    expect(seqs(await page(`?since=${since}`))).toEqual(later)
    expect(seqs(await page('?since=2000-01-01T00:00:00%2B02:00'))).toHaveLength(6)
  })

  it('sees the newest 50 of many and that there are more', async () => {
    for (let i = 0; i < 53; i++) await say(`m${i}`)
    const chat = await open()
    expect([chat.messages.length, chat.messages[0]?.seq, chat.has_more]).toEqual([50, 4, true])
  })

  it('counts unread replies, and marks read up to what was seen', async () => {
    const { id } = await open()
    for (const text of ['a', 'b', 'c']) await reply(id, text)
    expect((await open()).unread_count).toBe(3)
    const unread = await desk.call('GET', '/support_chat/unread', ada)
    expect(unread.body).toMatchObject({ chat_id: id, unread_count: 3, newest_unread: { content: 'c' } })
    const part = await desk.call('PATCH', '/support_chat/mark_read', ada, { up_to_seq: 2 })
    expect([part.status, part.body]).toEqual([200, { up_to_seq: 2 }])
    const chat = await open()
    expect([chat.unread_count, chat.messages.map((m) => m.read_at !== null)]).toEqual([1, [true, true, false]])
    // The seed's widget sends no body at all
    expect((await desk.call('PATCH', '/support_chat/mark_read', ada)).body).toEqual({ up_to_seq: 3 })
    expect((await open()).unread_count).toBe(0)
  })

  it('can ask for its unread count without making a chat', async () => {
    expect((await desk.call('GET', '/support_chat/unread', ada)).body).toEqual({
      chat_id: null,
      unread_count: 0,
      newest_unread: null,
    })
    expect(await desk.store.findChatOf('ada')).toBeUndefined()
  })
})

describe('staff', () => {
  it('see the chats in the list as specified, newest first, none without a message', async () => {
    const { id } = await open()
    expect((await list()).body).toEqual([])
    await say('Hello')
    await say('bob was here', undefined, await desk.user('bob'))
    await reply(id, 'x'.repeat(150))
    const { body, headers } = await list()
    expect(body.map((c) => c.user_email)).toEqual(['ada@example.com', 'bob@example.com'])
    expect(body[0]).toEqual({
      id,
      user_id: 'ada',
      user_email: 'ada@example.com',
      user_name: 'User ada',
      last_message_at: expect.stringMatching(ISO) as string,
      last_message_preview: `${'x'.repeat(99)}…`,
      last_message_sender: 'admin',
      last_message_by: { id: 'sam', name: 'Sam' },
      message_count: 2,
      unread: true,
      archived: false,
      assignee: { id: 'sam', name: 'Sam' },
      tags: [],
      rating: null,
      blocked_at: null,
      waiting_since: null,
    })
    expect(headers.get('link')).not.toContain('rel="next"')
  })

  it('follow the Link header through the whole list', async () => {
    for (let i = 0; i < 7; i++) await say('hi', undefined, await desk.user(`user${i}`))
    const seen: string[] = []
    let next: string | undefined = '/admin/chats?limit=3'
    for (let pages = 0; next !== undefined && pages < 9; pages++) {
      const { body, headers }: Awaited<ReturnType<typeof list>> = await desk.call('GET', next, sam)
      seen.push(...body.map((c) => c.user_id))
      next = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]
    }
    expect(seen).toEqual(['user6', 'user5', 'user4', 'user3', 'user2', 'user1', 'user0'])
  })

  it('search by the start of an address, page by page', async () => {
    const ids = ['anna', 'anton', 'ada', 'bob']
    for (const id of ids) await say('hi', undefined, await desk.user(id))
    await desk.store.savePeople(
      ids.map((id) => ({ id, email: `${id}@example.com`, name: null })),
      new Date().toISOString(),
    )
    const first = await list('?q=AN&limit=1')
    expect(first.body.map((c) => c.user_id)).toEqual(['anna'])
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? ''
    const second = await desk.call<SupportChatListItem[]>('GET', next, sam)
    expect(second.body.map((c) => c.user_id)).toEqual(['anton'])
    expect(second.headers.get('link')).not.toContain('rel="next"')
  })

  it('open a chat, which marks it viewed', async () => {
    const { id } = await open()
    await say('Hello')
    const { body } = await desk.call<AdminSupportChat>('GET', `/admin/chats/${id}`, sam)
    expect(body).toMatchObject({
      id,
      user_id: 'ada',
      user_email: 'ada@example.com',
      archived: false,
      messages: [{ content: 'Hello', sender_type: 'user' }],
      has_more: false,
      epoch: desk.store.epoch,
      user: { id: 'ada', email: 'ada@example.com', name: 'User ada' },
      user_online: false,
      user_read_seq: 0,
    })
    expect((await list()).body[0]?.unread).toBe(false)
  })

  it('reply, and the user finds it', async () => {
    const { id } = await open()
    const { status, body } = await reply(id, 'Hi Ada', 'r1')
    expect([status, body]).toMatchObject([201, { seq: 1, sender_type: 'admin', sender_name: 'Sam', client_id: 'r1' }])
    expect(await reply(id, 'Hi Ada', 'r1')).toMatchObject({ status: 200, body })
    expect((await open()).messages).toEqual([body])
  })

  it('page through a chat and mark it viewed up to what was seen', async () => {
    const { id } = await open()
    for (const text of ['a', 'b', 'c']) await say(text)
    const page = await desk.call<MessagePage>('GET', `/admin/chats/${id}/messages?before=3&limit=1`, sam)
    expect([seqs(page.body), page.body.has_more]).toEqual([[2], true])
    const viewed = await desk.call('POST', `/admin/chats/${id}/mark_viewed`, sam, { up_to_seq: 2 })
    expect(viewed.body).toEqual({ up_to_seq: 2 })
    expect((await list()).body[0]?.unread).toBe(true)
    await desk.call('POST', `/admin/chats/${id}/mark_viewed`, sam)
    expect((await list()).body[0]?.unread).toBe(false)
  })

  it('archive and restore; a user message restores by itself, a reply does not', async () => {
    const { id } = await open()
    await say('Hello')
    const archived = async () => [(await list()).body.length, (await list('?archived=true')).body.length]
    for (let twice = 0; twice < 2; twice++) {
      const { status, body } = await desk.call('POST', `/admin/chats/${id}/archive`, sam)
      expect([status, body]).toEqual([200, { id, archived: true }])
    }
    expect(await archived()).toEqual([0, 1])
    await reply(id, 'still archived')
    expect(await archived()).toEqual([0, 1])
    expect((await desk.call('POST', `/admin/chats/${id}/unarchive`, sam)).body).toEqual({ id, archived: false })
    expect(await archived()).toEqual([1, 0])
    await desk.call('POST', `/admin/chats/${id}/archive`, sam)
    await say('I am back')
    expect(await archived()).toEqual([1, 0])
  })

  it('count the chats with something unread', async () => {
    for (const id of ['a', 'b']) await say('hi', undefined, await desk.user(id))
    expect((await desk.call('GET', '/admin/unread_count', sam)).body).toEqual({ unread_chats: 2 })
  })
})

it('the server leaves a chat active when archiving and writing race', async () => {
  const { id } = await open()
  await say('first')
  for (let i = 0; i < 25; i++) {
    const [, sent] = await Promise.all([desk.call('POST', `/admin/chats/${id}/archive`, sam), say(`m${i}`)])
    expect(sent.status).toBe(201)
    // Whichever came last decides; another message must bring it back in any case
    await say(`after ${i}`)
    expect((await desk.store.findChat(id))?.archived_at).toBeNull()
  }
})

it('/healthz says that the server is healthy', async () => {
  const { status, text } = await desk.call('GET', '/healthz')
  expect([status, text]).toEqual([200, 'ok'])
})

describe.each<[string, string, Record<string, string>]>([
  ['HEAD', 'HEAD', {}],
  ['a prefetch', 'GET', { 'sec-purpose': 'prefetch;prerender' }],
  ['a prefetch of an older browser', 'GET', { purpose: 'prefetch' }],
])('%s changes nothing', (_what, method, headers) => {
  const look = async (path: string, token = ada) => {
    const answer = await fetch(desk.url + path, { method, headers: { authorization: `Bearer ${token}`, ...headers } })
    await answer.text()
    return answer.status
  }

  it('creates no chat and no person', async () => {
    for (const path of ['/support_chat', '/support_chat/messages', '/support_chat/events'])
      expect(await look(path)).toBe(404)
    expect(await look('/support_chat/unread')).toBe(200)
    expect(await desk.store.findPerson('ada')).toBeUndefined()
  })

  it('marks nothing as viewed, and records no visit', async () => {
    const { id } = await open()
    await say('Hello')
    expect(await look('/support_chat?page=https://x.example')).toBe(200)
    for (const path of ['', '/messages', '/events']) expect(await look(`/admin/chats/${id}${path}`, sam)).toBe(200)
    expect((await desk.store.findChat(id))?.admin_viewed_seq).toBe(0)
    expect((await list()).body[0]?.unread).toBe(true)
    // Visits are written later, and at the latest when it stops
    await desk.restart()
    expect((await desk.store.findPerson('ada'))?.page_url).toBeNull()
  })

  it('finds and refuses what GET does', async () => {
    const { id } = await open()
    expect(await look(`/admin/chats/${id}`)).toBe(403)
    expect(await look('/admin/chats/01950000-0000-7000-8000-000000000000', sam)).toBe(404)
  })
})
