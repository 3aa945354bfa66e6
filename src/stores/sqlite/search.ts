// Search by FTS5. A trigger maintains the index, so that every process that appends does, also one that was opened without search.
import { parseSearch, type Alternatives } from '../../protocol/search-query.ts'
import type { FoundMessage, FoundPage } from '../../protocol/types.ts'
import type { SearchStore } from '../../server/ports/store/search.ts'
import { MESSAGE_COLUMNS_OF_M, messageOf, type MessageRow } from '../message-columns.ts'
import type { Database } from './database.ts'
import { hasSearchIndex } from './search-index.ts'

/** Matches that are read for a page: many of them may be in one chat */
const MAX_LOOKED_AT = 1_000

/**
 * The statements that make the index, or none if it exists: the order in which messages came, and their words by their number in
 * that order. The index does not repeat the texts.
 */
export function pendingSearch(db: Database): string[] {
  if (hasSearchIndex(db)) return []
  const table = (name: string): string => `${db.prefix}support_messages${name}`
  return [
    `create table ${table('_order')} (n integer primary key, chat_id text not null, seq integer not null) strict`,
    `insert into ${table('_order')} (chat_id, seq) select chat_id, seq from ${table('')} order by id`,
    `create virtual table ${table('_words')} using fts5 (content, content = '', columnsize = 0, tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* Co'")`,
    `insert into ${table('_words')} (rowid, content) select o.n, m.content from ${table('_order')} o join ${table('')} m on m.chat_id = o.chat_id and m.seq = o.seq order by o.n`,
    `create trigger ${table('_search')} after insert on ${table('')} begin insert into ${table('_order')} (chat_id, seq) values (new.chat_id, new.seq); insert into ${table('_words')} (rowid, content) values (last_insert_rowid(), new.content); end`,
  ]
}

interface MatchPosition {
  n: number
  chat_id: string
  seq: number
}
type Row = MessageRow & Omit<FoundMessage, 'archived' | 'message'> & { archived: number }

export function search(db: Database): SearchStore {
  // CROSS JOIN fixes the order: the newest of the index first
  const positions = db.prepare<MatchPosition>(`SELECT o.n, o.chat_id, o.seq FROM (
      SELECT rowid AS n FROM support_messages_words WHERE support_messages_words MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC LIMIT ?3
    ) f CROSS JOIN support_messages_order o ON o.n = f.n`)
  const details = db.prepare<Row>(`SELECT m.chat_id, c.user_id, u.email AS user_email, u.name AS user_name,
      c.archived_at IS NOT NULL AS archived, ${MESSAGE_COLUMNS_OF_M.join()}
    FROM support_messages m CROSS JOIN support_chats c ON c.id = m.chat_id CROSS JOIN support_users u ON u.id = c.user_id
    WHERE m.chat_id = ? AND m.seq = ?`)

  function found({ chat_id, seq }: MatchPosition): FoundMessage[] {
    const row = details.get(chat_id, seq)
    if (!row) return []
    const { user_id, user_email, user_name, archived, ...rest } = row
    const { chat_id: _, ...message } = rest
    return [{ chat_id, user_id, user_email, user_name, archived: archived === 1, message: messageOf(message) }]
  }

  return {
    async searchMessages({ text, limit, cursor = String(Number.MAX_SAFE_INTEGER) }): Promise<FoundPage> {
      const expression = matchOf(parseSearch(text))
      if (expression === undefined || !/^\d{1,16}$/.test(cursor)) return { found: [], next: null, searched_to: null }
      const matches = positions.all(expression, Number(cursor), MAX_LOOKED_AT)
      const newest = new Map<string, MatchPosition>()
      for (const match of matches)
        if (newest.size <= limit && !newest.has(match.chat_id)) newest.set(match.chat_id, match)
      const page = [...newest.values()].slice(0, limit)
      const isFull = newest.size > limit
      // The matches that were read did not fill a page, and there may be more of them
      const isBrokenOff = !isFull && matches.length === MAX_LOOKED_AT
      const last = isFull ? page.at(-1) : isBrokenOff ? matches.at(-1) : undefined
      return {
        found: page.flatMap(found),
        next: last ? String(last.n) : null,
        searched_to: isBrokenOff && last ? (details.get(last.chat_id, last.seq)?.created_at ?? null) : null,
      }
    },
  }
}

/** An expression of FTS5. Words have only letters and digits, so none of them ends its quotes. */
function matchOf(alternatives: Alternatives): string | undefined {
  const groups = alternatives.map((terms) => {
    const [wanted, unwanted] = [false, true].map((isExcluded) =>
      terms
        .filter((term) => term.isExcluded === isExcluded)
        .map(({ words, isStart }) => `"${words.join(' ')}"${isStart ? ' *' : ''}`),
    )
    return `(${wanted?.join(' AND ')}${unwanted?.length ? ` NOT (${unwanted.join(' OR ')})` : ''})`
  })
  return groups.length === 0 ? undefined : groups.join(' OR ')
}
