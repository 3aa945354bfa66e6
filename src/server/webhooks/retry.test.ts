import { expect, it } from 'vitest'
import { RETRY_FOR, retryAt } from './retry.ts'

it('tries again ever more rarely, about a dozen times within a day, and the last time at its end', () => {
  const times = [0]
  for (let attempts = 1, at: number | undefined = 0; at !== undefined; attempts++) {
    at = retryAt(attempts, 0, at, 0.5)
    if (at !== undefined) times.push(at)
  }
  expect(times.slice(0, 4)).toEqual([0, 5_000, 20_000, 65_000])
  expect(times.at(-1)).toBe(RETRY_FOR)
  expect(times.length).toBeGreaterThan(10)
  expect(times.length).toBeLessThan(20)
})

it('spreads attempts over time', () => {
  const [early, late] = [0, 1].map((chance) => retryAt(1, 0, 0, chance))
  expect([early, late]).toEqual([4_000, 6_000])
})

it('gives up a day after the event, however late the first attempt was', () => {
  expect(retryAt(1, 0, RETRY_FOR - 1)).toBe(RETRY_FOR)
  expect(retryAt(1, 0, RETRY_FOR)).toBeUndefined()
})
