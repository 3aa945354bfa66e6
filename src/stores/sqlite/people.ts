import type { SupportUser } from '../../protocol/types.ts'
import type { PeopleStore, Person } from '../../server/ports/store/people.ts'
import type { Database } from './database.ts'

export function people(db: Database): PeopleStore {
  // Writes only what changed. last_seen_at moves once a minute, so that a busy person does not cost a write per request
  const save = db.prepare(`
    INSERT INTO support_users (id, email, name, page_url, last_seen_at, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?5)
    ON CONFLICT (id) DO UPDATE SET email = ?2, name = ?3, page_url = coalesce(?4, page_url), last_seen_at = ?5, updated_at = ?5
    WHERE email <> ?2 OR name IS NOT ?3 OR page_url IS NOT coalesce(?4, page_url) OR substr(last_seen_at, 1, 16) < substr(?5, 1, 16)`)
  const update = db.prepare(`
    UPDATE support_users SET email = ?2, name = ?3, page_url = coalesce(?4, page_url), last_seen_at = ?5, updated_at = ?5
    WHERE id = ?1 AND (email <> ?2 OR name IS NOT ?3 OR page_url IS NOT coalesce(?4, page_url)
      OR substr(last_seen_at, 1, 16) < substr(?5, 1, 16))`)
  const find = db.prepare<SupportUser>(
    'SELECT id, email, name, created_at AS first_seen_at, last_seen_at, page_url FROM support_users WHERE id = ?',
  )
  const setUnsubscribed = db.prepare('UPDATE support_users SET unsubscribed_at = ?2, updated_at = ?3 WHERE id = ?1')
  const unsubscribed = db.prepare<{ unsubscribed_at: string | null }>(
    'SELECT unsubscribed_at FROM support_users WHERE id = ?',
  )
  const write = async (how: typeof save, people: Person[], at: string): Promise<void> => {
    await db.transaction(() => {
      for (const { id, email, name, page_url } of people) how.run(id, email, name, page_url ?? null, at)
    })
  }
  return {
    savePeople: (people, at) => write(save, people, at),
    updatePeople: (people, at) => write(update, people, at),
    findPerson: async (id) => find.get(id),
    async unsubscribe(id, at) {
      await db.transaction(() => setUnsubscribed.run(id, at, at))
    },
    async resubscribe(id, at) {
      await db.transaction(() => setUnsubscribed.run(id, null, at))
    },
    unsubscribedAt: async (id) => unsubscribed.get(id)?.unsubscribed_at,
  }
}
