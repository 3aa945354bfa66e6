import { sql } from 'kysely'
import { NAMES_READ, type NamedChat, type NameLookup } from '../rules/chats-by-name.ts'
import { caseForms, LAST_CHARACTER } from '../rules/people-search.ts'
import type { SqlDatabase } from './database.ts'

type Row = NamedChat | { id: null }

/** One statement for each index: to plan several as one takes PostgreSQL longer than to run them */
export function namedChats({ db, engine }: SqlDatabase): NameLookup['startingWith'] {
  return async (start, word, archived) => {
    const key = engine.nameFrom(word)
    const rows: Row[] = []
    for (const form of caseForms(start)) {
      const people = sql`select u.id, u.name from ${sql.table('support_users')} as ${engine.usersByName(word)}
        where ${key} >= ${engine.lower(form)} and ${key} < ${engine.lower(form + LAST_CHARACTER)}
        order by ${key}, u.id limit ${sql.lit(NAMES_READ)}`
      const found = sql<Row>`select ${engine.planAnew} c.id, c.last_message_at, u.name as user_name from (${people}) as u
        left join ${engine.chatOfUser} as c on c.user_id = u.id and ${engine.isArchived(archived)} and c.last_message_at is not null`
      rows.push(...(await found.execute(db)).rows)
    }
    return { chats: rows.filter((row) => row.id !== null), names: rows.length }
  }
}
