// The chats of one tab, newest first: everybody's, our own, or those that nobody has; or those in which somebody waits, for the longest first.
import { belongsTo, isWhose, longestWaitFirst, newestFirst, type Whose } from '../../client/staff/list-order.ts'
import { ChatRows, type LoadChats } from './chat-rows.ts'
import type { Clock } from './environment.ts'

interface TabListOptions {
  archived: boolean
  /** Null: everybody's */
  assignee?: Whose | null
  /** Only chats with this tag; null: all */
  tag?: string | null
  /** Only those in which somebody waits */
  waiting?: boolean
  /** Who looks, as a `personTag` */
  person?: () => string | null
  load: LoadChats
  clock: Clock
}

export class TabList extends ChatRows {
  readonly assignee: Whose | null
  readonly tag: string | null
  readonly isOfWaiting: boolean

  constructor({
    archived,
    assignee = null,
    tag = null,
    waiting = false,
    person = () => null,
    load,
    clock,
  }: TabListOptions) {
    const isTheirs = isWhose(assignee, person)
    super({
      load,
      clock,
      archived,
      assignee,
      tag,
      isOfWaiting: waiting,
      compare: waiting ? longestWaitFirst : newestFirst,
      belongs: belongsTo(
        archived,
        (chat) =>
          isTheirs(chat) && (tag === null || chat.tags.includes(tag)) && (!waiting || chat.waiting_since !== null),
      ),
      // A reply of our own moves its chat too, but is no reason to look at the top of the list; who begins to wait comes at the end of theirs
      moves: (before, chat) =>
        !waiting && chat.last_message_sender === 'user' && before?.last_message_at !== chat.last_message_at,
      refreshes: waiting ? 'as far' : 'as many',
    })
    this.assignee = assignee
    this.tag = tag
    this.isOfWaiting = waiting
  }
}
