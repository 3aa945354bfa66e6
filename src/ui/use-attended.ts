import { useEffect, useState } from 'preact/hooks'
import { hasFocus, watchAttendance } from '../client/attendance.ts'

/** Whether somebody attends to the page */
export function useAttended(): boolean {
  const [attended, setAttended] = useState(hasFocus)
  useEffect(() => watchAttendance(setAttended), [])
  return attended
}
