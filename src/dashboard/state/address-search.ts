// The chats of one tab whose e-mail address begins with what is searched for, in order of addresses: the same match and the
// same order as the server's, so that a row that comes by an event stands where the server would have put it.
import type { SupportChatListItem } from '../../protocol/types.ts'
import { ChatRows, type LoadChats } from './chat-rows.ts'
import type { Clock } from './environment.ts'

interface AddressSearchOptions {
  archived: boolean
  /** Trimmed and not empty */
  q: string
  load: LoadChats
  clock: Clock
}

export class AddressSearch extends ChatRows {
  constructor({ archived, q, load, clock }: AddressSearchOptions) {
    const start = lower(q)
    super({
      load,
      clock,
      archived,
      q,
      compare: byAddress,
      belongs: (chat) =>
        chat.archived === archived && chat.message_count > 0 && lower(chat.user_email).startsWith(start),
      // A message moves nothing in this order; only a chat that is new to it has no place yet
      moves: (before) => before === undefined,
      refreshes: 'as far',
    })
  }
}

/** ASCII alone, as the server's cursors have it */
const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

const byAddress = (a: SupportChatListItem, b: SupportChatListItem): number =>
  byCodePoint(lower(a.user_email), lower(b.user_email)) || byCodePoint(a.user_id, b.user_id)

/** `<` compares UTF-16 units, which puts U+FFFD after an emoji; databases compare code points */
function byCodePoint(a: string, b: string): number {
  if (a === b) return 0
  let i = 0
  while (i < a.length && a[i] === b[i]) i++
  // Where only the second halves of two surrogate pairs differ, these compare as the whole pairs would
  const [x, y] = [a.codePointAt(i) ?? -1, b.codePointAt(i) ?? -1]
  return x - y
}
