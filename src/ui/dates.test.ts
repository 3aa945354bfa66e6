import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createDates } from './dates.ts'
import { conversation } from './locales/en.ts'

const NOW = new Date(2026, 2, 30, 12, 0)
const iso = (...parts: [number, number, number, number?, number?]): string => new Date(...parts).toISOString()
const readBy = (...languages: string[]): void => void vi.stubGlobal('navigator', { languages })

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('calls today and yesterday by their names, and other days by date, with the year only when it is another', () => {
  readBy('en-US')
  const { day } = createDates(conversation)
  expect(day(iso(2026, 2, 30))).toBe('Today')
  expect(day(iso(2026, 2, 29, 23, 59))).toBe('Yesterday')
  expect(day(iso(2026, 2, 28))).toBe('Saturday, March 28')
  expect(day(iso(2025, 11, 31))).toBe('December 31, 2025')
})

it('writes dates in the language of the catalogue, whatever the reader’s is', () => {
  readBy('de-DE', 'fr')
  expect(createDates(conversation).day(iso(2026, 2, 28))).toBe('Saturday, March 28')
  readBy('en-US')
  expect(createDates({ ...conversation, locale: 'de' }).day(iso(2026, 2, 28))).toBe('Samstag, 28. März')
})

it('writes dates as the reader’s own variant of that language does', () => {
  readBy('de-DE', 'en-GB', 'en-US')
  expect(createDates(conversation).day(iso(2025, 11, 31))).toBe('31 December 2025')
})

it('does not take a language for another that begins with the same letters', () => {
  readBy('fil-PH')
  const { day } = createDates({ ...conversation, locale: 'fi' })
  expect(day(iso(2025, 11, 31))).toBe('31. joulukuuta 2025')
})

it('counts years by the reader’s calendar', () => {
  readBy('fa-IR')
  // The Persian year 1405 began on the 21st of March
  const { day } = createDates({ ...conversation, locale: 'fa' })
  expect(day(iso(2026, 2, 25))).toBe('چهارشنبه ۵ فروردین')
  expect(day(iso(2026, 2, 15))).toBe('۲۴ اسفند ۱۴۰۴')
  readBy('th-TH')
  expect(createDates({ ...conversation, locale: 'th' }).day(iso(2025, 11, 31))).toBe('31 ธันวาคม 2568')
})
