import type { ChatRecord, ChatStore } from '../../server/ports/store/chats.ts'
import { archiving } from '../rules/webhook.ts'
import { chatList } from './chat-list.ts'
import type { Database } from './database.ts'
import { outboxWriter } from './outbox.ts'

const RECORD = `SELECT c.id, c.user_id, u.email AS user_email, u.name AS user_name, c.last_seq, c.archived_at,
  c.user_read_seq, c.user_read_at, c.admin_viewed_seq, c.admin_viewed_at FROM support_chats c JOIN support_users u ON u.id = c.user_id`

export function chats(db: Database): ChatStore {
  const byId = db.prepare<ChatRecord>(`${RECORD} WHERE c.id = ?`)
  const byIds = db.prepare<ChatRecord>(`${RECORD} WHERE c.id IN (SELECT value FROM json_each(?))`)
  const byUser = db.prepare<ChatRecord>(`${RECORD} WHERE c.user_id = ?`)
  const create = db.prepare(
    'INSERT INTO support_chats (id, user_id, created_at, updated_at) VALUES (?1, ?2, ?3, ?3) ON CONFLICT (user_id) DO NOTHING',
  )
  const archive = db.prepare(
    'UPDATE support_chats SET archived_at = ?2, updated_at = ?2 WHERE id = ?1 AND archived_at IS NULL',
  )
  const unarchive = db.prepare(
    'UPDATE support_chats SET archived_at = NULL, updated_at = ?2 WHERE id = ?1 AND archived_at IS NOT NULL',
  )
  const writeOutbox = outboxWriter(db)

  return {
    ...chatList(db),

    async openChat(userId, id, at) {
      const known = byUser.get(userId)
      if (known) return known
      return db.transaction(() => {
        create.run(id, userId, at)
        const chat = byUser.get(userId)
        if (!chat) throw new Error('openChat before savePeople')
        return chat
      })
    },
    findChat: async (id) => byId.get(id),
    findChats: async (ids) => byIds.all(JSON.stringify(ids)),
    findChatOf: async (userId) => byUser.get(userId),
    setArchived: async (id, archived, at, outbox) =>
      db.transaction(() => {
        const changed = (archived ? archive : unarchive).run(id, at) > 0
        if (changed && outbox) writeOutbox([archiving(id, archived, at)], outbox)
        return changed
      }),
  }
}
