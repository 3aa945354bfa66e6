import { useEffect, useState } from 'preact/hooks'
import { dayKey } from './dates.ts'

/** Milliseconds between two looks at the clock. One timer to midnight would be late where the computer slept */
const LOOK_EVERY = 5_000

const today = (): string => `${dayKey(new Date())} ${Intl.DateTimeFormat().resolvedOptions().timeZone}`

/** Another text on each day of the reader, and in each time zone: a page may be open over midnight, and on a journey */
export function useToday(): string {
  const [day, setDay] = useState(today)
  useEffect(() => {
    const timer = setInterval(() => setDay(today()), LOOK_EVERY)
    return () => clearInterval(timer)
  }, [])
  return day
}
