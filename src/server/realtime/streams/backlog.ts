// What a stream has stored, in order of its `seq`: a client that comes back gets what it missed of it.
import type { ActivityChannelMessage, ChatChannelMessage } from '../../../protocol/events.ts'
import type { ChatRecord } from '../../ports/store/chats.ts'
import type { Store } from '../../ports/store/store.ts'
import type { Topic } from './topic.ts'

/** Entries that a replay holds in memory; many replays may run at once */
const PAGE = 100
/** Approximate characters of a frame besides the content */
const FRAME = 300

export interface StoredEvent {
  seq: number
  event: ChatChannelMessage | ActivityChannelMessage
  /** Approximate characters of its frame */
  size: number
}

/** Of a chat: its messages, or its activity */
export interface Backlog {
  /** The seq of the last entry; 0: there is none */
  last(chat: Pick<ChatRecord, 'last_seq' | 'last_activity_seq'>): number
  /** What follows the seq `after`, a page of it */
  read(store: Store, chatId: string, after: number): Promise<{ events: StoredEvent[]; has_more: boolean }>
}

const messages: Backlog = {
  last: ({ last_seq }) => last_seq,
  async read(store, chatId, after) {
    const { messages: page, has_more } = await store.messages(chatId, { after, limit: PAGE })
    const events = page.map((message): StoredEvent => ({
      seq: message.seq,
      event: { type: 'new_message', message },
      size: FRAME + message.content.length,
    }))
    return { events, has_more }
  },
}

const activity: Backlog = {
  last: ({ last_activity_seq }) => last_activity_seq,
  async read(store, chatId, after) {
    const { activities, has_more } = await store.activities(chatId, { after, limit: PAGE })
    const events = activities.map((one): StoredEvent => ({
      seq: one.seq,
      event: { type: 'new_activity', activity: one },
      size: FRAME + (one.kind === 'note' ? one.body.content.length : 0),
    }))
    return { events, has_more }
  },
}

/** Of each kind of topic about one chat */
export const BACKLOGS: Record<Exclude<Topic['type'], 'staff'>, Backlog> = { chat: messages, activity }
