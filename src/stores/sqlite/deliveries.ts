import type { MailBlock } from '../../protocol/types.ts'
import type { DeliveryStore } from '../../server/ports/store/deliveries.ts'
import { blockOf, decideMailEvent, isNewBlock, type BlockRow, type MailedRow } from '../rules/mail-event.ts'
import { placeMail, type ActivityHead } from '../rules/activity.ts'
import { mailNews } from '../rules/mail-activity.ts'
import { activityWriter } from './activity-writer.ts'
import type { Database } from './database.ts'

export function deliveries(db: Database): DeliveryStore {
  const mail = db.prepare<MailedRow & { chat_id: string; reason: string | null }>(
    'SELECT chat_id, state, address, reason, delivery, delivery_at FROM support_notifications WHERE id = ?',
  )
  const update = db.prepare(`UPDATE support_notifications SET state = ?2, reason = ?3, delivery = ?4, delivery_at = ?5,
    delivery_reason = ?6 WHERE id = ?1`)
  const head = db.prepare<ActivityHead>('SELECT last_activity_seq, last_activity_at FROM support_chats WHERE id = ?')
  const writeActivity = activityWriter(db)
  const known = db.prepare<BlockRow>('SELECT at, unblocked_at FROM support_mail_blocks WHERE address = ?')
  const block = db.prepare(`INSERT INTO support_mail_blocks (address, kind, at, reason) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (address) DO UPDATE SET kind = ?2, at = ?3, reason = ?4, unblocked_at = NULL`)
  const current = db.prepare<MailBlock>(
    'SELECT kind, at, reason FROM support_mail_blocks WHERE address = ? AND unblocked_at IS NULL',
  )
  const unblock = db.prepare(
    'UPDATE support_mail_blocks SET unblocked_at = ?2 WHERE address = ?1 AND unblocked_at IS NULL',
  )

  function blockAddress(address: string, stop: MailBlock): boolean {
    if (!isNewBlock(stop, known.get(address))) return false
    block.run(address, stop.kind, stop.at, stop.reason)
    return true
  }

  return {
    recordMailEvent: (event, at) =>
      db.transaction(() => {
        const row = mail.get(event.reference)
        const fields = row && decideMailEvent(row, event, at)
        if (!row || !fields) return undefined
        const { state, delivery, delivery_at, delivery_reason } = fields
        const reason = state === row.state ? row.reason : null
        update.run(event.reference, state, reason, delivery, delivery_at, delivery_reason)
        const stop = blockOf(fields)
        if (row.address !== null && stop) blockAddress(row.address, stop)
        const what = mailNews(row, fields)
        const chat = what && head.get(row.chat_id)
        const activity = chat ? placeMail(chat, what, at) : null
        if (activity) writeActivity(row.chat_id, activity)
        return { chat_id: row.chat_id, activity }
      }),
    blockMail: (address, { at: told, ...stop }, at) =>
      db.transaction(() => blockAddress(address, { ...stop, at: told < at ? told : at })),
    mailBlock: async (address) => current.get(address) ?? null,
    unblockMail: (address, at) => db.transaction(() => unblock.run(address, at) > 0),
  }
}
