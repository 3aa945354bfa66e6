import type { ColleagueStore, SeenColleague } from '../../server/ports/store/colleagues.ts'
import type { Database } from './database.ts'

export function colleagues(db: Database): ColleagueStore {
  // As with people, the time moves once a minute
  const save = db.prepare(`INSERT INTO support_colleagues (id, name, last_seen_at) VALUES (?1, ?2, ?3)
    ON CONFLICT (id) DO UPDATE SET name = ?2, last_seen_at = ?3
    WHERE name IS NOT ?2 OR substr(last_seen_at, 1, 16) < substr(?3, 1, 16) OR (?4 AND last_seen_at < ?3)`)
  const find = db.prepare<SeenColleague>('SELECT id, name, last_seen_at FROM support_colleagues WHERE id = ?')
  const latest = db.prepare<SeenColleague>(
    'SELECT id, name, last_seen_at FROM support_colleagues ORDER BY last_seen_at DESC LIMIT ?',
  )
  return {
    async saveColleagues(seen, at) {
      await db.transaction(() => {
        for (const { id, name, returned = false } of seen) save.run(id, name, at, Number(returned))
      })
    },
    findColleague: async (id) => find.get(id),
    colleagues: async (limit) => latest.all(limit),
  }
}
