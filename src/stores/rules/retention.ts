import type { OldArchive, OldArchiveQuery } from '../../server/ports/store/retention.ts'

export interface ArchivedRow {
  id: string
  user_id: string
  archived_at: string | null
  last_message_at: string | null
}

export const isOld = (archived_at: string | null, before: string): boolean =>
  archived_at !== null && archived_at < before

/** A chat whose messages are old may have been archived just now */
export function oldOf(read: ArchivedRow[], { before, limit }: OldArchiveQuery): OldArchive {
  // Not a condition of the query: PostgreSQL would rather sort all that fulfil it than read the index in order
  const seen = read.filter(({ last_message_at }) => (last_message_at ?? before) < before)
  const last = seen.length === limit ? seen.at(-1) : undefined
  return {
    chats: seen.flatMap(({ id, user_id, archived_at }) => (isOld(archived_at, before) ? { id, user_id } : [])),
    last: last ? { key: last.last_message_at ?? '', id: last.id } : null,
  }
}
