import type { VisitorStore } from '../../server/ports/store/visitors.ts'
import { idleOf, VISITORS_FROM, VISITORS_TO, type SeenVisitor } from '../rules/visitors.ts'
import type { Database } from './database.ts'
import { merge } from './merge.ts'

export function visitors(db: Database): VisitorStore {
  const seen = db.prepare<SeenVisitor>(`SELECT u.id, u.last_seen_at, c.last_message_at FROM support_users u
    LEFT JOIN support_chats c ON c.user_id = u.id WHERE u.id > max(?1, ?2) AND u.id < ?3 ORDER BY u.id LIMIT ?4`)
  const stop = db.prepare(`INSERT INTO support_typed_addresses (address, unsubscribed_at) VALUES (?1, ?2)
    ON CONFLICT (address) DO UPDATE SET unsubscribed_at = ?2`)
  const goOn = db.prepare('UPDATE support_typed_addresses SET unsubscribed_at = NULL WHERE address = ?')
  const stopped = db.prepare<{ unsubscribed_at: string | null }>(
    'SELECT unsubscribed_at FROM support_typed_addresses WHERE address = ?',
  )
  const forget = db.prepare(`DELETE FROM support_typed_addresses
    WHERE unsubscribed_at IS NULL AND (mailed_at IS NULL OR mailed_at < ?)`)
  return {
    ...merge(db),
    async unsubscribeTyped(address, at) {
      await db.transaction(() => stop.run(address, at))
    },
    async resubscribeTyped(address) {
      await db.transaction(() => goOn.run(address))
    },
    typedUnsubscribedAt: async (address) => stopped.get(address)?.unsubscribed_at ?? null,
    async forgetTyped(before) {
      await db.transaction(() => forget.run(before))
    },
    idleVisitors: async (query) => idleOf(seen.all(query.after, VISITORS_FROM, VISITORS_TO, query.limit), query),
  }
}
