import type { MailBlock } from '../../protocol/types.ts'
import type { DeliveryStore } from '../../server/ports/store/deliveries.ts'
import { blocks, decideMailEvent, type BlockRow, type MailedRow } from '../rules/mail-event.ts'
import type { Database } from './database.ts'

export function deliveries(db: Database): DeliveryStore {
  const mail = db.prepare<MailedRow & { chat_id: string; reason: string | null }>(
    'SELECT chat_id, state, address, reason, delivery, delivery_at FROM support_notifications WHERE id = ?',
  )
  const update = db.prepare(`UPDATE support_notifications SET state = ?2, reason = ?3, delivery = ?4, delivery_at = ?5,
    delivery_reason = ?6 WHERE id = ?1`)
  const known = db.prepare<BlockRow>('SELECT at, unblocked_at FROM support_mail_blocks WHERE address = ?')
  const block = db.prepare(`INSERT INTO support_mail_blocks (address, kind, at, reason) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (address) DO UPDATE SET kind = ?2, at = ?3, reason = ?4, unblocked_at = NULL`)
  const current = db.prepare<MailBlock>(
    'SELECT kind, at, reason FROM support_mail_blocks WHERE address = ? AND unblocked_at IS NULL',
  )
  const unblock = db.prepare(
    'UPDATE support_mail_blocks SET unblocked_at = ?2 WHERE address = ?1 AND unblocked_at IS NULL',
  )
  return {
    recordMailEvent: (event, at) =>
      db.transaction(() => {
        const row = mail.get(event.reference)
        const fields = row && decideMailEvent(row, event, at)
        if (!row || !fields) return undefined
        const { state, delivery, delivery_at, delivery_reason } = fields
        const reason = state === row.state ? row.reason : null
        update.run(event.reference, state, reason, delivery, delivery_at, delivery_reason)
        if (row.address !== null && blocks(fields, known.get(row.address)))
          block.run(row.address, delivery, delivery_at, delivery_reason)
        return row.chat_id
      }),
    mailBlock: async (address) => current.get(address) ?? null,
    unblockMail: (address, at) => db.transaction(() => unblock.run(address, at) > 0),
  }
}
