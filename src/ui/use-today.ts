import { useEffect, useState } from 'preact/hooks'
import { dayKey } from './dates.ts'

/** Milliseconds between two looks at the clock. One timer to midnight would be late where the computer slept */
const LOOK_EVERY = 5_000

/** By the offset, since the name of a zone takes `Intl`, and the first use of that a slow machine 80 ms */
const today = (): string => dayKey(new Date()) + new Date().getTimezoneOffset()

/** Another text on each day of the reader, and in each time zone: a page may be open over midnight, and on a journey */
export function useToday(): string {
  const [day, setDay] = useState(today)
  useEffect(() => {
    const timer = setInterval(() => setDay(today()), LOOK_EVERY)
    return () => clearInterval(timer)
  }, [])
  return day
}
