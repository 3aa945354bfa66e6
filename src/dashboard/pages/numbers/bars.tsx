import type { JSX } from 'preact'
import type { DayNumbers } from '../../../protocol/numbers.ts'
import { numbers as words } from '../../locales/numbers.en.ts'

/** A bar for each day, which says what it stands for */
export function Bars({ days }: { days: readonly DayNumbers[] }): JSX.Element {
  const highest = Math.max(...days.map((day) => day.user_messages + day.staff_messages))
  const format = new Intl.DateTimeFormat(words.locale, { day: 'numeric', month: 'short', timeZone: 'UTC' })
  const dateOf = ({ day }: DayNumbers): string => format.format(new Date(day))
  const [first, last] = [days[0], days.at(-1)]
  return (
    <>
      <p class="legend" aria-hidden="true">
        <span class="is-users">{words.fromUsers}</span>
        <span class="is-staff">{words.fromStaff}</span>
        <span class="legend-most">{words.count(highest)}</span>
      </p>
      <ul class="bars" role="list" aria-label={words.perDay}>
        {days.map((day) => {
          const label = words.dayLabel(dateOf(day), day.user_messages, day.staff_messages, day.chats)
          return (
            <li key={day.day} title={label}>
              <span class="sr">{label}</span>
              <span class="is-staff" style={{ blockSize: `${(day.staff_messages / highest) * 100}%` }} />
              <span class="is-users" style={{ blockSize: `${(day.user_messages / highest) * 100}%` }} />
            </li>
          )
        })}
      </ul>
      <p class="bars-ends" aria-hidden="true">
        <span>{first && dateOf(first)}</span>
        <span>{last && dateOf(last)}</span>
      </p>
    </>
  )
}
