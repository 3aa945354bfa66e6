// Ratings over HTTP: asked for after an archive, told to staff alone, and counted.
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ActivityPage } from '../../src/protocol/activity.ts'
import type { RatingRequest, SupportRating } from '../../src/protocol/ratings.ts'
import type { AdminSupportChat, SupportChatListItem } from '../../src/protocol/types.ts'
import { startDesk, type Desk } from '../support/desk.ts'

let desk: Desk
let ada: string
let sam: string
let id: string
let counted: number[]
beforeEach(async () => {
  counted = []
  desk = await startDesk({ observer: { rated: (score) => void counted.push(score) } })
  sam = await desk.admin()
  const person = await desk.person('ada')
  ada = person.token
  id = person.chatId
  await desk.call('POST', '/support_chat/messages', ada, { content: 'Hello' })
})
afterEach(() => desk.stop())

const about = async (by = ada) => (await desk.call<RatingRequest>('GET', '/support_chat/rating', by)).body.about
const rate = (body: object, by = ada) => desk.call<SupportRating>('POST', '/support_chat/rating', by, body)
const archive = () => desk.call('POST', `/admin/chats/${id}/archive`, sam)

it('is asked for once after each archive, kept, shown to staff and counted once however often it is sent', async () => {
  expect(await about()).toBeNull()
  await archive()
  expect(await about()).toMatch(/^20/)
  const first = await rate({ score: 4, comment: '  Quick & kind ' })
  expect(first).toMatchObject({ status: 200, body: { score: 4, comment: 'Quick & kind' } })
  expect((await rate({ score: 4, comment: 'Quick & kind' })).body).toEqual(first.body)
  expect(await about()).toBeNull()
  const chat = (await desk.call<AdminSupportChat>('GET', `/admin/chats/${id}`, sam)).body
  expect(chat.rating).toEqual(first.body)
  const [row] = (await desk.call<SupportChatListItem[]>('GET', '/admin/chats?archived=true', sam)).body
  expect(row?.rating).toEqual(first.body)
  const { body } = await desk.call<ActivityPage>('GET', `/admin/chats/${id}/activity`, sam)
  expect(body.activities.map(({ kind, actor_id, body }) => [kind, actor_id, body])).toEqual([
    ['archived', 'sam', {}],
    ['rated', null, { score: 4, comment: 'Quick & kind' }],
  ])
  expect(counted).toEqual([4])
  await desk.call('POST', '/support_chat/messages', ada, { content: 'Again' })
  expect(await about()).toBeNull()
  await archive()
  expect(await about()).not.toBeNull()
  expect((await rate({ score: 5 })).body).toMatchObject({ score: 5, comment: null })
  expect(counted).toEqual([4, 5])
})

it('what is none is refused, and so are staff and people without a chat', async () => {
  for (const body of [
    {},
    { score: 0 },
    { score: 6 },
    { score: 2.5 },
    { score: '4' },
    { score: 4, comment: 'x'.repeat(1_001) },
  ])
    expect((await rate(body)).status, JSON.stringify(body)).toBe(400)
  expect((await rate({ score: 4 }, await desk.user('new'))).status).toBe(404)
  expect(await about(await desk.user('new'))).toBeNull()
  expect((await rate({ score: 4 }, sam)).status).toBe(403)
  expect(counted).toEqual([])
})

it('nobody is asked where the host turned it off', async () => {
  const other = await startDesk({ rating: false }, desk.file)
  expect((await other.call('GET', '/support_chat/rating', ada)).status).toBe(404)
  expect((await other.call('POST', '/support_chat/rating', ada, { score: 4 })).status).toBe(404)
  await other.stop()
})
