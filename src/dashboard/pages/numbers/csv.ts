// The numbers for a spreadsheet (RFC 4180), with the names of the fields of the API. What is unknown is empty.
import type { ColleagueNumbers, DayNumbers, ReplyTimes, TagNumbers } from '../../../protocol/numbers.ts'

const TIMES = [
  'replies',
  'median_s',
  'p90_s',
  'open_median_s',
  'open_p90_s',
  'archived',
  'last_median_s',
  'last_p90_s',
  'open_last_median_s',
  'open_last_p90_s',
  'ratings',
  'rating',
] as const satisfies (keyof ReplyTimes)[]

type Cell = string | number | null

function csvOf<Name extends string>(names: readonly Name[], rows: readonly Record<Name, Cell>[]): string {
  const lines = rows.map((row) => names.map((name) => cell(row[name])).join(','))
  return [names.join(','), ...lines].join('\r\n') + '\r\n'
}

/** A spreadsheet would take a text that begins so for a formula (https://owasp.org/www-community/attacks/CSV_Injection) */
const FORMULA = /^[=+\-@\t\r]/

function cell(value: Cell): string {
  if (typeof value !== 'string') return String(value ?? '')
  const text = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** One line for each day */
export const daysCsv = (days: readonly DayNumbers[]): string =>
  csvOf(['day', 'chats', 'user_messages', 'staff_messages', ...TIMES], days)

export const colleaguesCsv = (colleagues: readonly ColleagueNumbers[]): string =>
  csvOf(['id', 'name', 'messages', ...TIMES], colleagues)

export const tagsCsv = (tags: readonly TagNumbers[]): string => csvOf(['tag', ...TIMES], tags)
