// The chats of one tab, newest first.
import { belongsTo, newestFirst } from '../../client/staff/list-order.ts'
import { ChatRows, type LoadChats } from './chat-rows.ts'
import type { Clock } from './environment.ts'

interface TabListOptions {
  archived: boolean
  load: LoadChats
  clock: Clock
}

export class TabList extends ChatRows {
  constructor({ archived, load, clock }: TabListOptions) {
    super({
      load,
      clock,
      archived,
      compare: newestFirst,
      belongs: belongsTo(archived, ''),
      // A reply of our own moves its chat too, but is no reason to look at the top of the list
      moves: (before, chat) => chat.last_message_sender === 'user' && before?.last_message_at !== chat.last_message_at,
      refreshes: 'as many',
    })
  }
}
