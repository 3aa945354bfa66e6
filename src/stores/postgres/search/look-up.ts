// The statements that a search is made of.
import { sql, type RawBuilder } from 'kysely'
import type { FoundMessage } from '../../../protocol/types.ts'
import { StoreUnavailable } from '../../../server/ports/store/store-unavailable.ts'
import { MESSAGE_COLUMNS_OF_M, messageOf } from '../../message-columns.ts'
import type { SqlDatabase } from '../../sql/database.ts'
import { INDEXED, WORDS } from './search-index.ts'
import type { Tsqueries } from './tsquery.ts'

/** Matches that are taken from the index and sorted at most; the words are too common for that when there are more */
const MAX_LISTED = 5_000
/** How long that may take (ms) */
const LIST_TIME = '3000'
const QUERY_CANCELED = '57014'

/** A message that matches, by its id, which begins with its time (UUIDv7), and its chat */
export interface MatchPosition {
  id: string
  chat_id: string
}

interface ListQuery {
  /** Only messages of this period, by its word in the index. Without it, a chat comes once on all pages together. */
  period?: string
  before: string
  /** Chats at most */
  limit: number
}

/** A message that was read: whether it matches (1 or 0), and its number in this step */
interface ReadMessage extends MatchPosition {
  is_match: number
  n: number
}

export interface LookUp {
  /** Reads the next `count` messages before one, newest first. @returns those that match, and the last one in any case */
  readonly newest: (words: Tsqueries, before: string, count: number) => Promise<ReadMessage[]>
  /** All that match, each chat by its newest; undefined when there are too many */
  readonly listed: (words: Tsqueries, query: ListQuery) => Promise<MatchPosition[] | undefined>
  readonly details: (matches: MatchPosition[]) => Promise<FoundMessage[]>
}

/** In a SELECT of its own, which runs once and not for each row */
const isMatch = (tsquery: string): RawBuilder<boolean> =>
  sql<boolean>`${sql.raw(WORDS)} @@ (select to_tsquery('simple', ${tsquery}))`

/** The condition that the index serves */
const isListed = (tsquery: string, period: string | undefined): RawBuilder<boolean> => {
  const words = sql`to_tsquery('simple', ${tsquery})`
  return sql`${sql.raw(INDEXED)} @@ (select ${period === undefined ? words : sql`${words} && ${`'${period}'`}::tsquery`})`
}

export function lookUp({ db, transaction }: SqlDatabase): LookUp {
  const messages = sql.table('support_messages')

  return {
    async newest({ exact }, before, count) {
      const { rows } = await sql<ReadMessage>`select * from (
          select id, chat_id, (${isMatch(exact)})::int as is_match, row_number() over (order by id desc) as n
          from (select id, chat_id, content from ${messages} where id < ${before} order by id desc limit ${count}) as newest
        ) as looked_at where is_match = 1 or n = ${count} order by n`.execute(db)
      return rows
    },

    async listed({ exact, loose }, { period, before, limit }) {
      const candidates = sql`select id, chat_id, (${exact} = ${loose} or ${isMatch(exact)}) as is_match
        from ${messages} where ${isListed(loose, period)} limit ${MAX_LISTED + 1}`
      const list = sql<{ candidates: number; id: string | null; chat_id: string }>`
        with candidates as materialized (${candidates}), counted as (select count(*) as n from candidates)
        select counted.n as candidates, page.id, page.chat_id from counted left join lateral (
          select id, chat_id from (
            select distinct on (chat_id) id, chat_id from candidates
            where is_match and counted.n <= ${MAX_LISTED} order by chat_id, id desc
          ) as newest where id < ${before} order by id desc limit ${limit}
        ) as page on true order by page.id desc`
      try {
        const { rows } = await transaction(async (trx) => {
          // Only by the index: the planner cannot know how many matches there are
          await sql`select set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true),
            set_config('statement_timeout', ${LIST_TIME}, true)`.execute(trx)
          return list.execute(trx)
        })
        if ((rows[0]?.candidates ?? 0) > MAX_LISTED) return undefined
        return rows.flatMap(({ id, chat_id }) => (id === null ? [] : { id, chat_id }))
      } catch (error) {
        if (
          error instanceof StoreUnavailable &&
          (error.cause as { code?: string } | undefined)?.code === QUERY_CANCELED
        )
          return undefined
        throw error
      }
    },

    async details(matches) {
      const ids = matches.map(({ id }) => id)
      const rows = await db
        .selectFrom('support_messages as m')
        .innerJoin('support_chats as c', 'c.id', 'm.chat_id')
        .innerJoin('support_users as u', 'u.id', 'c.user_id')
        .select(['m.chat_id', 'c.user_id', 'u.email as user_email', 'u.name as user_name', 'c.archived_at'])
        .select(MESSAGE_COLUMNS_OF_M)
        .where('m.id', '=', sql<string>`any(${ids}::uuid[])`)
        .orderBy('m.id', 'desc')
        .execute()
      return rows.map(({ chat_id, user_id, user_email, user_name, archived_at, ...message }) => ({
        chat_id,
        user_id,
        user_email,
        user_name,
        archived: archived_at !== null,
        message: messageOf(message),
      }))
    },
  }
}
