// The chats of one tab, newest first.
import type { SupportChatListItem } from '../../protocol/types.ts'
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
      belongs: (chat) => chat.archived === archived && chat.message_count > 0,
      // A reply of our own moves its chat too, but is no reason to look at the top of the list
      moves: (before, chat) => chat.last_message_sender === 'user' && before?.last_message_at !== chat.last_message_at,
      refreshes: 'as many',
    })
  }
}

function newestFirst(a: SupportChatListItem, b: SupportChatListItem): number {
  const [x, y] = [a.last_message_at ?? '', b.last_message_at ?? '']
  if (x !== y) return x < y ? 1 : -1
  return a.id < b.id ? 1 : -1
}
