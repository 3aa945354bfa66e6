import { afterEach, beforeEach, expect, it } from 'vitest'
import { sqliteStore } from '../../stores/sqlite.ts'
import { message, newChat } from '../../testing/database-conformance/kit.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { isoTime } from '../ports/clock.ts'
import type { Store } from '../ports/store/store.ts'
import { RETAIN_AT_ONCE, RETAIN_EVERY, Retention } from './retention.ts'

const DAY = 24 * 3_600_000
const clock = new FakeClock()
let store: Store
beforeEach(async () => {
  store = await sqliteStore(':memory:')
})
afterEach(() => store.close())

async function archived(user: string): Promise<string> {
  const now = isoTime(clock.now())
  const id = await newChat(store, user)
  await store.appendMessages([message(id, { sender_id: user, created_at: now })])
  await store.setArchived(id, true, now)
  return id
}

it('erases those whose chat was archived for so long, part by part, and goes on after a failure, which it reports once', async () => {
  const errors: unknown[] = []
  const erased: string[] = []
  let isDown = false
  const many: string[] = []
  for (let n = 0; n <= RETAIN_AT_ONCE; n++) many.push(await archived(`u${n}`))
  const retention = new Retention({
    store: {
      ...store,
      oldArchive: async (query) => (isDown ? Promise.reject(new Error('down')) : store.oldArchive(query)),
    },
    clock,
    days: 1,
    onError: (error) => errors.push(error),
    onErased: (chatId) => erased.push(chatId),
  })
  const turn = async (): Promise<void> => {
    await clock.advance(RETAIN_EVERY)
    await retention.idle()
  }
  await turn()
  expect(erased).toEqual([])
  // Comes back before the time is over
  await store.appendMessages([message(many[3] ?? '', { sender_id: 'u3', created_at: isoTime(clock.now()) })])
  const later = await archived('later')
  isDown = true
  const retries = Math.ceil(DAY / RETAIN_EVERY)
  for (let i = 0; i < retries; i++) await clock.advance(RETAIN_EVERY)
  await retention.idle()
  expect(errors).toHaveLength(1)
  isDown = false
  await store.setArchived(later, false, isoTime(clock.now()))
  for (let i = 0; i < 3; i++) await turn()
  expect(erased.toSorted()).toEqual(many.filter((_, n) => n !== 3).toSorted())
  expect(await store.findPerson('u3')).toBeDefined()
  expect(await store.findPerson('later')).toBeDefined()
  await retention.close()
  expect(errors).toHaveLength(1)
})
