// Checks of what a request names, before a database is asked.
import type { ListCursor } from '../../server/ports/store/chats.ts'

/** The form of our ids. Any other text is unknown, and engines with a type for ids would reject it. */
export const isUuid = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)

/** ISO 8601 in UTC with milliseconds from 1970 on, like all times of the port. A day that its month lacks is another time when parsed */
function isTime(text: string): boolean {
  const ms = /^\d{4}-/.test(text) ? Date.parse(text) : NaN
  return ms >= 0 && new Date(ms).toISOString() === text
}

/** Requests may name any whole number; columns of seq have four bytes */
export const asSeq = (n: number): number => Math.max(0, Math.min(n, 2_147_483_647))

/** A page of the list by time can end with it; nothing comes after any other cursor */
export const isListCursor = ({ key, id }: ListCursor): boolean => isTime(key) && isUuid(id)
