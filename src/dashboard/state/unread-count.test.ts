import { expect, it } from 'vitest'
import { FakeClock } from '../../testing/fake-clock.ts'
import { UnreadCount } from './unread-count.ts'

it('asks once for a burst of events, and again for the next one', async () => {
  const clock = new FakeClock()
  let asked = 0
  const unread = new UnreadCount(async () => ++asked * 10, clock)
  for (let n = 0; n < 1_000; n++) unread.recount()
  await clock.advance(299)
  expect(asked).toBe(0)
  await clock.advance(1)
  expect([asked, unread.value.value]).toEqual([1, 10])
  unread.recount()
  await clock.advance(300)
  expect([asked, unread.value.value]).toEqual([2, 20])
  await clock.advance(60_000)
  expect(asked).toBe(2)
})

it('keeps the last count where there is no answer', async () => {
  const clock = new FakeClock()
  let answer = async (): Promise<number> => 3
  const unread = new UnreadCount(() => answer(), clock)
  unread.recount()
  await clock.advance(300)
  answer = () => Promise.reject(new Error('No connection'))
  unread.recount()
  await clock.advance(300)
  expect(unread.value.value).toBe(3)
})

it('goes by the answer to the last question, whichever comes last', async () => {
  const clock = new FakeClock()
  const answers: ((count: number) => void)[] = []
  const unread = new UnreadCount(() => new Promise((resolve) => answers.push(resolve)), clock)
  for (let n = 0; n < 2; n++) {
    unread.recount()
    await clock.advance(300)
  }
  answers[1]?.(2)
  answers[0]?.(1)
  await clock.advance(0)
  expect(unread.value.value).toBe(2)
})

it('neither asks nor listens once it is closed', async () => {
  const clock = new FakeClock()
  const answers: ((count: number) => void)[] = []
  const unread = new UnreadCount(() => new Promise((resolve) => answers.push(resolve)), clock)
  unread.recount()
  await clock.advance(300)
  unread.recount()
  unread.close()
  answers[0]?.(7)
  await clock.advance(1_000)
  expect([answers.length, unread.value.value]).toEqual([1, 0])
})
