import type { ListCursor } from './chats.ts'

export interface OldArchiveQuery {
  /** Chats that were archived, and had their last message, before this time */
  before: string
  /** `last` of the page before */
  after?: ListCursor | undefined
  /** How many archived chats to look at, at most */
  limit: number
}

export interface OldArchive {
  /** Of those that were looked at, the old ones */
  chats: { id: string; user_id: string }[]
  /** The last chat that was looked at, by its last message; null: there are no more */
  last: ListCursor | null
}

export interface RetentionStore {
  /** Looks for chats that have been archived for long, the longest quiet first, by the index of the archive */
  oldArchive(query: OldArchiveQuery): Promise<OldArchive>
}
