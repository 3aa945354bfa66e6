// The order of a search, as the server has it: first those who are found by their name, the newest message first, then those who are found by
// their address alone, in the order of addresses.
import { nameMatcher } from '../../protocol/name-search.ts'
import type { SupportChatListItem } from '../../protocol/types.ts'
import { newestFirst, type Compare } from './list-order.ts'

export interface SearchOrder {
  compare: Compare
  isNamed: (chat: SupportChatListItem) => boolean
  isFound: (chat: SupportChatListItem) => boolean
}

/** @param q words of a name, or the beginning of an address; trimmed and not empty */
export function searchOrder(q: string): SearchOrder {
  const start = q.toLowerCase()
  const matches = nameMatcher(q)
  // Rows are sorted again with each event
  const known: Record<string, boolean> = {}
  const isNamed = ({ user_name: name }: SupportChatListItem): boolean => (known[`${name ?? ''} `] ??= matches(name))
  return {
    compare: (a, b) => Number(isNamed(b)) - Number(isNamed(a)) || (isNamed(a) ? newestFirst : byAddress)(a, b),
    isNamed,
    isFound: (chat) => isNamed(chat) || chat.user_email.toLowerCase().startsWith(start),
  }
}

const byAddress: Compare = (a, b) =>
  byCodePoint(lower(a.user_email), lower(b.user_email)) || byCodePoint(a.user_id, b.user_id)

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
