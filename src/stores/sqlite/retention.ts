import type { RetentionStore } from '../../server/ports/store/retention.ts'
import { oldOf, type ArchivedRow } from '../rules/retention.ts'
import type { Database } from './database.ts'

export function retention(db: Database): RetentionStore {
  const archive = db.prepare<ArchivedRow>(`SELECT id, user_id, archived_at, last_message_at FROM support_chats
    WHERE archived_at IS NOT NULL AND last_message_at IS NOT NULL AND last_message_at < ?1 AND (last_message_at, id) > (?2, ?3)
    ORDER BY last_message_at, id LIMIT ?4`)
  return {
    async oldArchive(query) {
      const { before, after = { key: '', id: '' }, limit } = query
      return oldOf(archive.all(before, after.key, after.id, limit), query)
    },
  }
}
