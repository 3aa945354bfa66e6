import { sql } from 'kysely'
import type { NotificationKind, NotificationRecord, NotificationStore } from '../../server/ports/store/notifications.ts'
import { NOTIFICATION_KINDS, kindAbout } from '../rules/notification-kinds.ts'
import { isUuid } from '../rules/request-values.ts'
import { deliveries } from './deliveries.ts'
import type { SqlDatabase } from './database.ts'

export function notificationAccount(database: SqlDatabase): Pick<NotificationStore, 'explainNotification'> {
  const { db } = database
  const known = deliveries(database)
  // A pending one is about every message that no mail was about; the others about the messages they were decided for
  async function recordOf(
    kind: NotificationKind,
    chatId: string,
    seq: number,
  ): Promise<NotificationRecord | undefined> {
    const { table, sender, notified } = NOTIFICATION_KINDS[kind]
    const { rows } =
      await sql<NotificationRecord>`select n.state, n.due_at, n.updated_at, n.address, n.refusals, n.reason,
      n.delivery, n.delivery_at, n.delivery_reason,
      (select count(*) from ${sql.table('support_messages')} m where m.chat_id = n.chat_id and m.seq > n.after_seq
        and m.seq <= n.up_to_seq and m.sender_type = ${sql.lit(sender)}) as replies
      from ${sql.table(table)} n join ${sql.table('support_chats')} c on c.id = n.chat_id
      where n.chat_id = ${chatId} and ((n.state = 'pending' and ${sql.ref(`c.${notified}`)} < ${seq})
        or (n.state <> 'pending' and n.after_seq < ${seq} and ${seq} <= n.up_to_seq))
      order by case when n.state in ('sending', 'sent', 'uncertain') then 0 when n.state = 'claimed' then 1
        when n.state = 'pending' then 2 else 3 end, n.updated_at desc, n.id desc limit 1`.execute(db)
    return rows[0]
  }
  const isAnswered = async (chatId: string, seq: number, countsAssistant: boolean): Promise<boolean> => {
    const replies = db.selectFrom('support_messages').select('seq').where('chat_id', '=', chatId).where('seq', '>', seq)
    const counted = countsAssistant ? replies : replies.where('automated', 'is', null)
    return (await counted.where('sender_type', '=', 'admin').limit(1).executeTakeFirst()) !== undefined
  }
  return {
    async explainNotification(messageId) {
      if (!isUuid(messageId)) return undefined
      const row = await db
        .selectFrom('support_messages as m')
        .innerJoin('support_chats as c', 'c.id', 'm.chat_id')
        .innerJoin('support_users as u', 'u.id', 'c.user_id')
        .select(['m.chat_id', 'm.seq', 'm.sender_type', 'm.read_at', 'u.email', 'c.archived_at', 'u.unsubscribed_at'])
        .select('c.assistant_off_at')
        .where('m.id', '=', messageId)
        .executeTakeFirst()
      if (!row) return undefined
      const { chat_id, seq, assistant_off_at, ...account } = row
      const answered = await isAnswered(chat_id, seq, assistant_off_at === null)
      const mail_block = await known.mailBlock(account.email)
      return {
        ...account,
        answered,
        mail_block,
        notification: await recordOf(kindAbout(account.sender_type), chat_id, seq),
      }
    },
  }
}
