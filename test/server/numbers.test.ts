// How much was written, and how long people waited, as staff ask for it.
import { afterEach, expect, it } from 'vitest'
import type { Numbers } from '../../src/protocol/numbers.ts'
import { FakeClock } from '../../src/testing/fake-clock.ts'
import { startDesk, type Desk } from '../support/desk.ts'

const MINUTE = 60_000

let desk: Desk
afterEach(() => desk.stop())

it('counts chats, messages and the time to replies by day and by colleague, for staff alone', async () => {
  const clock = new FakeClock(Date.parse('2026-03-02T23:50:00.000Z'))
  desk = await startDesk({ clock })
  const { token, chatId } = await desk.person('ada')
  const [kim, sam] = [await desk.admin('kim'), await desk.admin('sam')]
  const reply = (as: string, content: string) => desk.call('POST', `/admin/chats/${chatId}/messages`, as, { content })
  await desk.call('POST', '/support_chat/messages', token, { content: 'One' })
  await clock.advance(4 * MINUTE)
  await reply(kim, 'Reply')
  await reply(kim, 'And more')
  await clock.advance(10 * MINUTE)
  await desk.call('POST', '/support_chat/messages', token, { content: 'Two' })
  const at = async (days: string) => desk.call<Numbers>('GET', `/admin/numbers${days}`, sam)
  const { body } = await at('?days=3')
  expect(body.days.map((day) => [day.day, day.chats, day.user_messages, day.staff_messages, day.replies])).toEqual([
    ['2026-03-01', 0, 0, 0, 0],
    ['2026-03-02', 1, 1, 2, 1],
    ['2026-03-03', 0, 1, 0, 0],
  ])
  // Within a tenth of four minutes
  expect(Math.abs((body.median_s ?? 0) - 240)).toBeLessThan(24)
  expect(body.colleagues).toMatchObject([{ id: 'kim', messages: 2, replies: 1 }])
  expect(body.unread_chats).toBe(1)
  expect((await at('')).body.days).toHaveLength(30)
  for (const days of ['?days=0', '?days=93', '?days=x']) expect([days, (await at(days)).status]).toEqual([days, 400])
  expect((await desk.call('GET', '/admin/numbers', token)).status).toBe(403)
})

it('counts archives, ratings, tags, and the hours in which staff are there', async () => {
  // Monday, before staff come
  const clock = new FakeClock(Date.parse('2026-03-02T08:00:00.000Z'))
  desk = await startDesk({ clock, hours: { open: 'Mo-Fr 9:00-17:00', timeZone: 'UTC' } })
  const { token, chatId } = await desk.person('ada')
  const kim = await desk.admin('kim')
  await desk.call('POST', '/support_chat/messages', token, { content: 'One' })
  await desk.call('PUT', `/admin/chats/${chatId}/tags`, kim, { tags: ['bug'] })
  await clock.advance(61 * MINUTE)
  await desk.call('POST', `/admin/chats/${chatId}/messages`, kim, { content: 'Reply' })
  await clock.advance(MINUTE)
  await desk.call('POST', `/admin/chats/${chatId}/archive`, kim)
  await clock.advance(MINUTE)
  await desk.call('POST', '/support_chat/rating', token, { score: 1 })
  await desk.call('POST', '/support_chat/rating', token, { score: 4 })
  const { body } = await desk.call<Numbers>('GET', '/admin/numbers?days=1', kim)
  const counted = {
    replies: 1,
    open_median_s: 64,
    open_p90_s: 64,
    archived: 1,
    open_last_median_s: 64,
    open_last_p90_s: 64,
    ratings: 1,
    rating: 4,
  }
  expect(body).toMatchObject(counted)
  expect(body.days).toMatchObject([counted])
  expect(body.colleagues).toMatchObject([{ id: 'kim', ...counted }])
  expect(body.tags).toMatchObject([{ tag: 'bug', ...counted }])
  // Within a tenth of 61 minutes
  for (const seconds of [body.median_s, body.last_p90_s]) expect(Math.abs((seconds ?? 0) - 3_660)).toBeLessThan(366)
})
