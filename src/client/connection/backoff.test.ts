import { afterEach, expect, test, vi } from 'vitest'
import { createBackoff } from './backoff.ts'

afterEach(() => void vi.useRealTimers())

test('the ceiling doubles up to the maximum, and any wait below it may come', () => {
  const highest = createBackoff(500, 20_000, () => 1)
  expect(Array.from({ length: 8 }, () => highest.next())).toEqual([500, 1000, 2000, 4000, 8000, 16000, 20000, 20000])
  expect(createBackoff(500, 20_000, () => 0).next()).toBe(0)
})

test('a reset starts again', () => {
  const backoff = createBackoff(500, 20_000, () => 1)
  backoff.next()
  backoff.next()
  expect(backoff.tries).toBe(2)
  backoff.reset()
  expect(backoff.next()).toBe(500)
})

test('a server that asks everybody to come back within a time gets them at any moment of it', () => {
  expect(createBackoff(500, 20_000, () => 1).next(60)).toBe(60_000)
  expect(createBackoff(500, 20_000, () => 0.25).next(60)).toBe(15_000)
  expect(createBackoff(500, 20_000, () => 1).next(0.1)).toBe(500)
})

test('a server that is not back by then gets the next tries over the same time, and not all in its first second', () => {
  const backoff = createBackoff(500, 20_000, () => 1)
  expect(backoff.next(7)).toBe(7000)
  expect(Array.from({ length: 5 }, () => backoff.next())).toEqual([7000, 7000, 7000, 7000, 8000])
  backoff.reset()
  expect(backoff.next()).toBe(500)
})

test('is down after a second failure where no try has worked', () => {
  const backoff = createBackoff()
  backoff.next()
  expect(backoff.down).toBe(false)
  backoff.next()
  expect(backoff.down).toBe(true)
})

test.each([
  { within: undefined, ms: 15_000 },
  { within: 7, ms: 22_000 },
])('where a try has worked, is down when no restart takes that long ($within s named)', ({ within, ms }) => {
  vi.useFakeTimers()
  const backoff = createBackoff()
  backoff.reset()
  backoff.next(within)
  for (let n = 0; n < 5; n++) backoff.next()
  vi.advanceTimersByTime(ms - 1)
  expect(backoff.down).toBe(false)
  vi.advanceTimersByTime(1)
  expect(backoff.down).toBe(true)
  backoff.reset()
  expect(backoff.down).toBe(false)
})

test('where the server answers otherwise, it is not restarting, and a second failure is enough', () => {
  const backoff = createBackoff()
  backoff.reset()
  // No outage
  backoff.answered()
  backoff.next()
  backoff.next()
  expect(backoff.down).toBe(false)
  backoff.answered()
  expect(backoff.down).toBe(true)
  backoff.reset()
  backoff.next()
  backoff.answered()
  expect(backoff.down).toBe(false)
  backoff.next()
  expect(backoff.down).toBe(true)
})

test('who is sent away has not failed yet, unless the server does so again and again', () => {
  const backoff = createBackoff()
  const triesAfter = (within?: number): number => {
    backoff.next(within)
    return backoff.tries
  }
  expect([triesAfter(7), triesAfter(), triesAfter(7)]).toEqual([0, 1, 2])
})
