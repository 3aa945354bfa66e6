import type { Pulse } from '../../server/ports/store/operations.ts'
import type { Store } from '../../server/ports/store/store.ts'
import type { Database } from './database.ts'

export function incarnation(db: Database): Pick<Store, 'epoch' | 'ping' | 'renewEpoch'> {
  const read = db.prepare<Pulse>(
    "SELECT value AS epoch, strftime('%Y-%m-%dT%H:%M:%fZ', 'now') AS time FROM support_meta WHERE name = 'epoch'",
  )
  const renew = db.prepare("UPDATE support_meta SET value = lower(hex(randomblob(6))) WHERE name = 'epoch'")
  // Some of them may have gone out since the state that the database is back in: one lost mail is better than two
  const skip = db.prepare(`UPDATE support_notifications SET state = 'skipped', reason = 'restored', updated_at = ?,
    up_to_seq = (SELECT last_seq FROM support_chats c WHERE c.id = chat_id)
    WHERE state IN ('pending', 'claimed', 'sending')`)
  const look = (): Pulse => {
    const pulse = read.get()
    if (!pulse) throw new Error('The database has no epoch')
    return pulse
  }
  return {
    epoch: look().epoch,
    ping: async () => look(),
    renewEpoch: () =>
      db.transaction(() => {
        renew.run()
        skip.run(new Date().toISOString())
        return look().epoch
      }),
  }
}
