// The orders of the server's list, and what belongs to it, so that a row that comes by an event stands where the server would have
// put it.
import { personTag } from '../../protocol/person.ts'
import type { SupportChatListItem } from '../../protocol/types.ts'

/** Whose chats a list shows: the caller's, or those that nobody has */
export type Whose = 'me' | 'none'

export type Compare = (a: SupportChatListItem, b: SupportChatListItem) => number

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

/** @returns whether the server would list a chat in one of the tabs */
export const belongsTo =
  (archived: boolean, isShown: (chat: SupportChatListItem) => boolean): ((chat: SupportChatListItem) => boolean) =>
  (chat) =>
    chat.archived === archived && chat.message_count > 0 && isShown(chat)

/** @param person who asks, as a `personTag`; null: not known yet. @returns whether a chat is one of these */
export const isWhose =
  (whose: Whose | null, person: () => string | null) =>
  ({ assignee }: Pick<SupportChatListItem, 'assignee'>): boolean => {
    if (whose === null) return true
    if (whose === 'none') return assignee === null
    return assignee !== null && personTag('admin', assignee.id) === person()
  }
