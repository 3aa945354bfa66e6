import { sql, type RawBuilder } from 'kysely'
import type { SupportChatListItem } from '../../protocol/types.ts'
import type { ChatStore, ListCursor, ListQuery } from '../../server/ports/store/chats.ts'
import { assigneeFrom, type AssigneeColumns } from '../rules/assignee.ts'
import { chatsByName, type NamedChat } from '../rules/chats-by-name.ts'
import { lastMessageBy, type LastSenderColumns } from '../rules/last-message-by.ts'
import { ratingFrom, type RatingColumns } from '../rules/rating.ts'
import { isListCursor, isUuid } from '../rules/request-values.ts'
import { ASTRAY_PAGES, tagsOf } from '../rules/tags.ts'
import type { SqlDatabase } from './database.ts'
import { namedChats } from './named-chats.ts'
import { bringTagsBack } from './tag-writer.ts'
import type { Tables } from './tables.ts'

type ChatList = Pick<ChatStore, 'listChats' | 'chatsByName' | 'listItems' | 'countUnreadChats'>

/** After all times that are stored, so that the first page is read like the others */
const NEWEST: ListCursor = { key: '9999-12-31T23:59:59.999Z', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' }

/** Appended to a text, it sorts after everything that begins with the text */
const LAST_CHARACTER = '\u{10FFFF}'

/** Conditions on the chat `c`, and how it is sorted */
interface Page {
  where: RawBuilder<boolean>[]
  order: RawBuilder<unknown>
  limit: number
}

export function chatList(database: SqlDatabase): ChatList {
  const { db, engine, transaction } = database
  const table = sql.table<Tables['support_chats']>('support_chats')
  const itemsOf = (
    chats: RawBuilder<unknown>,
    users: RawBuilder<unknown>,
    from: RawBuilder<unknown> = sql.table('support_users'),
    among: RawBuilder<Tables['support_chats']> = table,
  ) =>
    db
      .selectFrom(among.as<'c'>(chats))
      .innerJoin(sql<Tables['support_users']>`${from}`.as<'u'>(users), 'u.id', 'c.user_id')
      .leftJoin(sql<Tables['support_messages']>`${engine.lastMessage}`.as<'m'>(sql`m`), (on) =>
        // By the primary key of messages, and only where it is shown who wrote
        on.onRef('m.chat_id', '=', 'c.id').onRef('m.seq', '=', 'c.last_seq').on('c.last_message_sender', '=', 'admin'),
      )
      .select(['c.id', 'c.user_id', 'u.email as user_email', 'u.name as user_name', 'c.last_message_at'])
      .select(['c.last_message_preview', 'c.last_message_sender', 'c.last_seq', 'c.last_user_seq'])
      .select(['c.admin_viewed_seq', 'c.archived_at', 'c.assignee_id', 'c.assignee_name', 'c.tags'])
      .select(['c.rating_score', 'c.rating_comment', 'c.rated_at', 'c.blocked_at', 'c.waiting_since'])
      .select(['m.sender_id as last_by_id', 'm.sender_name as last_by_name', 'm.automated as last_by_automated'])
  /** The same with no more than names */
  const namesOf = (
    chats: RawBuilder<unknown>,
    users: RawBuilder<unknown>,
    from: RawBuilder<unknown>,
    among: RawBuilder<Tables['support_chats']>,
  ) =>
    db
      .selectFrom(among.as<'c'>(chats))
      .innerJoin(sql<Tables['support_users']>`${from}`.as<'u'>(users), 'u.id', 'c.user_id')
      .select(['c.id', 'c.last_message_at', 'u.name as user_name'])
  const items = itemsOf(sql`c`, sql`u`)
  const inOrderOfWaits = itemsOf(engine.chatsWaitingInOrder, sql`u`)
  const byEmail = itemsOf(sql`c`, engine.usersInOrder)

  function recentOf(assignee: string | null, { archived, cursor, limit }: ListQuery) {
    const { assignee: first, recency } = engine
    const isTheirs = engine.isOfAssignee(assignee, cursor && { at: engine.time(cursor.key), id: cursor.id })
    const order = newestFirst(first ? [first, ...recency.order] : recency.order)
    return pageOf(
      { where: [isTheirs, engine.isArchived(archived), recency.exists], order, limit },
      engine.chatsOfAssigneeInOrder,
    )
  }

  function recentOnes({ archived, cursor, limit }: ListQuery): Page {
    const { recency } = engine
    const where = [engine.isArchived(archived), recency.exists]
    if (cursor) {
      const at = engine.time(cursor.key)
      // Means (time, id) < (…, …), for which not every engine uses an index
      where.push(recency.upTo(at), sql<boolean>`(c.last_message_at < ${at} or c.id < ${cursor.id})`)
    }
    return { where, order: newestFirst(recency.order), limit }
  }

  async function newest(query: ListQuery): Promise<NamedChat[]> {
    const { isInPage, end, among } = boundsOf(recentOnes(query))
    const page = namesOf(engine.chatsInOrder, sql`u`, engine.userOfChat, among)
      .where(isInPage)
      .modifyEnd(end)
    return (await page.execute()).map((row) => ({ ...row, last_message_at: row.last_message_at ?? '' }))
  }

  const newestFirst = (by: readonly RawBuilder<unknown>[]): RawBuilder<unknown> =>
    sql.join([...by, sql`c.id`].map((one) => sql`${one} desc`))

  function boundsOf({ where, order, limit }: Page) {
    const isInPage = sql<boolean>`${sql.join(where, sql` and `)}`
    // A literal: with a parameter, PostgreSQL would not know how few rows are wanted, and plan the page anew each time
    const end = sql`order by ${order} limit ${sql.lit(limit)}`
    const among = engine.pageOfChats ? engine.pageOfChats(table, sql`where ${isInPage} ${end}`) : table
    return { isInPage, end, among }
  }

  function pageOf(page: Page, chats: RawBuilder<unknown>) {
    const { isInPage, end, among } = boundsOf(page)
    return itemsOf(chats, sql`u`, engine.userOfChat, among)
      .where(isInPage)
      .modifyEnd(end)
  }

  function longestWait({ cursor, limit }: ListQuery) {
    const page = inOrderOfWaits
      .where(engine.isArchived(false))
      .where('c.waiting_since', 'is not', null)
      .where('c.last_message_at', 'is not', null)
      .orderBy('c.waiting_since')
      .orderBy('c.id')
    if (!cursor) return page.limit(sql.lit(limit))
    const at = engine.time(cursor.key)
    return page
      .where('c.waiting_since', '>=', at)
      .where((e) => e.or([e('c.waiting_since', '>', at), e('c.id', '>', cursor.id)]))
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

  /** Those of a tag in order, read from the index alone, so that no planner is tempted to sort */
  function tagged(tag: string, { archived, cursor = NEWEST, limit }: ListQuery) {
    const at = engine.time(cursor.key)
    return db
      .selectFrom('support_tags')
      .select(['chat_id', 'last_message_at'])
      .where('tag', '=', tag)
      .where('is_archived', '=', archived ? 1 : 0)
      .where('last_message_at', '<=', at)
      .where((e) => e.or([e('last_message_at', '<', at), e('chat_id', '<', cursor.id)]))
      .orderBy('last_message_at', 'desc')
      .orderBy('chat_id', 'desc')
      .limit(sql.lit(limit))
      .execute()
  }

  /** Nodes of the version before tags move chats without their tags; such a tag goes to its place when it is met */
  async function listTagged(tag: string, query: ListQuery, left = ASTRAY_PAGES): Promise<SupportChatListItem[]> {
    const places = await tagged(tag, query)
    const found = await listItems(places.map(({ chat_id }) => chat_id))
    const placeOf = new Map(places.map(({ chat_id, last_message_at }) => [chat_id, last_message_at]))
    const astray = found.filter(
      ({ id, last_message_at, archived }) => last_message_at !== placeOf.get(id) || archived !== query.archived,
    )
    if (astray.length === 0 || left === 0) return found
    const ids = astray.map(({ id }) => id)
    await transaction((trx) => bringTagsBack(trx, engine, ids))
    return listTagged(tag, query, left - 1)
  }

  async function listItems(ids: string[]): Promise<SupportChatListItem[]> {
    const rows = ids.filter(isUuid).map((id) => ({ id }))
    if (rows.length === 0) return []
    const wanted = engine.rows<{ id: string }>('k', { id: 'uuid' }, rows)
    const found = await items.where('c.id', 'in', sql<string>`(select k.id from ${wanted})`).execute()
    const byId = new Map(found.map((row) => [row.id, item(row)]))
    return rows.flatMap(({ id }) => byId.get(id) ?? [])
  }

  async function listChats(query: ListQuery): Promise<SupportChatListItem[]> {
    const { cursor, email, assignee } = query
    if (email !== undefined) return (await search(email, query).execute()).map(item)
    if (cursor && !isListCursor(cursor)) return []
    if (query.waiting) return (await longestWait(query).execute()).map(item)
    if (query.tag !== undefined) return listTagged(query.tag, query)
    const page = assignee === undefined ? pageOf(recentOnes(query), engine.chatsInOrder) : recentOf(assignee, query)
    return (await page.execute()).map(item)
  }

  const lookup = { newest, listItems, startingWith: namedChats(database) }

  return {
    listChats,
    listItems,
    chatsByName: (query) => chatsByName(lookup, query),

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

interface Row
  extends
    AssigneeColumns,
    Omit<
      SupportChatListItem,
      'message_count' | 'unread' | 'archived' | 'assignee' | 'tags' | 'rating' | 'last_message_by'
    >,
    RatingColumns,
    LastSenderColumns {
  tags: string | null
  last_seq: number
  last_user_seq: number
  admin_viewed_seq: number
  archived_at: string | null
}

function item({ last_seq, last_user_seq, admin_viewed_seq, archived_at, ...rest }: Row): SupportChatListItem {
  const { assignee_id, assignee_name, rating_score, rating_comment, rated_at, ...more } = rest
  const { last_by_id, last_by_name, last_by_automated, ...row } = more
  return {
    ...row,
    message_count: last_seq,
    unread: last_user_seq > admin_viewed_seq,
    archived: archived_at !== null,
    assignee: assigneeFrom({ assignee_id, assignee_name }),
    tags: tagsOf(row.tags),
    rating: ratingFrom({ rating_score, rating_comment, rated_at }),
    last_message_by: lastMessageBy({ last_by_id, last_by_name, last_by_automated }),
  }
}
