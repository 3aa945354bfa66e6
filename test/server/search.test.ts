// `GET admin/messages?q=…`, on PostgreSQL.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgresStore, type Store } from '../../src/entries/node.ts'
import type { FoundPage, SupportChatListItem } from '../../src/protocol/types.ts'
import { freshDatabase } from '../support/databases.ts'
import { startDesk, type Desk } from '../support/desk.ts'
import { stillClock } from '../support/still-clock.ts'

const database = await freshDatabase('postgres')

describe.skipIf(!database)('searching messages over REST', () => {
  let store: Store
  let desk: Desk
  let sam: string
  let ada: string
  beforeAll(async () => {
    store = await postgresStore(database?.url ?? '', { fullTextSearch: true })
    desk = await startDesk({ store, basePath: '/help', rateLimit: null })
    sam = await desk.admin()
    ada = await desk.user('ada')
    await desk.call('POST', '/help/support_chat/messages', ada, { content: 'Where is invoice 4312?' })
    for (const name of ['bob', 'carl', 'dora'])
      await desk.call('POST', '/help/support_chat/messages', await desk.user(name), { content: `Parcel of ${name}` })
  })
  afterAll(async () => {
    expect(desk.errors).toEqual([])
    await desk.stop()
    await store.close()
    await database?.drop()
  })

  const search = (query: string, token = sam) => desk.call<FoundPage>('GET', `/help/admin/messages?${query}`, token)

  it('finds a chat by what was written in it', async () => {
    const { status, body, headers } = await search('q=invoice+43')
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toMatchObject({
      found: [
        {
          user_id: 'ada',
          user_email: 'ada@example.com',
          user_name: 'User ada',
          archived: false,
          message: { seq: 1, content: 'Where is invoice 4312?', sender_type: 'user', sender_name: 'User ada' },
        },
      ],
      next: null,
      searched_to: null,
    })
    const chat = (await desk.call<{ id: string }>('GET', '/help/support_chat', ada)).body.id
    expect(body.found[0]?.chat_id).toBe(chat)
    await desk.call('POST', `/help/admin/chats/${chat}/archive`, sam)
    expect((await search('q=4312')).body.found).toMatchObject([{ archived: true }])
  })

  it('goes on from a cursor', async () => {
    const first = (await search('q=parcel&limit=2')).body
    expect(first.found.map((found) => found.user_id)).toEqual(['dora', 'carl'])
    const second = (await search(`q=parcel&limit=2&cursor=${first.next}`)).body
    expect(second.found.map((found) => found.user_id)).toEqual(['bob'])
    expect((await search(`q=parcel&limit=2&cursor=${first.next?.toUpperCase()}`)).body).toEqual(second)
  })

  it('is not for the people who write', async () => {
    expect(await search('q=4312', ada)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    expect(await desk.call('GET', '/help/admin/messages?q=4312')).toMatchObject({ status: 401 })
    expect(await desk.call('POST', '/help/admin/messages?q=4312', sam)).toMatchObject({ status: 405 })
  })

  it.each([
    '',
    'q=',
    'q=%20%09',
    'q=%00',
    'q=a%00b',
    'q=a&limit=0',
    'q=a&limit=101',
    'q=a&limit=-1',
    'q=a&cursor=',
    'q=a&cursor=x',
    'q=a&cursor=%27',
  ])('refuses %s', async (query) => {
    expect(await search(query)).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  })

  it('refuses what is too long', async () => {
    for (const query of [`q=${'x'.repeat(321)}`, `q=${'x'.repeat(10_000)}`, `q=a&cursor=${'f'.repeat(1_000)}`])
      expect(await search(query)).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
    expect((await search(`q=${'x'.repeat(320)}`)).status).toBe(200)
  })

  it.each([`'`, `"`, `\\`, ':*', '&|!()<->', `' or 1=1 --`, '😀', '\uFFFD', '-', '"unclosed'])(
    'takes %s for words or for nothing',
    async (q) => {
      expect((await search(`q=${encodeURIComponent(q)}`)).status).toBe(200)
    },
  )

  it('has a lone surrogate replaced by who decodes the address, and finds nothing', async () => {
    expect((await search('q=%ED%A0%80')).status).toBe(200)
  })

  it('is named beside the list of chats', async () => {
    const list = await desk.call<SupportChatListItem[]>('GET', '/help/admin/chats', sam)
    expect(list.headers.get('link')).toContain('</help/admin/messages>; rel="search"')
    const paged = await desk.call<SupportChatListItem[]>('GET', '/help/admin/chats?limit=1', sam)
    expect(paged.headers.get('link')).toMatch(
      /^<[^>]*cursor=[^>]*>; rel="next", <\/help\/admin\/messages>; rel="search"/,
    )
  })

  it('takes from the requests that a person has', async () => {
    const limited = await startDesk({ store, clock: stillClock() })
    const search = async (): Promise<number> => (await limited.call('GET', '/admin/messages?q=nowhere', sam)).status
    const statuses: number[] = []
    // More connections at once than a server lets wait would be reset
    while (statuses.length < 1_050) statuses.push(...(await Promise.all(Array.from({ length: 50 }, search))))
    const count = (wanted: number): number => statuses.filter((status) => status === wanted).length
    expect([count(200), count(429)]).toEqual([1_000, 50])
    await limited.stop()
  })
})

it('a search is a clear 404 where the store cannot search, and nothing names it', async () => {
  const desk = await startDesk()
  const sam = await desk.admin()
  const { status, body } = await desk.call('GET', '/admin/messages?q=x', sam)
  expect({ status, code: body['code'] }).toEqual({ status: 404, code: 'search_off' })
  expect((await desk.call('GET', '/admin/messages?q=x', await desk.user('ada'))).status).toBe(403)
  expect((await desk.call('GET', '/admin/chats', sam)).headers.get('link')).not.toContain('search')
  await desk.stop()
})
