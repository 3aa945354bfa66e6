// Points in time, as the catalogue's language writes them on the reader's own clock.
import { formatterIn } from '../ui/dates.ts'
import type { DashboardCatalogue } from './catalogue.ts'

export interface Moments {
  /** "2 minutes ago"; `now` in milliseconds since 1970-01-01 UTC. A clock behind the server's gives "just now", not "in 3 seconds" */
  ago: (iso: string, now: number) => string
  /** "2m", "3h", "6d", then the day: for where there is little room */
  short: (iso: string, now: number) => string
  /** Day and time */
  exact: (iso: string) => string
  day: (iso: string) => string
}

/** In seconds */
const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

const WEEK = 604_800

export function createMoments(words: Pick<DashboardCatalogue, 'locale' | 'justNow' | 'now'>): Moments {
  const { locale, justNow } = words
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always' })
  const formatter = formatterIn(locale)
  const units = (['day', 'hour', 'minute'] as const).map((unit) => ({
    size: UNITS.find(([name]) => name === unit)?.[1] ?? 1,
    format: new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'narrow' }),
  }))
  const dayOfYear = formatter({ day: 'numeric', month: 'short' })
  const dayOfOtherYear = formatter({ dateStyle: 'short' })
  return {
    ago(iso, now) {
      const seconds = (now - Date.parse(iso)) / 1000
      for (const [unit, size] of UNITS) if (seconds >= size) return relative.format(-Math.floor(seconds / size), unit)
      return justNow
    },
    short(iso, now) {
      const then = new Date(iso)
      const seconds = (now - then.getTime()) / 1000
      if (seconds >= WEEK) {
        const isThisYear = then.getFullYear() === new Date(now).getFullYear()
        return (isThisYear ? dayOfYear : dayOfOtherYear)(iso)
      }
      for (const { size, format } of units) if (seconds >= size) return format.format(Math.floor(seconds / size))
      return words.now
    },
    exact: formatter({ dateStyle: 'long', timeStyle: 'short' }),
    day: formatter({ dateStyle: 'long' }),
  }
}
