import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LineLimiter } from './line-limiter.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** How many were held back, for each that was let through */
function tell(sparing: LineLimiter, kind: string, times: number): number[] {
  const told: number[] = []
  for (let n = 0; n < times; n++) sparing.pass((held) => told.push(held), kind)
  return told
}

it('the limit of log lines holds back what comes too often, and says how much that was', () => {
  const sparing = new LineLimiter(2)
  expect(tell(sparing, '', 5)).toEqual([0, 0])
  vi.advanceTimersByTime(60_000)
  expect(tell(sparing, '', 1)).toEqual([3])
})

it('the limit of log lines holds back nothing else for it', () => {
  const sparing = new LineLimiter(2, 10)
  expect(tell(sparing, 'ECONNREFUSED', 1_000)).toEqual([0, 0])
  expect(tell(sparing, 'something rare', 1)).toEqual([0])
  vi.advanceTimersByTime(60_000)
  expect(tell(sparing, 'something rare', 1)).toEqual([0])
  expect(tell(sparing, 'ECONNREFUSED', 1)).toEqual([998])
})

it('the limit of log lines is bounded, however many kinds there are', () => {
  const sparing = new LineLimiter(2, 10)
  const told = Array.from({ length: 10_000 }, (_, n) => tell(sparing, `kind ${n}`, 1)).flat()
  expect(told.length).toBe(12)
  // They make room for what comes later
  vi.advanceTimersByTime(60_000)
  expect(tell(sparing, 'of the first minute no more', 2)).toEqual([9_988, 0])
  vi.advanceTimersByTime(60_000)
  expect(tell(sparing, 'new', 3)).toEqual([0, 0])
})
