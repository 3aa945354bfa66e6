// What `hours` says, as times of a week.

/** From 0, Sunday, as `Date.getUTCDay` counts */
const DAYS = ['su', 'mo', 'tu', 'we', 'th', 'fr', 'sa']
const DAY = '(?:Mo|Tu|We|Th|Fr|Sa|Su)'
const PART = new RegExp(`^(${DAY}(?:-${DAY})?(?:,${DAY}(?:-${DAY})?)*)\\s+(\\S+)$`, 'i')
const TIMES = /^([01]?\d|2[0-3]):([0-5]\d)-(?:([01]?\d|2[0-3]):([0-5]\d)|(24):(00))$/
const EXAMPLE = 'such as Mo-Fr 9:00-17:00; Sa 10:00-14:00'
const WHOLE_DAY = 24 * 60

/** Minutes from the beginning of a day; the end may be on the next one */
export interface OpenTimes {
  from: number
  to: number
}

/** Of each day, from Sunday on */
export type Week = readonly OpenTimes[][]

/** @throws Error that says what is wrong with the text */
export function readWeek(text: string): Week {
  const week: OpenTimes[][] = DAYS.map(() => [])
  for (const part of text.split(';')) {
    if (part.trim() === '') continue
    const [, days, times] = PART.exec(part.trim().replace(/\s*([,-])\s*/g, '$1')) ?? []
    if (days === undefined || times === undefined) throw new Error(`${part.trim()} must be days and times, ${EXAMPLE}`)
    const open = times.split(',').map((range) => timesOf(range))
    for (const day of daysOf(days)) week[day]?.push(...open)
  }
  if (week.every((day) => day.length === 0)) throw new Error(`no day is open: it needs days and times, ${EXAMPLE}`)
  return week
}

function daysOf(days: string): Set<number> {
  const all = new Set<number>()
  for (const range of days.toLowerCase().split(',')) {
    const [first = '', last = first] = range.split('-')
    const end = DAYS.indexOf(last)
    let day = DAYS.indexOf(first)
    all.add(day)
    while (day !== end) {
      day = (day + 1) % DAYS.length
      all.add(day)
    }
  }
  return all
}

function timesOf(range: string): OpenTimes {
  const [, h1, m1, h2, m2, h3, m3] = TIMES.exec(range) ?? []
  if (h1 === undefined) throw new Error(`${range} must be times from 0:00 to 24:00, ${EXAMPLE}`)
  const from = Number(h1) * 60 + Number(m1)
  const to = Number(h2 ?? h3) * 60 + Number(m2 ?? m3)
  if (from === to) throw new Error(`${range} begins and ends at the same time; a whole day is 0:00-24:00`)
  return { from, to: to < from ? to + WHOLE_DAY : to }
}
