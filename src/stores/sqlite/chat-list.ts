import type { SupportChatListItem } from '../../protocol/types.ts'
import type { ChatStore, ListQuery } from '../../server/ports/store/chats.ts'
import { assigneeFrom, type AssigneeColumns } from '../rules/assignee.ts'
import { chatsByName } from '../rules/chats-by-name.ts'
import { lastMessageBy, type LastSenderColumns } from '../rules/last-message-by.ts'
import { ratingFrom, type RatingColumns } from '../rules/rating.ts'
import { isListCursor } from '../rules/request-values.ts'
import { ASTRAY_PAGES, tagsOf } from '../rules/tags.ts'
import type { Database } from './database.ts'
import { activePage, activePageOf, ARCHIVED, UNREAD } from './active-page.ts'
import { namedChats } from './named-chats.ts'
import { tagMover } from './tag-writer.ts'

const ITEM = `SELECT c.id, c.user_id, u.email AS user_email, u.name AS user_name, c.last_message_at, c.last_message_preview,
  c.last_message_sender, c.last_seq AS message_count, c.last_user_seq > c.admin_viewed_seq AS unread,
  c.archived_at IS NOT NULL AS archived, c.assignee_id, c.assignee_name, c.tags,
  c.rating_score, c.rating_comment, c.rated_at, c.blocked_at, c.waiting_since,
  m.sender_id AS last_by_id, m.sender_name AS last_by_name, m.automated AS last_by_automated`

/** By the primary key of messages, and only where it is shown who wrote */
const LAST_OF_STAFF = `LEFT JOIN support_messages m
  ON m.chat_id = c.id AND m.seq = c.last_seq AND c.last_message_sender = 'admin'`

/** @param page its places, as a statement */
const itemsAt = (page: string): string => `WITH RECURSIVE ${page}
  ${ITEM} FROM page CROSS JOIN support_chats c ON c.id = page.id CROSS JOIN support_users u ON u.id = c.user_id
  ${LAST_OF_STAFF} ORDER BY page.last_message_at DESC, page.id DESC`

/** Where the tag stands in its index */
interface PlaceOfTag {
  tag_at: string
  tag_archived: number
}

type ItemRow = Omit<SupportChatListItem, 'unread' | 'archived' | 'assignee' | 'tags' | 'rating' | 'last_message_by'> &
  AssigneeColumns &
  RatingColumns &
  LastSenderColumns & { unread: number; archived: number; tags: string | null }
/** Field by field: `node:sqlite` makes each row a hash table, and a copy of it with `...` takes longer than to read it */
const item = (row: ItemRow): SupportChatListItem => ({
  id: row.id,
  user_id: row.user_id,
  user_email: row.user_email,
  user_name: row.user_name,
  last_message_at: row.last_message_at,
  last_message_preview: row.last_message_preview,
  last_message_sender: row.last_message_sender,
  last_message_by: lastMessageBy(row),
  message_count: row.message_count,
  unread: row.unread === 1,
  archived: row.archived === 1,
  assignee: assigneeFrom(row),
  tags: tagsOf(row.tags),
  rating: ratingFrom(row),
  blocked_at: row.blocked_at,
  waiting_since: row.waiting_since,
})

export function chatList(
  db: Database,
): Pick<ChatStore, 'listChats' | 'chatsByName' | 'listItems' | 'countUnreadChats'> {
  // CROSS JOIN fixes SQLite's join order: chats first, by their own index, so that a page costs the same however many there are
  const active = db.prepare<ItemRow>(itemsAt(activePage))
  const activeOf = db.prepare<ItemRow>(itemsAt(activePageOf))
  const archived = db.prepare<ItemRow>(`${ITEM} FROM support_chats c CROSS JOIN support_users u ON u.id = c.user_id
    ${LAST_OF_STAFF} WHERE ${ARCHIVED} ORDER BY c.last_message_at DESC, c.id DESC LIMIT ?3`)
  // With an index of its own. coalesce, since a chat that nobody has stands among the others in it
  const archivedOf = db.prepare<ItemRow>(`${ITEM} FROM support_chats c CROSS JOIN support_users u ON u.id = c.user_id
    ${LAST_OF_STAFF} WHERE coalesce(c.assignee_id, '') = ?4 AND ${ARCHIVED} ORDER BY c.last_message_at DESC, c.id DESC LIMIT ?3`)
  const waiting = db.prepare<ItemRow>(`${ITEM} FROM support_chats c CROSS JOIN support_users u ON u.id = c.user_id
    ${LAST_OF_STAFF} WHERE c.archived_at IS NULL AND c.waiting_since IS NOT NULL AND c.last_message_at IS NOT NULL
    AND (c.waiting_since, c.id) > (?1, ?2) ORDER BY c.waiting_since, c.id LIMIT ?3`)
  const tagged = db.prepare<ItemRow & PlaceOfTag>(`${ITEM}, t.last_message_at AS tag_at, t.is_archived AS tag_archived
    FROM support_tags t CROSS JOIN support_chats c ON c.id = t.chat_id
    CROSS JOIN support_users u ON u.id = c.user_id
    ${LAST_OF_STAFF} WHERE t.tag = ?1 AND t.is_archived = ?2 AND t.last_message_at IS NOT NULL AND (t.last_message_at, t.chat_id) < (?3, ?4)
    ORDER BY t.last_message_at DESC, t.chat_id DESC LIMIT ?5`)
  const search = db.prepare<ItemRow>(`${ITEM} FROM support_users u CROSS JOIN support_chats c ON c.user_id = u.id
    ${LAST_OF_STAFF} WHERE lower(u.email) >= ?1 AND lower(u.email) < ?3 AND (lower(u.email), u.id) > (?1, ?2) AND c.last_seq > 0 AND (c.archived_at IS NOT NULL) = ?4
    ORDER BY lower(u.email), u.id LIMIT ?5`)
  const items = db.prepare<ItemRow>(
    `${ITEM} FROM json_each(?) j CROSS JOIN support_chats c ON c.id = j.value JOIN support_users u ON u.id = c.user_id
    ${LAST_OF_STAFF}`,
  )
  const unread = db.prepare<{ n: number }>(
    `SELECT count(*) AS n FROM (SELECT 1 FROM support_chats c WHERE ${UNREAD} LIMIT ?)`,
  )

  function find(query: ListQuery): ItemRow[] {
    if (query.email !== undefined) {
      // Only ASCII, like SQLite's lower()
      const start = query.email.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
      const from = query.cursor ?? { key: start, id: '' }
      return search.all(from.key, from.id, `${start}\u{10FFFF}`, query.archived ? 1 : 0, query.limit)
    }
    if (query.cursor && !isListCursor(query.cursor)) return []
    if (query.waiting) return waiting.all(query.cursor?.key ?? '', query.cursor?.id ?? '', query.limit)
    const from = query.cursor ?? { key: '~', id: '' }
    const place = [from.key, from.id, query.limit] as const
    if (query.assignee === undefined) return (query.archived ? archived : active).all(...place)
    return query.archived ? archivedOf.all(...place, query.assignee ?? '') : activeOf.all(...place, query.assignee)
  }

  const moveTags = tagMover(db)

  /** Nodes of the version before tags move chats without their tags; such a tag goes to its place when it is met */
  async function findTagged(tag: string, query: ListQuery, left = ASTRAY_PAGES): Promise<SupportChatListItem[]> {
    const { archived, cursor = { key: '~', id: '' }, limit } = query
    const rows = tagged.all(tag, archived ? 1 : 0, cursor.key, cursor.id, limit)
    const astray = rows.filter((row) => row.tag_at !== row.last_message_at || row.tag_archived !== row.archived)
    if (astray.length === 0 || left === 0) return rows.map(item)
    await db.transaction(() => {
      for (const { id } of astray) moveTags(id)
    })
    return findTagged(tag, query, left - 1)
  }

  const listItems = async (ids: string[]) => items.all(JSON.stringify(ids)).map(item)
  const lookup = { listItems, ...namedChats(db) }

  return {
    listChats: async (query) => {
      const { tag, email, cursor } = query
      if (tag === undefined || email !== undefined) return find(query).map(item)
      return cursor && !isListCursor(cursor) ? [] : findTagged(tag, query)
    },
    listItems,
    chatsByName: (query) => chatsByName(lookup, query),
    countUnreadChats: async (limit) => unread.get(limit)?.n ?? 0,
  }
}
