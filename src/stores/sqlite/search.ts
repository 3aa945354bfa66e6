// Search by FTS5. A trigger keeps the index, so that whoever appends keeps it, also a process that was not asked to search.
import { parseSearch, type Alternatives } from '../../protocol/search-query.ts'
import type { FoundMessage, FoundPage, SupportMessage } from '../../protocol/types.ts'
import type { Store } from '../../server/ports/store/store.ts'
import type { Database } from './database.ts'

/** Matches that are looked at for a page: many of them may be of one chat */
const MAX_LOOKED_AT = 1_000

/**
 * The statements that make the index, or none where it is: messages in the order in which they came, and their words by that order,
 * without the texts, which are there already.
 */
export function pendingSearch(db: Database): string[] {
  const trigger = "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = 'support_messages_search'"
  if (db.prepare(trigger).get()) return []
  const table = (name: string): string => `${db.prefix}support_messages${name}`
  return [
    `create table ${table('_order')} (n integer primary key, chat_id text not null, seq integer not null) strict`,
    `insert into ${table('_order')} (chat_id, seq) select chat_id, seq from ${table('')} order by id`,
    `create virtual table ${table('_words')} using fts5 (content, content = '', columnsize = 0, tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* Co'")`,
    `insert into ${table('_words')} (rowid, content) select o.n, m.content from ${table('_order')} o join ${table('')} m on m.chat_id = o.chat_id and m.seq = o.seq order by o.n`,
    `create trigger ${table('_search')} after insert on ${table('')} begin insert into ${table('_order')} (chat_id, seq) values (new.chat_id, new.seq); insert into ${table('_words')} (rowid, content) values (last_insert_rowid(), new.content); end`,
  ]
}

interface Place {
  n: number
  chat_id: string
  seq: number
}
type Row = SupportMessage & Omit<FoundMessage, 'archived' | 'message'> & { archived: number }

export function messageSearch(db: Database): Required<Pick<Store, 'searchMessages'>> {
  // CROSS JOIN fixes the order: the newest of the index first
  const places = db.prepare<Place>(`SELECT o.n, o.chat_id, o.seq FROM (
      SELECT rowid AS n FROM support_messages_words WHERE support_messages_words MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC LIMIT ?3
    ) f CROSS JOIN support_messages_order o ON o.n = f.n`)
  const details = db.prepare<Row>(`SELECT m.chat_id, c.user_id, u.email AS user_email, u.name AS user_name,
      c.archived_at IS NOT NULL AS archived, m.id, m.seq, m.content, m.sender_type, m.sender_name, m.client_id, m.read_at, m.created_at
    FROM support_messages m CROSS JOIN support_chats c ON c.id = m.chat_id CROSS JOIN support_users u ON u.id = c.user_id
    WHERE m.chat_id = ? AND m.seq = ?`)

  function found({ chat_id, seq }: Place): FoundMessage[] {
    const row = details.get(chat_id, seq)
    if (!row) return []
    const { user_id, user_email, user_name, archived, ...rest } = row
    const { chat_id: _, ...message } = rest
    return [{ chat_id, user_id, user_email, user_name, archived: archived === 1, message }]
  }

  return {
    async searchMessages({ text, limit, cursor = String(Number.MAX_SAFE_INTEGER) }): Promise<FoundPage> {
      const match = matchOf(parseSearch(text))
      if (match === undefined || !/^\d{1,16}$/.test(cursor)) return { found: [], next: null, searched_to: null }
      const matches = places.all(match, Number(cursor), MAX_LOOKED_AT)
      const newest = new Map<string, Place>()
      for (const place of matches)
        if (newest.size <= limit && !newest.has(place.chat_id)) newest.set(place.chat_id, place)
      const page = [...newest.values()].slice(0, limit)
      const isFull = newest.size > limit
      // As many as are looked at, and not a page of chats among them: where they are that many, there may be more
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

/** As FTS5 has it; words are letters and digits and nothing else, so none of them ends its quotes */
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
