import type { Pulse, StoreOperations } from '../../server/ports/store/operations.ts'
import { NOTIFICATION_KINDS } from '../rules/notification-kinds.ts'
import type { Database } from './database.ts'

type Operations = Pick<StoreOperations, 'epoch' | 'ping' | 'renewEpoch'>

export function operations(db: Database): Operations {
  const read = db.prepare<Pulse>(
    "SELECT value AS epoch, strftime('%Y-%m-%dT%H:%M:%fZ', 'now') AS time FROM support_meta WHERE name = 'epoch'",
  )
  const renew = db.prepare("UPDATE support_meta SET value = lower(hex(randomblob(6))) WHERE name = 'epoch'")
  // They may have been sent after the state that was restored: a lost mail is better than a second one
  const skip = Object.values(NOTIFICATION_KINDS).map(({ table }) =>
    db.prepare(`UPDATE ${table} SET state = 'skipped', reason = 'restored', updated_at = ?,
    up_to_seq = (SELECT last_seq FROM support_chats c WHERE c.id = chat_id)
    WHERE state IN ('pending', 'claimed', 'sending')`),
  )
  // What was ended or used up after that state would be good again
  const ends = ['staff_sessions', 'staff_links', 'push_subscriptions'].map((name) =>
    db.prepare(`DELETE FROM support_${name}`),
  )
  const pulse = (): Pulse => {
    const stored = read.get()
    if (!stored) throw new Error('The database has no epoch')
    return stored
  }
  return {
    epoch: pulse().epoch,
    ping: async () => pulse(),
    renewEpoch: () =>
      db.transaction(() => {
        renew.run()
        for (const statement of skip) statement.run(new Date().toISOString())
        for (const end of ends) end.run()
        return pulse().epoch
      }),
  }
}
