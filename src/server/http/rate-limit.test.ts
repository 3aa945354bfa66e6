import { expect, test } from 'vitest'
import { RateLimit } from './rate-limit.ts'

test('a clock that goes back locks nobody out', () => {
  let now = 3_600_000
  const clock = { now: () => now, after: () => () => undefined }
  const limit = new RateLimit({ perSecond: 10, burst: 2 }, clock)
  limit.take('ada')
  now = 0
  limit.take('ada')
  expect(() => limit.take('ada')).toThrow()
  now = 1_000
  limit.take('ada')
})
