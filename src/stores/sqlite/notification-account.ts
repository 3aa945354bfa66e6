import type {
  NotificationAccount,
  NotificationKind,
  NotificationRecord,
  NotificationStore,
} from '../../server/ports/store/notifications.ts'
import { NOTIFICATION_KINDS, kindAbout } from '../rules/notification-kinds.ts'
import { deliveries } from './deliveries.ts'
import type { Database } from './database.ts'

type MessageRow = Omit<NotificationAccount, 'notification' | 'answered' | 'mail_block'> & {
  chat_id: string
  seq: number
  answered: number
}

export function notificationAccount(db: Database): Pick<NotificationStore, 'explainNotification'> {
  const known = deliveries(db)
  const message = db.prepare<MessageRow>(`SELECT m.chat_id, m.seq, m.sender_type, m.read_at, u.email, c.archived_at,
    u.unsubscribed_at,
    EXISTS (SELECT 1 FROM support_messages r WHERE r.chat_id = m.chat_id AND r.seq > m.seq AND r.sender_type = 'admin'
      AND (r.automated IS NULL OR c.assistant_off_at IS NULL)) AS answered
    FROM support_messages m JOIN support_chats c ON c.id = m.chat_id JOIN support_users u ON u.id = c.user_id WHERE m.id = ?`)
  // A pending one is about every message that no mail was about; the others about the messages they were decided for
  const recordOf = (kind: NotificationKind) => {
    const { table, sender, notified } = NOTIFICATION_KINDS[kind]
    return db.prepare<NotificationRecord>(`SELECT n.state, n.due_at, n.updated_at, n.address, n.refusals, n.reason,
      n.delivery, n.delivery_at, n.delivery_reason,
      (SELECT count(*) FROM support_messages m WHERE m.chat_id = n.chat_id AND m.seq > n.after_seq AND m.seq <= n.up_to_seq
        AND m.sender_type = '${sender}') AS replies
      FROM ${table} n JOIN support_chats c ON c.id = n.chat_id WHERE n.chat_id = ?1
      AND CASE n.state WHEN 'pending' THEN c.${notified} < ?2 ELSE n.after_seq < ?2 AND ?2 <= n.up_to_seq END
      ORDER BY n.state IN ('sending', 'sent', 'uncertain') DESC, n.state = 'claimed' DESC, n.state = 'pending' DESC,
      n.updated_at DESC, n.rowid DESC LIMIT 1`)
  }
  const records = { reply: recordOf('reply'), waiting: recordOf('waiting') }
  return {
    async explainNotification(messageId) {
      const row = message.get(messageId)
      if (!row) return undefined
      const { chat_id, seq, answered, ...account } = row
      return {
        ...account,
        answered: answered === 1,
        mail_block: await known.mailBlock(account.email),
        notification: records[kindAbout(account.sender_type)].get(chat_id, seq),
      }
    },
  }
}
