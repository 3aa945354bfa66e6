// The statements that a search is made of.
import { sql, type RawBuilder } from 'kysely'
import type { FoundMessage } from '../../../protocol/types.ts'
import { MESSAGE_COLUMNS_OF_M, messageOf, type MessageRow } from '../../message-columns.ts'
import type { SqlDatabase } from '../../sql/database.ts'
import type { IndexedWords } from './indexed-words.ts'
import { NUMBERS, WORDS } from './word-index.ts'

/** Matches of a block that are listed at once, the newest */
export const MAX_LISTED = 1_000

/** Words of a block with one beginning that are listed, at most */
const MAX_OF_START = 100_000

/** Appended to a text, it sorts after everything that begins with the text */
const LAST_CHARACTER = '\u{10FFFF}'

/** A message by its number among all that were indexed */
export interface ReadMessage {
  n: number
  chat_id: string
  content: string
}

/** The next numbers before one */
export interface Newest {
  /** Newest first. A number whose message is gone has none */
  messages: ReadMessage[]
  /** Undefined: there are no more */
  last: number | undefined
}

export interface LookUp {
  readonly newest: (before: number, count: number) => Promise<Newest>
  readonly read: (numbers: number[]) => Promise<ReadMessage[]>
  /** Whether a block has so many words that begin like this that its messages are better read than listed */
  readonly isCommon: (start: string, block: number) => Promise<boolean>
  /** Numbers of messages of a block that have all these words, newest first: MAX_LISTED at most */
  readonly listed: (words: IndexedWords, block: number, before: number) => Promise<number[]>
  /** ISO 8601: the time of the first message from this number on */
  readonly timeOf: (n: number) => Promise<string | null>
  readonly details: (matches: ReadMessage[]) => Promise<FoundMessage[]>
}

const beginsWith = (start: string): RawBuilder<boolean> =>
  sql<boolean>`word >= ${start} and word < ${start + LAST_CHARACTER}`

const MESSAGES = sql.table('support_messages')

export function lookUp({ db, engine }: SqlDatabase): LookUp {
  const numbered = (numbers: number[]): RawBuilder<unknown> =>
    sql`${engine.rows(
      'k',
      { n: 'integer' },
      numbers.map((n) => ({ n })),
    )} straight_join ${NUMBERS} as o on o.n = k.n straight_join ${MESSAGES} as m on m.id = o.id`

  return {
    async newest(before, count) {
      type Row = ReadMessage | { n: number; chat_id: null; content: null }
      const { rows } = await sql<Row>`select o.n, m.chat_id, m.content
        from (select n, id from ${NUMBERS} where n < ${before} order by n desc limit ${count}) as o
        left join ${MESSAGES} as m on m.id = o.id order by o.n desc`.execute(db)
      return {
        messages: rows.filter((row) => row.content !== null),
        last: rows.length === count ? rows.at(-1)?.n : undefined,
      }
    },

    async read(numbers) {
      if (numbers.length === 0) return []
      const { rows } = await sql<ReadMessage>`select o.n, m.chat_id, m.content from ${numbered(numbers)}
        order by o.n desc`.execute(db)
      return rows
    },

    async isCommon(start, block) {
      const { rows } = await sql<{ n: number }>`select count(*) as n from (
        select 1 as one from ${WORDS} where block = ${block} and ${beginsWith(start)}
        limit ${sql.lit(MAX_OF_START + 1)}) as counted`.execute(db)
      return (rows[0]?.n ?? 0) > MAX_OF_START
    },

    async listed({ exact, start }, block, before) {
      const lists = exact.map((word, i) => ({
        from: sql`${WORDS} as ${sql.ref(`w${i}`)}`,
        n: sql.ref(`w${i}.n`),
        where: sql`${sql.ref(`w${i}.block`)} = ${block} and ${sql.ref(`w${i}.word`)} = ${word}`,
      }))
      const ofStart =
        start === undefined
          ? undefined
          : sql`select distinct n from ${WORDS} where block = ${block} and ${beginsWith(start)} and n < ${before}`
      const [first, ...others] = lists
      const newestOnes = sql`order by n desc limit ${sql.lit(MAX_LISTED)}`
      if (!first) {
        if (!ofStart) return []
        const { rows } = await sql<{ n: number }>`${ofStart} ${newestOnes}`.execute(db)
        return rows.map(({ n }) => n)
      }
      const joins = [
        ...others.map(({ from, n, where }) => sql`join ${from} on ${n} = ${first.n} and ${where}`),
        ...(ofStart ? [sql`join (${ofStart}) as p on p.n = ${first.n}`] : []),
      ]
      const { rows } = await sql<{ n: number }>`select ${first.n} as n from ${first.from}
        ${joins.length === 0 ? sql`` : sql.join(joins, sql` `)}
        where ${first.where} and ${first.n} < ${before} ${newestOnes}`.execute(db)
      return rows.map(({ n }) => n)
    },

    async timeOf(n) {
      const { rows } = await sql<{ created_at: string }>`select m.created_at
        from ${NUMBERS} as o straight_join ${MESSAGES} as m on m.id = o.id
        where o.n >= ${n} order by o.n limit 1`.execute(db)
      return rows[0]?.created_at ?? null
    },

    async details(matches) {
      if (matches.length === 0) return []
      type Row = MessageRow & Omit<FoundMessage, 'archived' | 'message'> & { archived_at: string | null }
      const { rows } = await sql<Row>`select m.chat_id, c.user_id, u.email as user_email, u.name as user_name,
        c.archived_at, ${sql.raw(MESSAGE_COLUMNS_OF_M.join())} from ${numbered(matches.map(({ n }) => n))}
        straight_join ${sql.table('support_chats')} as c on c.id = m.chat_id
        straight_join ${sql.table('support_users')} as u on u.id = c.user_id order by o.n desc`.execute(db)
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
