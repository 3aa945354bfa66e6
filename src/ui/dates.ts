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

export function createDates({ locale, today, yesterday }: ConversationCatalogue): Dates {
  // A reader with British English gets British dates from the English catalogue, and 12 or 24 hours as they are used to.
  const locales = [...navigator.languages.filter((own) => `${own}-`.startsWith(`${locale}-`)), locale]
  const { hourCycle } = new Intl.DateTimeFormat(undefined, { hour: 'numeric' }).resolvedOptions()
  const formatter = (options: Intl.DateTimeFormatOptions): ((iso: string) => string) => {
    const format = new Intl.DateTimeFormat(locales, options)
    return (iso) => format.format(new Date(iso))
  }
  const thisYear = formatter({ weekday: 'long', month: 'long', day: 'numeric' })
  const otherYear = formatter({ dateStyle: 'long' })
  return {
    time: formatter({ hour: 'numeric', minute: '2-digit', hourCycle }),
    full: formatter({ dateStyle: 'full', timeStyle: 'short', hourCycle }),
    day(iso) {
      const day = dayKey(iso)
      const now = new Date()
      if (day === dayKey(now)) return today
      // By the calendar, not by 24 hours: a day on which the clocks change has 23 or 25.
      const year = now.getFullYear()
      if (day === dayKey(new Date(year, now.getMonth(), now.getDate() - 1))) return yesterday
      return (new Date(iso).getFullYear() === year ? thisYear : otherYear)(iso)
    },
  }
}
