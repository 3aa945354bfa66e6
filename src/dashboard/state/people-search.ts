// The chats of one tab whose users are found by name or address, in the order of a search.
import { belongsTo } from '../../client/staff/list-order.ts'
import { searchOrder } from '../../client/staff/search-order.ts'
import { ChatRows, type LoadChats } from './chat-rows.ts'
import type { Clock } from './environment.ts'

interface PeopleSearchOptions {
  archived: boolean
  /** Trimmed and not empty */
  q: string
  load: LoadChats
  clock: Clock
}

export class PeopleSearch extends ChatRows {
  constructor({ archived, q, load, clock }: PeopleSearchOptions) {
    const { compare, isFound, isNamed } = searchOrder(q)
    super({
      load,
      clock,
      archived,
      q,
      compare,
      belongs: belongsTo(archived, isFound),
      // A message moves nothing among addresses; only a chat that is new there has no place yet
      moves: (before, chat) =>
        before === undefined || (isNamed(chat) && before.last_message_at !== chat.last_message_at),
      refreshes: 'as far',
    })
  }
}
