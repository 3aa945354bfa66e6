import type { SupportChatListItem } from '../../../protocol/types.ts'
import type { Outbox } from './outbox.ts'

/** A chat's row, with its user's e-mail address */
export interface ChatRecord {
  id: string
  user_id: string
  user_email: string
  user_name: string | null
  last_seq: number
  archived_at: string | null
  /** The user has read staff's messages up to this seq; null in `_at`: never */
  user_read_seq: number
  user_read_at: string | null
  /** Staff has viewed the user's messages up to this seq; null in `_at`: never */
  admin_viewed_seq: number
  admin_viewed_at: string | null
}

/** A position in the list of chats: the row that a page ended with */
export interface ListCursor {
  /** `last_message_at`, or the e-mail address in a search */
  key: string
  id: string
}

export interface ListQuery {
  archived: boolean
  limit: number
  cursor?: ListCursor | undefined
  /** The start of an e-mail address; the list is then ordered by address */
  email?: string | undefined
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
  /** In any order; unknown ids are left out */
  listItems(ids: string[]): Promise<SupportChatListItem[]>
  /** Counts active chats with something unread, up to `limit` */
  countUnreadChats(limit: number): Promise<number>
  /** With the webhook of it, in one transaction. @returns false when the chat was already in that state */
  setArchived(chatId: string, archived: boolean, at: string, outbox?: Outbox): Promise<boolean>
}
