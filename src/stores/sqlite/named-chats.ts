import { NAME_WORDS } from '../../protocol/name-search.ts'
import { NAMES_READ, type NamedChat, type NameLookup } from '../rules/chats-by-name.ts'
import { caseForms, LAST_CHARACTER, nameFrom } from '../rules/people-search.ts'
import { activePage, ARCHIVED } from './active-page.ts'
import type { Database } from './database.ts'
import { spaceIn } from './people.ts'

type Row = NamedChat | { id: null }

export function namedChats(db: Database): Omit<NameLookup, 'listItems'> {
  const name = 'SELECT c.id, c.last_message_at, u.name AS user_name'
  const active =
    db.prepare<NamedChat>(`WITH RECURSIVE ${activePage} ${name} FROM page CROSS JOIN support_chats c ON c.id = page.id
    CROSS JOIN support_users u ON u.id = c.user_id ORDER BY page.last_message_at DESC, page.id DESC`)
  const archive = db.prepare<NamedChat>(`${name} FROM support_chats c CROSS JOIN support_users u ON u.id = c.user_id
    WHERE ${ARCHIVED} ORDER BY c.last_message_at DESC, c.id DESC LIMIT ?3`)
  const searches = Array.from({ length: NAME_WORDS }, (_, i) => {
    const key = nameFrom('u.name', i + 1, spaceIn)
    return db.prepare<Row>(`${name} FROM support_users u
      LEFT JOIN support_chats c ON c.user_id = u.id AND (c.archived_at IS NOT NULL) = ?3 AND c.last_message_at IS NOT NULL
      WHERE ${key} >= ?1 AND ${key} < ?2 ORDER BY ${key}, u.id LIMIT ${NAMES_READ}`)
  })
  return {
    newest: async ({ archived, limit, cursor }) =>
      (archived ? archive : active).all(cursor?.key ?? '~', cursor?.id ?? '', limit),
    async startingWith(start, word, archived) {
      const rows = caseForms(start).flatMap(
        (form) => searches[word - 1]?.all(form, form + LAST_CHARACTER, archived ? 1 : 0) ?? [],
      )
      return { chats: rows.filter((row) => row.id !== null), names: rows.length }
    },
  }
}
