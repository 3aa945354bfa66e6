import type { VisitorStore } from '../../server/ports/store/visitors.ts'
import { idleOf, VISITORS_FROM, VISITORS_TO, type SeenVisitor } from '../rules/visitors.ts'
import type { Database } from './database.ts'
import { merge } from './merge.ts'

export function visitors(db: Database): VisitorStore {
  const seen = db.prepare<SeenVisitor>(`SELECT u.id, u.last_seen_at, c.last_message_at FROM support_users u
    LEFT JOIN support_chats c ON c.user_id = u.id WHERE u.id > max(?1, ?2) AND u.id < ?3 ORDER BY u.id LIMIT ?4`)
  return {
    ...merge(db),
    idleVisitors: async (query) => idleOf(seen.all(query.after, VISITORS_FROM, VISITORS_TO, query.limit), query),
  }
}
