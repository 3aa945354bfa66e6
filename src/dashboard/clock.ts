// One clock for every "2 minutes ago" on the page.
import { signal } from '@preact/signals'
import { strings } from './strings.ts'

export const now = signal(Date.now())
const tick = (): void => {
  if (!document.hidden) now.value = Date.now()
}
setInterval(tick, 20_000)
document.addEventListener('visibilitychange', tick)

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' })
const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** "2 minutes ago". A clock that runs behind the server's says "just now", never "in 3 seconds". */
export function ago(iso: string, at: number): string {
  const seconds = (at - Date.parse(iso)) / 1000
  for (const [unit, size] of UNITS) if (seconds >= size) return relative.format(-Math.floor(seconds / size), unit)
  return strings.justNow
}

const full = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'short' })
const date = new Intl.DateTimeFormat('en', { dateStyle: 'long' })
export const day = (iso: string): string => date.format(new Date(iso))
export const exact = (iso: string): string => full.format(new Date(iso))
