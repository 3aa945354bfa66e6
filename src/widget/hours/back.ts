import type { formatterIn } from '../../ui/dates.ts'
import type { HoursCatalogue } from './catalogue.ts'

export type FormatterIn = typeof formatterIn

interface Times {
  /** ISO 8601 */
  until: string
  now: Date
}

/** Days ahead that a weekday's name means */
const WEEK = 6

/** When staff are back, as one says it now */
export function backText(
  { backToday, backTomorrow, backOn }: HoursCatalogue,
  formatter: ReturnType<FormatterIn>,
  { until, now }: Times,
): string {
  const time = formatter({ hour: 'numeric', minute: '2-digit' })(until)
  const day = new Date(until)
  // By the calendar, not by 24 hours: a day on which the clocks change has 23 or 25
  const isWithin = (days: number): boolean =>
    day < new Date(now.getFullYear(), now.getMonth(), now.getDate() + days + 1)
  if (isWithin(0)) return backToday(time)
  if (isWithin(1)) return backTomorrow(time)
  return backOn(formatter(isWithin(WEEK) ? { weekday: 'long' } : { month: 'long', day: 'numeric' })(until), time)
}
