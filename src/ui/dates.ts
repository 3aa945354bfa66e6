// Dates in the catalogue's language, on the reader's own clock.
import type { ConversationCatalogue } from './catalogue.ts'

export interface Dates {
  time: (iso: string) => string
  /** Day and time */
  full: (iso: string) => string
  day: (iso: string) => string
}

/** Same for all moments of one local day */
export const dayKey = (time: string | Date): string => new Date(time).toDateString()

/**
 * Writes times in a language the way the reader does: with British English set up, dates from the English catalogue are British;
 * 12 or 24 hours, digits and calendar are those that they are used to.
 */
export function formatterIn(locale: string): (options: Intl.DateTimeFormatOptions) => (iso: string) => string {
  const make = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
    const locales = [...navigator.languages.filter((own) => `${own}-`.startsWith(`${locale}-`)), locale]
    const { hourCycle } = new Intl.DateTimeFormat(undefined, { hour: 'numeric' }).resolvedOptions()
    return new Intl.DateTimeFormat(locales, { hourCycle, ...options })
  }
  return (options) => {
    // Each takes a slow machine milliseconds, and most chats need two of them
    let format: Intl.DateTimeFormat | undefined
    return (iso) => (format ??= make(options)).format(new Date(iso))
  }
}

export function createDates({ locale, today, yesterday }: ConversationCatalogue): Dates {
  const formatter = formatterIn(locale)
  // Of the reader's calendar: it may begin in March, or with the moon
  const year = formatter({ year: 'numeric' })
  const thisYear = formatter({ weekday: 'long', month: 'long', day: 'numeric' })
  const otherYear = formatter({ dateStyle: 'long' })
  return {
    time: formatter({ hour: 'numeric', minute: '2-digit' }),
    full: formatter({ dateStyle: 'full', timeStyle: 'short' }),
    day(iso) {
      const day = dayKey(iso)
      const now = new Date()
      if (day === dayKey(now)) return today
      // By the calendar, not by 24 hours: a day on which the clocks change has 23 or 25.
      if (day === dayKey(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1))) return yesterday
      return (year(iso) === year(now.toISOString()) ? thisYear : otherYear)(iso)
    },
  }
}
