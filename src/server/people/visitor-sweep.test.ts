import { afterEach, beforeEach, expect, it } from 'vitest'
import { sqliteStore } from '../../stores/sqlite.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { isoTime } from '../ports/clock.ts'
import type { Store } from '../ports/store/store.ts'
import { SWEEP_AT_ONCE, SWEEP_EVERY, VisitorSweep } from './visitor-sweep.ts'

const DAY = 24 * 3_600_000
const clock = new FakeClock()
const visitor = (n: number): string => `visitor:${String(n).padStart(43, '0')}`

let store: Store
beforeEach(async () => {
  store = await sqliteStore(':memory:')
})
afterEach(() => store.close())

const save = (...ids: string[]) =>
  store.savePeople(
    ids.map((id) => ({ id, email: '', name: null })),
    isoTime(clock.now()),
  )
/** Until the sweep has had so many turns */
async function turns(n: number): Promise<void> {
  for (let i = 0; i < n; i++) {
    await clock.advance(SWEEP_EVERY)
    // SQLite erases in steps, with real pauses between them
    await sweep.idle()
  }
}
let sweep: VisitorSweep

it('erases those who are idle, bit by bit, and nobody else; it goes on after a failure, and reports that once', async () => {
  const errors: unknown[] = []
  const erased: string[] = []
  let isDown = false
  sweep = new VisitorSweep({
    store: {
      ...store,
      idleVisitors: async (query) => (isDown ? Promise.reject(new Error('down')) : store.idleVisitors(query)),
    },
    clock,
    idleDays: 1,
    onError: (error) => errors.push(error),
    onErased: (chatId) => erased.push(chatId),
  })
  const many = Array.from({ length: SWEEP_AT_ONCE + 1 }, (_, n) => visitor(n))
  await save(...many, 'ada')
  const chat = await store.openChat(visitor(0), '01950000-0000-7000-8000-000000000001', isoTime(clock.now()))
  await clock.advance(0.9 * DAY)
  await save(visitor(7))
  expect(await store.findPerson(visitor(0))).toBeDefined()
  isDown = true
  await clock.advance(0.2 * DAY)
  expect(errors).toHaveLength(1)
  isDown = false
  await turns(1)
  expect(erased).toEqual([chat.id])
  expect(await store.findPerson(visitor(0))).toBeUndefined()
  expect(await store.findPerson(visitor(7))).toBeDefined()
  expect(await store.findPerson(visitor(SWEEP_AT_ONCE))).toBeDefined()
  await turns(1)
  expect(await store.findPerson(visitor(SWEEP_AT_ONCE))).toBeUndefined()
  expect(await store.findPerson('ada')).toBeDefined()
  await sweep.close()
})

it('forgets the addresses that visitors typed also where none are taken any more, and erases nobody there', async () => {
  const errors: unknown[] = []
  let isDown = true
  const forgotten: string[] = []
  sweep = new VisitorSweep({
    store: {
      ...store,
      forgetTyped: async (before) => (isDown ? Promise.reject(new Error('down')) : void forgotten.push(before)),
    },
    clock,
    idleDays: null,
    onError: (error) => errors.push(error),
    onErased: () => expect.fail('was erased'),
  })
  await save(visitor(0))
  await turns(2)
  expect(errors).toHaveLength(1)
  isDown = false
  await clock.advance(2 * DAY)
  await turns(1)
  expect(forgotten.at(-1)).toBe(isoTime(clock.now() - DAY))
  expect(await store.findPerson(visitor(0))).toBeDefined()
  isDown = true
  await turns(1)
  expect(errors).toHaveLength(2)
  await sweep.close()
})

it('spares those who come back while others are erased', async () => {
  sweep = new VisitorSweep({
    store: {
      ...store,
      async erasePerson(id) {
        await save(visitor(1))
        return store.erasePerson(id)
      },
    },
    clock,
    idleDays: 1,
    onError: (error) => expect.fail(String(error)),
    onErased: () => undefined,
  })
  await save(visitor(0), visitor(1), visitor(2))
  await clock.advance(1.1 * DAY)
  await turns(1)
  const left = await Promise.all([0, 1, 2].map((n) => store.findPerson(visitor(n))))
  expect(left.map((person) => person?.id)).toEqual([undefined, visitor(1), undefined])
  await sweep.close()
})
