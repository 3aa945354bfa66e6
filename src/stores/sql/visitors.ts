import type { VisitorStore } from '../../server/ports/store/visitors.ts'
import { idleOf, VISITORS_FROM, VISITORS_TO } from '../rules/visitors.ts'
import type { SqlDatabase } from './database.ts'
import { merge } from './merge.ts'

export function visitors(database: SqlDatabase): VisitorStore {
  const { db } = database
  return {
    ...merge(database),
    async idleVisitors(query) {
      const seen = await db
        .selectFrom('support_users as u')
        .leftJoin('support_chats as c', 'c.user_id', 'u.id')
        .select(['u.id', 'u.last_seen_at', 'c.last_message_at'])
        .where('u.id', '>', query.after > VISITORS_FROM ? query.after : VISITORS_FROM)
        .where('u.id', '<', VISITORS_TO)
        .orderBy('u.id')
        .limit(query.limit)
        .execute()
      return idleOf(seen, query)
    },
  }
}
