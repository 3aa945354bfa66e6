// The chats of one tab whose e-mail address begins with what is searched for, in order of addresses.
import { belongsTo, byAddress } from '../../client/staff/list-order.ts'
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
    super({
      load,
      clock,
      archived,
      q,
      compare: byAddress,
      belongs: belongsTo(archived, q),
      // A message moves nothing in this order; only a chat that is new to it has no place yet
      moves: (before) => before === undefined,
      refreshes: 'as far',
    })
  }
}
