// Dates as the reader's own locale and clock tell them.
import { strings } from './strings.ts'

const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' })
const thisYear = new Intl.DateTimeFormat(undefined, { weekday: 'long', month: 'long', day: 'numeric' })
const otherYear = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'long', day: 'numeric' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' })

export const timeLabel = (iso: string): string => clock.format(new Date(iso))
export const fullLabel = (iso: string): string => full.format(new Date(iso))

/** Same for all moments of one local day */
export const dayKey = (iso: string): string => new Date(iso).toDateString()

export function dayLabel(iso: string, now: Date = new Date()): string {
  const date = new Date(iso)
  const day = date.toDateString()
  if (day === now.toDateString()) return strings.today
  // By the calendar, not by 24 hours: a day on which the clocks change has 23 or 25.
  const before = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1)
  if (day === before.toDateString()) return strings.yesterday
  return (date.getFullYear() === now.getFullYear() ? thisYear : otherYear).format(date)
}
