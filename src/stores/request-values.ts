// What a request may name, told apart before a database is asked.
import type { ListCursor } from '../server/ports/store/chats.ts'

/** What an id of ours looks like. Whatever else a request names is unknown, and engines with a type for it need not be asked. */
export const isUuid = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)

/** ISO 8601 in UTC with milliseconds, as times of the port are */
const isTime = (text: string): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) && !Number.isNaN(Date.parse(text))

/** Requests may name any whole number, columns of seq have four bytes */
export const asSeq = (n: number): number => Math.max(0, Math.min(n, 2_147_483_647))

/** One that a page of the list by time ended with; after any other there is nothing */
export const isListCursor = ({ key, id }: ListCursor): boolean => isTime(key) && isUuid(id)
