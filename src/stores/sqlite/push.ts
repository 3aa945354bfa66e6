import type { PushStore, PushSubscriptionRecord } from '../../server/ports/store/push.ts'
import type { Database } from './database.ts'

const COLUMNS = 'id, staff_id, session_id, endpoint, p256dh, auth, renewed_at'

export function push(db: Database): PushStore {
  const keep = db.prepare(`INSERT OR IGNORE INTO support_meta (name, value) VALUES ('push_keys', ?)`)
  const keys = db.prepare<{ value: string }>(`SELECT value FROM support_meta WHERE name = 'push_keys'`)
  const save = db.prepare(`INSERT OR REPLACE INTO support_push_subscriptions (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`)
  const dropOldest =
    db.prepare(`DELETE FROM support_push_subscriptions WHERE staff_id = ?1 AND id NOT IN (SELECT id FROM
    support_push_subscriptions WHERE staff_id = ?1 ORDER BY renewed_at DESC, id LIMIT ?2)`)
  const since = db.prepare<PushSubscriptionRecord>(
    `SELECT ${COLUMNS} FROM support_push_subscriptions WHERE renewed_at >= ?`,
  )
  const sweep = db.prepare('DELETE FROM support_push_subscriptions WHERE renewed_at < ?')
  return {
    pushKeys: (made) =>
      db.transaction(() => {
        keep.run(made)
        return keys.get()?.value ?? made
      }),
    async savePushSubscription({ id, staff_id, session_id, endpoint, p256dh, auth, renewed_at }, most) {
      await db.transaction(() => {
        save.run(id, staff_id, session_id, endpoint, p256dh, auth, renewed_at)
        dropOldest.run(staff_id, most)
      })
    },
    pushSubscriptions: async (at) => since.all(at),
    async removePushSubscriptions(which) {
      const conditions = Object.entries(which)
      const remove = db.prepare(
        `DELETE FROM support_push_subscriptions WHERE ${conditions.map(([name]) => `${name} = ?`).join(' AND ')}`,
      )
      await db.transaction(() => remove.run(...conditions.map(([, value]: [string, string]) => value)))
    },
    async sweepPushSubscriptions(before) {
      await db.transaction(() => sweep.run(before))
    },
  }
}
