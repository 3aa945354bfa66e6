import type { ClosedPeriod } from '../../protocol/types.ts'
import { isoTime } from '../ports/clock.ts'
import type { OpenTime } from '../ports/store/numbers.ts'
import type { HoursOptions } from './options.ts'
import { readWeek } from './week.ts'
import { zoneOf } from './zone.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** Days that are looked at, before today and after it. Every week has an open time, so the last and the next one are among them */
const DAYS_BACK = 8
const DAYS_AHEAD = 8
const YEAR = 366 * DAY
/** Days whose times are kept, since each asks the time zone several times */
const KEPT_DAYS = 400

interface Period {
  /** Milliseconds since 1970 */
  from: number
  to: number
}

export interface Hours {
  isOpen(now: number): boolean
  /** The present or the next time at which nobody answers; null: there is none */
  closed(now: number): ClosedPeriod | null
  /** How much of the time between two instants somebody answers (ms); of more than a year, of the last one */
  openTime: OpenTime
}

/** @throws Error that begins with the name of the option */
function named<T>(option: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new Error(`${option}: ${(error as Error).message}`, { cause: error })
  }
}

/** @throws Error for hours or a time zone that are none */
export function readHours({ open, timeZone }: HoursOptions): Hours {
  const week = named('hours.open', () => readWeek(open))
  const zone = named('hours.timeZone', () => zoneOf(timeZone))
  /** An answer holds until it is over */
  let known: { gap: Period | null; since: number; until: number } | undefined

  const midnightOf = (instant: number): number => Math.floor(zone.localOf(instant) / DAY) * DAY

  const days = new Map<number, Period[]>()
  function periodsOf(midnight: number): Period[] {
    const kept = days.get(midnight)
    if (kept) return kept
    if (days.size >= KEPT_DAYS) days.clear()
    const periods = (week[new Date(midnight).getUTCDay()] ?? []).map(({ from, to }) => ({
      from: zone.instantOf(midnight + from * MINUTE),
      to: zone.instantOf(midnight + to * MINUTE),
    }))
    days.set(midnight, periods)
    return periods
  }

  /** On the days from one midnight to another, none of which touches the next */
  function openPeriods(first: number, last: number): Period[] {
    const all: Period[] = []
    for (let midnight = first; midnight <= last; midnight += DAY)
      all.push(...periodsOf(midnight).map((period) => ({ ...period })))
    all.sort((a, b) => a.from - b.from)
    const joined: Period[] = []
    for (const period of all) {
      const last = joined.at(-1)
      if (last && period.from <= last.to) last.to = Math.max(last.to, period.to)
      else joined.push(period)
    }
    return joined
  }

  function gapAt(now: number): Period | null {
    if (known && known.since <= now && now < known.until) return known.gap
    const today = midnightOf(now)
    const open = openPeriods(today - DAYS_BACK * DAY, today + DAYS_AHEAD * DAY)
    const next = open.findIndex(({ to }) => to > now)
    const at = open[next]
    const isOpen = at !== undefined && at.from <= now
    const [before, after] = isOpen ? [at, open[next + 1]] : [open[next - 1], at]
    const gap = before && after ? { from: before.to, to: after.from } : null
    known = { gap, since: now, until: gap ? gap.to : now + DAY }
    return gap
  }

  return {
    isOpen(now) {
      const gap = gapAt(now)
      return !gap || now < gap.from
    },
    closed(now) {
      const gap = gapAt(now)
      return gap && { from: isoTime(gap.from), until: isoTime(gap.to) }
    },
    openTime(from, to) {
      const begin = Math.max(from, to - YEAR)
      // A period of the day before may end on the first one
      return openPeriods(midnightOf(begin) - DAY, midnightOf(to))
        .map((period) => Math.min(period.to, to) - Math.max(period.from, begin))
        .reduce((total, time) => total + Math.max(time, 0), 0)
    },
  }
}
