// Points in time, as the catalogue's language writes them on the reader's own clock.
import { formatterIn } from '../ui/dates.ts'
import type { DashboardCatalogue } from './catalogue.ts'

export interface Moments {
  /** "2 minutes ago"; `now` in milliseconds since 1970-01-01 UTC. A clock behind the server's gives "just now", not "in 3 seconds" */
  ago: (iso: string, now: number) => string
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

export function createMoments({ locale, justNow }: Pick<DashboardCatalogue, 'locale' | 'justNow'>): Moments {
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always' })
  const formatter = formatterIn(locale)
  return {
    ago(iso, now) {
      const seconds = (now - Date.parse(iso)) / 1000
      for (const [unit, size] of UNITS) if (seconds >= size) return relative.format(-Math.floor(seconds / size), unit)
      return justNow
    },
    exact: formatter({ dateStyle: 'long', timeStyle: 'short' }),
    day: formatter({ dateStyle: 'long' }),
  }
}
