import { useEffect, useState } from 'preact/hooks'
import { dayKey } from './dates.ts'

/** Milliseconds between two looks at the clock. A timer to midnight alone would be late where the computer slept */
const LOOK_EVERY = 30_000

const today = (): string => `${dayKey(new Date())} ${Intl.DateTimeFormat().resolvedOptions().timeZone}`

/** Another text on each day of the reader, and in each time zone: a page may be open over midnight, and on a journey */
export function useToday(): string {
  const [day, setDay] = useState(today)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>
    const look = (): void => {
      clearTimeout(timer)
      const now = new Date()
      const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1)
      timer = setTimeout(look, Math.min(midnight.getTime() - now.getTime(), LOOK_EVERY))
      setDay(today())
    }
    look()
    document.addEventListener('visibilitychange', look)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [])
  return day
}
