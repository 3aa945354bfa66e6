// Staff find people who were here, and write to them first.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AdminSupportChat, FoundPeople, SupportChatListItem } from '../../src/protocol/types.ts'
import { startDesk, type Desk } from '../support/desk.ts'

let desk: Desk
let sam: string
beforeAll(async () => {
  desk = await startDesk({ visitors: {} })
  sam = await desk.admin()
  const at = new Date().toISOString()
  // Told of by the host, or imported: they have no chat
  await desk.store.savePeople(
    [
      { id: 'ada', name: 'Ada Lovelace', email: 'countess@example.com' },
      { id: 'a/b %41ü', name: 'Odd Id', email: '' },
      ...Array.from({ length: 25 }, (_, n) => ({ id: `kim-${n}`, name: `Kim ${n}`, email: '' })),
    ],
    at,
  )
})
afterAll(() => desk.stop())

const find = (q: string, by = sam) => desk.call<FoundPeople>('GET', `/admin/people?q=${encodeURIComponent(q)}`, by)
const start = (id: string, by = sam) =>
  desk.call<AdminSupportChat>('POST', `/admin/users/${encodeURIComponent(id)}/chat`, by)
const listed = async () =>
  (await desk.call<SupportChatListItem[]>('GET', '/admin/chats', sam)).body.map((c) => c.user_id)

it('finds at most twenty by name or address, however it is written', async () => {
  expect((await find(' LOVE ')).body.people).toMatchObject([
    { id: 'ada', name: 'Ada Lovelace', email: 'countess@example.com', chat_id: null },
  ])
  expect((await find('count')).body.people.map(({ id }) => id)).toEqual(['ada'])
  expect((await find('ada   love')).body.people.map(({ id }) => id)).toEqual(['ada'])
  expect((await find('kim')).body.people).toHaveLength(20)
  expect((await find('  ')).body).toEqual({ people: [] })
  expect((await find('x'.repeat(321))).status).toBe(400)
  expect((await desk.call('GET', '/admin/people', sam)).status).toBe(400)
})

it('opens one chat for a person, whoever asks how often at once, and they see what staff write', async () => {
  const opened = await Promise.all(Array.from({ length: 5 }, async (_, n) => start('ada', await desk.admin(`s${n}`))))
  const ids = new Set(opened.map(({ body }) => body.id))
  expect([ids.size, ...opened.map(({ status }) => status)]).toEqual([1, 200, 200, 200, 200, 200])
  expect(opened[0]?.body).toMatchObject({
    user_id: 'ada',
    messages: [],
    assignee: null,
    user: { name: 'Ada Lovelace' },
  })
  const [id] = ids
  expect((await find('ada')).body.people[0]?.chat_id).toBe(id)
  expect(await listed()).not.toContain('ada')
  await desk.call('POST', `/admin/chats/${id}/messages`, sam, { content: 'May we help?' })
  expect(await listed()).toContain('ada')
  const own = await desk.call<{ id: string; unread_count: number }>('GET', '/support_chat', await desk.user('ada'))
  expect(own.body).toMatchObject({ id, unread_count: 1 })
  expect((await start('ada')).body.messages).toHaveLength(1)
  expect((await start('a/b %41ü')).body.user_id).toBe('a/b %41ü')
})

it('knows nobody who was never here, and is for staff alone', async () => {
  for (const none of ['nobody', 'visitor:x', 'a\0b']) expect((await start(none)).status, none).toBe(404)
  const { token } = await desk.person('bob')
  for (const { status } of [await find('ada', token), await start('ada', token), await start('bob', token)])
    expect(status).toBe(403)
})
