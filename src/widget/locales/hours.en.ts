import type { HoursCatalogue } from '../hours/catalogue.ts'

export const words: HoursCatalogue = {
  locale: 'en',
  backToday: (time) => `We’re away. Back at ${time}.`,
  backTomorrow: (time) => `We’re away. Back tomorrow at ${time}.`,
  backOn: (day, time) => `We’re away. Back on ${day} at ${time}.`,
}
