import type { RetentionStore } from '../../server/ports/store/retention.ts'
import { oldOf } from '../rules/retention.ts'
import { WITHOUT_LISTS, type ChatHead } from './chat-document.ts'
import type { MongoDatabase } from './database.ts'

export function retention(db: MongoDatabase): RetentionStore {
  return {
    async oldArchive(query) {
      const { before, after = { key: '', id: '' }, limit } = query
      const page = db
        .collection('chats')
        .find({
          is_archived: true,
          last_message_at: { $gte: after.key, $lt: before },
          $or: [{ last_message_at: { $gt: after.key } }, { last_message_at: after.key, _id: { $gt: after.id } }],
        })
        .project<ChatHead>(WITHOUT_LISTS)
        .sort({ last_message_at: 1, _id: 1 })
      const rows = await page.limit(limit).toArray()
      return oldOf(
        rows.map(({ _id: id, user_id, archived_at, last_message_at }) => ({
          id,
          user_id,
          archived_at,
          last_message_at,
        })),
        query,
      )
    },
  }
}
