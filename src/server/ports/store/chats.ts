import type { SupportActivity } from '../../../protocol/activity.ts'
import type { SupportChatListItem } from '../../../protocol/types.ts'
import type { Actor } from './activities.ts'
import type { OpenTime } from './numbers.ts'
import type { Outbox } from './outbox.ts'

/** A chat's row, with its user's e-mail address */
export interface ChatRecord {
  id: string
  user_id: string
  user_email: string
  user_name: string | null
  last_seq: number
  /** How much activity the chat has, which only staff see */
  last_activity_seq: number
  archived_at: string | null
  /** Who of staff has it; null: nobody */
  assignee_id: string | null
  assignee_name: string | null
  /** Since when nothing of the user is taken in; null: it is */
  blocked_at: string | null
  /** Since when a person of staff answers, and not the assistant; null: it does, where there is one */
  assistant_off_at: string | null
  /** The user has read staff's messages up to this seq; null in `_at`: never */
  user_read_seq: number
  user_read_at: string | null
  /** Staff has viewed the user's messages up to this seq; null in `_at`: never */
  admin_viewed_seq: number
  admin_viewed_at: string | null
}

/** A position in the list of chats: the row that a page ended with */
export interface ListCursor {
  /** `last_message_at`; `waiting_since` where the longest wait comes first; the e-mail address in a search, with ASCII in lower case */
  key: string
  id: string
}

export interface ListQuery {
  archived: boolean
  limit: number
  cursor?: ListCursor | undefined
  /** The start of an e-mail address; the list is then ordered by address */
  email?: string | undefined
  /** Those of this member of staff; null: those that nobody has. It has no effect on a search */
  assignee?: string | null | undefined
  /** Those with this tag. It has no effect on a search */
  tag?: string | undefined
  /** Active ones in which the user waits for an answer, the longest wait first. Alone, and it has no effect on a search */
  waiting?: boolean | undefined
}

export interface NameQuery {
  archived: boolean
  /** What somebody typed, with a word in it */
  name: string
  limit: number
  /** `next` of the page before */
  cursor?: ListCursor | undefined
}

export interface NamedPage {
  chats: SupportChatListItem[]
  /** Where the next page begins, by `last_message_at`; null: this was the last one */
  next: ListCursor | null
}

export interface Archiving {
  /** Who did it; undefined: nobody of staff */
  actor?: Actor | undefined
  outbox?: Outbox | undefined
  /** Undefined: no hours are set */
  openTime?: OpenTime | undefined
}

export interface Assigning {
  /** Null: nobody has the chat from now on */
  assignee: Actor | null
  /** The chat is changed only if this member of staff has it; undefined: in any case */
  from?: string | undefined
  /** Who did it; null: nobody of staff */
  actor: Actor | null
  at: string
}

export interface Blocking {
  /** Who did it; null: nobody of staff */
  actor: Actor | null
  at: string
}

export interface ChatStore {
  /**
   * Finds or creates the user's chat. There is one per user, even after concurrent calls.
   * @throws Error when the person was not saved before, or was erased meanwhile
   */
  openChat(userId: string, id: string, at: string): Promise<ChatRecord>
  findChat(id: string): Promise<ChatRecord | undefined>
  /** In any order; unknown ids are left out */
  findChats(ids: string[]): Promise<ChatRecord[]>
  findChatOf(userId: string): Promise<ChatRecord | undefined>
  /** Chats with at least one message, newest first */
  listChats(query: ListQuery): Promise<SupportChatListItem[]>
  /**
   * Chats with at least one message of users in whose names each word of a text begins a word, in whatever case, and the longest of its
   * first four words one of the name's first four; the newest message first. The cost is bounded, however many names begin so: a page may
   * be short or empty and still have a `next`.
   */
  chatsByName(query: NameQuery): Promise<NamedPage>
  /** In any order; unknown ids are left out */
  listItems(ids: string[]): Promise<SupportChatListItem[]>
  /** Counts active chats with something unread, up to `limit` */
  countUnreadChats(limit: number): Promise<number>
  /**
   * With the activity and the webhook of it, in one transaction.
   * @returns the activity; undefined when the chat was already in that state, or there is none
   */
  setArchived(chatId: string, archived: boolean, at: string, more?: Archiving): Promise<SupportActivity | undefined>
  /**
   * With the activity of it, in one transaction. Of two at the same time, the later one of the activity counts. Somebody who gets the chat
   * answers from then on, and not the assistant.
   * @returns the activity; undefined when they had the chat already, `from` does not have it, or there is none
   */
  assign(chatId: string, assigning: Assigning): Promise<SupportActivity | undefined>
  /**
   * Takes in nothing more of the chat's user, or takes it in again, with the activity of it, in one transaction. What the user sends from
   * then on has the outcome `blocked`.
   * @returns the activity; undefined when it was so already, or there is no chat
   */
  setBlocked(chatId: string, blocked: boolean, blocking: Blocking): Promise<SupportActivity | undefined>
}
