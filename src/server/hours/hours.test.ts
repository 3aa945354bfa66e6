import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readHours } from './hours.ts'

const at = (iso: string): number => Date.parse(iso)
const WEEK = 'Mo-Fr 9:00-17:00; Sa 10:00-12:00,13:00-15:00'
const closed = (open: string, timeZone: string, now: string) => readHours({ open, timeZone }).closed(at(now))

describe('hours', () => {
  it.each([
    // Friday afternoon, and Friday night, in winter (UTC+1)
    ['2026-01-16T13:00:00Z', '2026-01-16T16:00:00.000Z', '2026-01-17T09:00:00.000Z'],
    ['2026-01-16T20:00:00Z', '2026-01-16T16:00:00.000Z', '2026-01-17T09:00:00.000Z'],
    // Between the two times of Saturday
    ['2026-01-17T11:30:00Z', '2026-01-17T11:00:00.000Z', '2026-01-17T12:00:00.000Z'],
    // Sunday
    ['2026-01-18T11:30:00Z', '2026-01-17T14:00:00.000Z', '2026-01-19T08:00:00.000Z'],
    // The moment of opening, and of closing
    ['2026-01-19T08:00:00Z', '2026-01-19T16:00:00.000Z', '2026-01-20T08:00:00.000Z'],
    ['2026-01-19T16:00:00Z', '2026-01-19T16:00:00.000Z', '2026-01-20T08:00:00.000Z'],
  ])('at %s, nobody answers from %s until %s', (now, from, until) => {
    expect(closed(WEEK, 'Europe/Berlin', now)).toEqual({ from, until })
  })

  it('opens at the time that clocks show, also in the week in which they are turned', () => {
    // Forward on Sunday, 29 March, and back on Sunday, 25 October
    expect(closed(WEEK, 'Europe/Berlin', '2026-03-28T20:00:00Z')?.until).toBe('2026-03-30T07:00:00.000Z')
    expect(closed(WEEK, 'Europe/Berlin', '2026-10-24T20:00:00Z')?.until).toBe('2026-10-26T08:00:00.000Z')
    expect(closed('Su 2:30-4:00', 'Europe/Berlin', '2026-03-28T20:00:00Z')?.until).toBe('2026-03-29T01:30:00.000Z')
    expect(closed('Su 2:30-4:00', 'Europe/Berlin', '2026-10-24T20:00:00Z')?.until).toBe('2026-10-25T00:30:00.000Z')
    expect(closed('Mo-Fr 9:00-17:00', 'Asia/Kathmandu', '2026-01-18T20:00:00Z')?.until).toBe('2026-01-19T03:15:00.000Z')
    expect(closed('Mo-Fr 9:00-17:00', 'Australia/Lord_Howe', '2026-10-03T20:00:00Z')?.until).toBe(
      '2026-10-04T22:00:00.000Z',
    )
  })

  it('takes times that end the next day, and days over the end of the week', () => {
    expect(closed('Sa-Mo 22:00-6:00', 'UTC', '2026-01-18T05:00:00Z')).toEqual({
      from: '2026-01-18T06:00:00.000Z',
      until: '2026-01-18T22:00:00.000Z',
    })
    expect(closed('mo , we-TH  9:00 - 24:00', 'UTC', '2026-01-20T12:00:00Z')).toEqual({
      from: '2026-01-20T00:00:00.000Z',
      until: '2026-01-21T09:00:00.000Z',
    })
  })

  it('closes never where every hour is open', () => {
    for (const open of ['Mo-Su 0:00-24:00', 'Mo-Su 0:00-12:00,12:00-24:00', 'Mo-Su 8:00-20:00,20:00-8:00']) {
      expect(closed(open, 'Europe/Berlin', '2026-03-28T20:00:00Z')).toBeNull()
      expect(readHours({ open, timeZone: 'UTC' }).isOpen(at('2026-03-28T20:00:00Z'))).toBe(true)
    }
  })

  it.each([
    ['', /no day is open/],
    ['Mo-Fr', /Mo-Fr must be days and times/],
    ['9:00-17:00', /days and times/],
    ['Monday 9:00-17:00', /days and times/],
    ['Mo 9-17', /9-17 must be times from 0:00 to 24:00/],
    ['Mo 9:00-25:00', /times from/],
    ['Mo 9:60-10:00', /times from/],
    ['Mo 24:00-1:00', /times from/],
    ['Mo 9:00-9:00', /begins and ends at the same time/],
  ])('refuses %j', (open, why) => {
    expect(() => readHours({ open, timeZone: 'UTC' })).toThrow(why)
  })

  it('refuses a time zone that is none', () => {
    expect(() => readHours({ open: WEEK, timeZone: 'Europe/Atlantis' })).toThrow(/Atlantis/)
  })

  it('adds up the open time between two instants, over nights, turned clocks and times that end the next day', () => {
    const open = (text: string, timeZone: string, from: string, to: string) =>
      readHours({ open: text, timeZone }).openTime(at(from), at(to)) / 60_000
    const berlin = (from: string, to: string) => open(WEEK, 'Europe/Berlin', from, to)
    // Within an hour of Friday, over its night, over the weekend, and at no open time at all
    expect(berlin('2026-01-16T13:00:00Z', '2026-01-16T13:45:00Z')).toBe(45)
    expect(berlin('2026-01-15T15:30:00Z', '2026-01-16T08:30:00Z')).toBe(60)
    expect(berlin('2026-01-16T15:30:00Z', '2026-01-19T08:15:00Z')).toBe(30 + 240 + 15)
    expect(berlin('2026-01-17T20:00:00Z', '2026-01-19T08:00:00Z')).toBe(0)
    expect(berlin('2026-01-16T13:00:00Z', '2026-01-16T13:00:00Z')).toBe(0)
    // A night of 22 to 6 is eight hours, seven when clocks are turned forward, and may have begun the day before
    expect(open('Mo-Su 22:00-6:00', 'Europe/Berlin', '2026-03-27T12:00:00Z', '2026-03-28T12:00:00Z')).toBe(480)
    expect(open('Mo-Su 22:00-6:00', 'Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z')).toBe(420)
    expect(open('Mo-Su 22:00-6:00', 'UTC', '2026-03-10T02:00:00Z', '2026-03-10T03:00:00Z')).toBe(60)
    expect(open('Mo-Su 0:00-24:00', 'UTC', '2020-03-10T02:00:00Z', '2026-03-10T03:00:00Z')).toBe(366 * 24 * 60)
  })

  it('agrees with itself: the open time of a period is that of its parts, and all of it while it is open', () => {
    const hours = readHours({ open: WEEK, timeZone: 'America/New_York' })
    const instant = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2026-12-31T00:00:00Z') })
    fc.assert(
      fc.property(instant, instant, instant, (a, b, c) => {
        const [from = 0, between = 0, to = 0] = [a, b, c].sort((x, y) => x - y)
        const whole = hours.openTime(from, to)
        expect(hours.openTime(from, between) + hours.openTime(between, to)).toBe(whole)
        expect(whole).toBeLessThanOrEqual(to - from)
        expect(hours.openTime(from, from + 1)).toBe(hours.isOpen(from) ? 1 : 0)
      }),
      { numRuns: 300 },
    )
  })

  it('agrees with itself: what is open now closes next, and its times are those on the wall', () => {
    const hours = readHours({ open: WEEK, timeZone: 'America/New_York' })
    const wall = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'America/New_York',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
    })
    fc.assert(
      fc.property(fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') }), (now) => {
        const gap = hours.closed(now)
        expect(gap).not.toBeNull()
        const [from, until] = [at(gap?.from ?? ''), at(gap?.until ?? '')]
        expect(until).toBeGreaterThan(now)
        expect(hours.isOpen(now)).toBe(now < from)
        expect(hours.isOpen(from)).toBe(false)
        expect(hours.isOpen(until)).toBe(true)
        expect(hours.isOpen(from - 1)).toBe(true)
        expect(wall.format(until)).toMatch(/^((Mon|Tue|Wed|Thu|Fri),? 09:00|Sat,? (10|13):00)$/)
        expect(wall.format(from)).toMatch(/^((Mon|Tue|Wed|Thu|Fri),? 17:00|Sat,? (12|15):00)$/)
      }),
      { numRuns: 500 },
    )
  })
})
