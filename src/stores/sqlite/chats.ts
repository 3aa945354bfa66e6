import type { SupportChatListItem } from '../../protocol/types.ts'
import type { ChatRecord, ListQuery } from '../../server/ports/store/chats.ts'
import type { Store } from '../../server/ports/store/store.ts'
import { isListCursor } from '../request-values.ts'
import type { Database } from './database.ts'

type Chats = Pick<
  Store,
  'openChat' | 'findChat' | 'findChats' | 'findChatOf' | 'listChats' | 'listItems' | 'countUnreadChats' | 'setArchived'
>

const RECORD = `SELECT c.id, c.user_id, u.email AS user_email, u.name AS user_name, c.last_seq, c.archived_at,
  c.user_read_seq, c.user_read_at, c.admin_viewed_seq, c.admin_viewed_at FROM support_chats c JOIN support_users u ON u.id = c.user_id`

const ITEM = `SELECT c.id, c.user_id, u.email AS user_email, u.name AS user_name, c.last_message_at, c.last_message_preview,
  c.last_message_sender, c.last_seq AS message_count, c.last_user_seq > c.admin_viewed_seq AS unread,
  c.archived_at IS NOT NULL AS archived`

type ItemRow = Omit<SupportChatListItem, 'unread' | 'archived'> & { unread: number; archived: number }
const item = (row: ItemRow): SupportChatListItem => ({ ...row, unread: row.unread === 1, archived: row.archived === 1 })

export function chats(db: Database): Chats {
  const byId = db.prepare<ChatRecord>(`${RECORD} WHERE c.id = ?`)
  const byIds = db.prepare<ChatRecord>(`${RECORD} WHERE c.id IN (SELECT value FROM json_each(?))`)
  const byUser = db.prepare<ChatRecord>(`${RECORD} WHERE c.user_id = ?`)
  const create = db.prepare(
    'INSERT INTO support_chats (id, user_id, created_at, updated_at) VALUES (?1, ?2, ?3, ?3) ON CONFLICT (user_id) DO NOTHING',
  )
  // CROSS JOIN is SQLite's way to fix the join order: the chats' own index first, so that a page costs a page
  const page = (archived: 'IS NULL' | 'IS NOT NULL') =>
    db.prepare<ItemRow>(`${ITEM} FROM support_chats c CROSS JOIN support_users u ON u.id = c.user_id
      WHERE c.archived_at ${archived} AND c.last_message_at IS NOT NULL AND (c.last_message_at, c.id) < (?1, ?2)
      ORDER BY c.last_message_at DESC, c.id DESC LIMIT ?3`)
  const active = page('IS NULL')
  const archived = page('IS NOT NULL')
  const search = db.prepare<ItemRow>(`${ITEM} FROM support_users u CROSS JOIN support_chats c ON c.user_id = u.id
    WHERE lower(u.email) >= ?1 AND lower(u.email) < ?3 AND (lower(u.email), u.id) > (?1, ?2) AND c.last_seq > 0 AND (c.archived_at IS NOT NULL) = ?4
    ORDER BY lower(u.email), u.id LIMIT ?5`)
  const items = db.prepare<ItemRow>(
    `${ITEM} FROM json_each(?) j CROSS JOIN support_chats c ON c.id = j.value JOIN support_users u ON u.id = c.user_id`,
  )
  const unread = db.prepare<{ n: number }>(`SELECT count(*) AS n FROM (SELECT 1 FROM support_chats
    WHERE archived_at IS NULL AND last_user_seq > admin_viewed_seq LIMIT ?)`)
  const archive = db.prepare(
    'UPDATE support_chats SET archived_at = ?2, updated_at = ?2 WHERE id = ?1 AND archived_at IS NULL',
  )
  const unarchive = db.prepare(
    'UPDATE support_chats SET archived_at = NULL, updated_at = ?2 WHERE id = ?1 AND archived_at IS NOT NULL',
  )

  function find(query: ListQuery): ItemRow[] {
    if (query.email !== undefined) {
      // ASCII alone, as SQLite's lower() has it
      const start = query.email.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
      const from = query.cursor ?? { key: start, id: '' }
      return search.all(from.key, from.id, `${start}\u{10FFFF}`, query.archived ? 1 : 0, query.limit)
    }
    if (query.cursor && !isListCursor(query.cursor)) return []
    const from = query.cursor ?? { key: '~', id: '' }
    return (query.archived ? archived : active).all(from.key, from.id, query.limit)
  }

  return {
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
    listChats: async (query) => find(query).map(item),
    listItems: async (ids) => items.all(JSON.stringify(ids)).map(item),
    countUnreadChats: async (limit) => unread.get(limit)?.n ?? 0,
    setArchived: async (id, archived, at) =>
      (await db.transaction(() => (archived ? archive : unarchive).run(id, at))) > 0,
  }
}
