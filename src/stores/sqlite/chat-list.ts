import type { SupportChatListItem } from '../../protocol/types.ts'
import type { ChatStore, ListQuery } from '../../server/ports/store/chats.ts'
import { isListCursor } from '../rules/request-values.ts'
import type { Database } from './database.ts'

const ITEM = `SELECT c.id, c.user_id, u.email AS user_email, u.name AS user_name, c.last_message_at, c.last_message_preview,
  c.last_message_sender, c.last_seq AS message_count, c.last_user_seq > c.admin_viewed_seq AS unread,
  c.archived_at IS NOT NULL AS archived`

type ItemRow = Omit<SupportChatListItem, 'unread' | 'archived'> & { unread: number; archived: number }
const item = (row: ItemRow): SupportChatListItem => ({ ...row, unread: row.unread === 1, archived: row.archived === 1 })

export function chatList(db: Database): Pick<ChatStore, 'listChats' | 'listItems' | 'countUnreadChats'> {
  // CROSS JOIN fixes SQLite's join order: chats first, by their own index, so that a page costs the same however many there are
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

  function find(query: ListQuery): ItemRow[] {
    if (query.email !== undefined) {
      // Only ASCII, like SQLite's lower()
      const start = query.email.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
      const from = query.cursor ?? { key: start, id: '' }
      return search.all(from.key, from.id, `${start}\u{10FFFF}`, query.archived ? 1 : 0, query.limit)
    }
    if (query.cursor && !isListCursor(query.cursor)) return []
    const from = query.cursor ?? { key: '~', id: '' }
    return (query.archived ? archived : active).all(from.key, from.id, query.limit)
  }

  return {
    listChats: async (query) => find(query).map(item),
    listItems: async (ids) => items.all(JSON.stringify(ids)).map(item),
    countUnreadChats: async (limit) => unread.get(limit)?.n ?? 0,
  }
}
