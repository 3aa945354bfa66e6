// The orders of the server's list, and what belongs to it, so that a row that comes by an event stands where the server would have
// put it.
import { personTag } from '../../protocol/person.ts'
import type { SupportChatListItem } from '../../protocol/types.ts'

/** Whose chats a list shows: the caller's, or those that nobody has */
export type Whose = 'me' | 'none'

type Compare = (a: SupportChatListItem, b: SupportChatListItem) => number

/** By a time, and by id where it is the same. @param sign 1: the oldest first */
const byTime =
  (key: 'last_message_at' | 'waiting_since', sign: 1 | -1): Compare =>
  (a, b) => {
    const [x, y] = [a[key] ?? '', b[key] ?? '']
    return (x === y ? a.id < b.id : x < y) ? -sign : sign
  }

/** Of a tab: by the newest message */
export const newestFirst = byTime('last_message_at', -1)

/** Of those in which somebody waits */
export const longestWaitFirst = byTime('waiting_since', 1)

/** Of a search in addresses */
export const byAddress: Compare = (a, b) =>
  byCodePoint(lower(a.user_email), lower(b.user_email)) || byCodePoint(a.user_id, b.user_id)

/**
 * @param q the beginning of an address, trimmed; empty for a whole tab
 * @returns whether the server would list a chat
 */
export function belongsTo(
  archived: boolean,
  q: string,
  isTheirs: (chat: SupportChatListItem) => boolean = () => true,
): (chat: SupportChatListItem) => boolean {
  const start = lower(q)
  return (chat) =>
    chat.archived === archived &&
    chat.message_count > 0 &&
    (start === '' || lower(chat.user_email).startsWith(start)) &&
    isTheirs(chat)
}

/** @param person who asks, as a `personTag`; null: not known yet. @returns whether a chat is one of these */
export const isWhose =
  (whose: Whose | null, person: () => string | null) =>
  ({ assignee }: Pick<SupportChatListItem, 'assignee'>): boolean => {
    if (whose === null) return true
    if (whose === 'none') return assignee === null
    return assignee !== null && personTag('admin', assignee.id) === person()
  }

/** ASCII alone, as the server's cursors have it */
const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/** `<` compares UTF-16 units, which puts U+FFFD after an emoji; databases compare code points */
function byCodePoint(a: string, b: string): number {
  if (a === b) return 0
  let i = 0
  while (i < a.length && a[i] === b[i]) i++
  // Where only the second halves of two surrogate pairs differ, these compare as the whole pairs would
  const [x, y] = [a.codePointAt(i) ?? -1, b.codePointAt(i) ?? -1]
  return x - y
}
