import { NAME_WORDS } from '../../protocol/name-search.ts'
import type { SupportUser } from '../../protocol/types.ts'
import type { PeopleStore, Person, Visit } from '../../server/ports/store/people.ts'
import { attributesText, withAttributes } from '../attributes-text.ts'
import { caseForms, inOrderOfMatch, LAST_CHARACTER, nameFrom, type Match } from '../rules/people-search.ts'
import type { Database } from './database.ts'
import { grouped } from './grouped.ts'

type Row = Omit<SupportUser, 'attributes'> & { attributes: string | null }

export const spaceIn = (text: string): string => `instr(${text}, ' ')`

export function people(db: Database): PeopleStore {
  // Writes only what changed. last_seen_at moves once a minute, so that a busy person does not cost a write per request
  const CHANGE = `email = coalesce(?2, email), name = CASE WHEN ?2 IS NULL THEN name ELSE ?3 END,
    page_url = coalesce(?4, page_url), attributes = coalesce(?5, attributes), last_seen_at = ?6, updated_at = ?6`
  const IS_RENAMED = '(?2 IS NOT NULL AND (email <> ?2 OR name IS NOT ?3))'
  const IS_CHANGED = `(${IS_RENAMED} OR page_url IS NOT coalesce(?4, page_url)
    OR attributes IS NOT coalesce(?5, attributes) OR substr(last_seen_at, 1, 16) < substr(?6, 1, 16))`
  const save = db.prepare(`
    INSERT INTO support_users (id, email, name, page_url, attributes, last_seen_at, created_at, updated_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?6) ON CONFLICT (id) DO UPDATE SET ${CHANGE} WHERE ${IS_CHANGED}`)
  const update = db.prepare(`UPDATE support_users SET ${CHANGE} WHERE id = ?1 AND ${IS_CHANGED}`)
  const describe =
    db.prepare(`UPDATE support_users SET email = ?2, name = ?3, attributes = coalesce(?4, attributes), updated_at = ?5
    WHERE id = ?1 AND (email <> ?2 OR name IS NOT ?3 OR attributes IS NOT coalesce(?4, attributes))`)
  const isNews = db.prepare(`SELECT 1 FROM support_users
    WHERE id = ?1 AND (${IS_RENAMED} OR attributes IS NOT coalesce(?4, attributes))`)
  const find = db.prepare<Row>(
    `SELECT id, email, name, created_at AS first_seen_at, last_seen_at, page_url, attributes FROM support_users WHERE id = ?`,
  )
  const setUnsubscribed = db.prepare('UPDATE support_users SET unsubscribed_at = ?2, updated_at = ?3 WHERE id = ?1')
  const unsubscribed = db.prepare<{ unsubscribed_at: string | null }>(
    'SELECT unsubscribed_at FROM support_users WHERE id = ?',
  )
  const startsWith = (key: string) =>
    db.prepare<Omit<Match, 'place'>>(`SELECT id, email, name, last_seen_at, ${key} AS called,
      (SELECT c.id FROM support_chats c WHERE c.user_id = support_users.id) AS chat_id FROM support_users
      WHERE ${key} >= ?1 AND ${key} < ?2 ORDER BY ${key}, id LIMIT ?3`)
  const [byName, ...byWord] = Array.from({ length: NAME_WORDS }, (_, i) => startsWith(nameFrom('name', i + 1, spaceIn)))
  const searches = [byName, startsWith('lower(email)'), ...byWord].filter((one) => one !== undefined)
  const values = ({ id, email, name, page_url, attributes }: Person | Visit, at: string) =>
    [id, email ?? null, name, page_url ?? null, attributesText(attributes), at] as const
  const inGroup = grouped(db)
  return {
    savePeople: (people, at) =>
      inGroup(() => {
        for (const person of people) save.run(...values(person, at))
      }),
    updatePeople: (people, at) =>
      db.transaction(() => {
        const changed = new Set<string>()
        for (const person of people) {
          const { id, email, name, attributes } = person
          if (isNews.get(id, email ?? null, name, attributesText(attributes))) changed.add(id)
          update.run(...values(person, at))
        }
        return [...changed]
      }),
    describePeople: (people, at) =>
      db.transaction(() => {
        const isChanged = ({ id, email, name, attributes }: Person): boolean =>
          describe.run(id, email, name, attributesText(attributes), at) > 0
        return [...new Set(people.filter(isChanged).map(({ id }) => id))]
      }),
    async findPerson(id) {
      const row = find.get(id)
      return row && withAttributes(row)
    },
    findPeople: async (ids) => [...new Set(ids)].flatMap((id) => find.get(id) ?? []).map(withAttributes),
    async searchPeople(start, limit) {
      const matches = searches.flatMap((search, place) =>
        caseForms(start).flatMap((form) =>
          search.all(form, form + LAST_CHARACTER, limit).map((match) => ({ ...match, place })),
        ),
      )
      return inOrderOfMatch(matches, limit)
    },
    async unsubscribe(id, at) {
      await db.transaction(() => setUnsubscribed.run(id, at, at))
    },
    async resubscribe(id, at) {
      await db.transaction(() => setUnsubscribed.run(id, null, at))
    },
    unsubscribedAt: async (id) => unsubscribed.get(id)?.unsubscribed_at,
  }
}
