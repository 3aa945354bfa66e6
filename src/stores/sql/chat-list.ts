import { sql, type RawBuilder } from 'kysely'
import type { SupportChatListItem } from '../../protocol/types.ts'
import type { ChatStore, ListQuery } from '../../server/ports/store/chats.ts'
import { isListCursor, isUuid } from '../rules/request-values.ts'
import type { SqlDatabase } from './database.ts'
import type { Tables } from './tables.ts'

type ChatList = Pick<ChatStore, 'listChats' | 'listItems' | 'countUnreadChats'>

/** Appended to a text, it sorts after everything that begins with the text */
const LAST_CHARACTER = '\u{10FFFF}'

export function chatList({ db, engine }: SqlDatabase): ChatList {
  const itemsOf = (chats: RawBuilder<unknown>, users: RawBuilder<unknown>) =>
    db
      .selectFrom(sql.table<Tables['support_chats']>('support_chats').as<'c'>(chats))
      .innerJoin(sql.table<Tables['support_users']>('support_users').as<'u'>(users), 'u.id', 'c.user_id')
      .select(['c.id', 'c.user_id', 'u.email as user_email', 'u.name as user_name', 'c.last_message_at'])
      .select(['c.last_message_preview', 'c.last_message_sender', 'c.last_seq', 'c.last_user_seq'])
      .select(['c.admin_viewed_seq', 'c.archived_at'])
  const items = itemsOf(sql`c`, sql`u`)
  const inOrder = itemsOf(engine.chatsInOrder, sql`u`)
  const byEmail = itemsOf(sql`c`, engine.usersInOrder)

  function recent({ archived, cursor, limit }: ListQuery) {
    const page = inOrder
      .where(engine.isArchived(archived))
      .where('c.last_message_at', 'is not', null)
      .orderBy('c.last_message_at', 'desc')
      .orderBy('c.id', 'desc')
    // A literal: with a parameter, PostgreSQL would not know how few rows are wanted, and plan the page anew each time
    if (!cursor) return page.limit(sql.lit(limit))
    const at = engine.time(cursor.key)
    // Means (time, id) < (…, …), for which not every engine uses an index
    return page
      .where('c.last_message_at', '<=', at)
      .where((e) => e.or([e('c.last_message_at', '<', at), e('c.id', '<', cursor.id)]))
      .limit(limit)
  }

  function search(start: string, { archived, cursor, limit }: ListQuery) {
    const from = engine.lower(cursor?.key ?? start)
    // The text may begin nearly all addresses, or none; each needs another plan
    return byEmail
      .modifyFront(engine.planAnew)
      .where(engine.lowerEmail, '>=', from)
      .where(engine.lowerEmail, '<', engine.lower(`${start}${LAST_CHARACTER}`))
      .where((e) => e.or([e(engine.lowerEmail, '>', from), e('u.id', '>', cursor?.id ?? '')]))
      .where('c.last_seq', '>', 0)
      .where(engine.isArchived(archived))
      .orderBy(engine.lowerEmail)
      .orderBy('u.id')
      .limit(limit)
  }

  return {
    async listChats(query) {
      const { cursor, email } = query
      if (email !== undefined) return (await search(email, query).execute()).map(item)
      if (cursor && !isListCursor(cursor)) return []
      return (await recent(query).execute()).map(item)
    },

    async listItems(ids) {
      const rows = ids.filter(isUuid).map((id) => ({ id }))
      if (rows.length === 0) return []
      const wanted = engine.rows<{ id: string }>('k', { id: 'uuid' }, rows)
      const found = await items.where('c.id', 'in', sql<string>`(select k.id from ${wanted})`).execute()
      const byId = new Map(found.map((row) => [row.id, item(row)]))
      return rows.flatMap(({ id }) => byId.get(id) ?? [])
    },

    async countUnreadChats(limit) {
      const row = await db
        .selectFrom((e) =>
          e
            .selectFrom('support_chats as c')
            .select(sql`1`.as('one'))
            .where(engine.isUnread)
            .limit(sql.lit(limit))
            .as('unread'),
        )
        .select((e) => e.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
      return row.n
    },
  }
}

interface Row extends Omit<SupportChatListItem, 'message_count' | 'unread' | 'archived'> {
  last_seq: number
  last_user_seq: number
  admin_viewed_seq: number
  archived_at: string | null
}

const item = ({ last_seq, last_user_seq, admin_viewed_seq, archived_at, ...row }: Row): SupportChatListItem => ({
  ...row,
  message_count: last_seq,
  unread: last_user_seq > admin_viewed_seq,
  archived: archived_at !== null,
})
