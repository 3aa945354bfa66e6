import { afterEach, expect, it, vi } from 'vitest'
import { createMoments } from './moments.ts'

afterEach(() => vi.unstubAllGlobals())

const now = Date.parse('2026-03-02T09:00:00.000Z')
const before = (seconds: number): string => new Date(now - seconds * 1000).toISOString()
const english = createMoments({ locale: 'en', justNow: 'just now', now: 'now' })

it.each([
  [-3_600, 'just now'],
  [0, 'just now'],
  [59.999, 'just now'],
  [60, '1 minute ago'],
  [119, '1 minute ago'],
  [120, '2 minutes ago'],
  [3_599, '59 minutes ago'],
  [3_600, '1 hour ago'],
  [86_400, '1 day ago'],
  [7 * 86_400, '1 week ago'],
  [30 * 86_400, '1 month ago'],
  [365 * 86_400, '1 year ago'],
])('a moment %d seconds ago is %j', (seconds, text) => {
  expect(english.ago(before(seconds), now)).toBe(text)
})

it.each([
  [-3_600, 'now'],
  [59.999, 'now'],
  [60, '1m'],
  [3_599, '59m'],
  [3_600, '1h'],
  [86_400, '1d'],
  [7 * 86_400 - 1, '6d'],
  [7 * 86_400, 'Feb 23'],
  [365 * 86_400, '3/2/25'],
])('a moment %d seconds ago is %j where there is little room', (seconds, text) => {
  expect(english.short(before(seconds), now)).toBe(text)
})

it('is written in the language of the catalogue', () => {
  const german = createMoments({ locale: 'de', justNow: 'gerade eben', now: 'jetzt' })
  expect(german.ago(before(7_200), now)).toBe('vor 2 Stunden')
  expect(german.ago(before(1), now)).toBe('gerade eben')
  expect(german.day('2026-03-02T12:00:00.000Z')).toBe('2. März 2026')
  expect(english.day('2026-03-02T12:00:00.000Z')).toBe('March 2, 2026')
  expect(english.exact('2026-03-02T12:00:00.000Z')).toMatch(/^March 2, 2026 at \d+:00\s[AP]M$/)
})

it('is written as the reader’s own variant of that language does', () => {
  vi.stubGlobal('navigator', { languages: ['de', 'en-GB'] })
  expect(createMoments({ locale: 'en', justNow: '', now: '' }).day('2026-03-02T12:00:00.000Z')).toBe('2 March 2026')
})
