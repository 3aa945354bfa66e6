// The delayed e-mail: reads rows and facts, and writes what rules/notification.ts decides.
import type { SupportActivity } from '../../protocol/activity.ts'
import type {
  ClaimedNotifications,
  ClaimQuery,
  NotificationKind,
  NotificationStore,
} from '../../server/ports/store/notifications.ts'
import { MESSAGE_COLUMNS, messageOf, type MessageRow } from '../message-columns.ts'
import { queuesByKind, type NotificationQueue } from '../notification-queues.ts'
import { NOTIFICATION_KINDS } from '../rules/notification-kinds.ts'
import {
  decideClaim,
  decideHandover,
  decideOutcome,
  LOST,
  MAX_LOOKED_AT,
  turnAt,
  unmailedAfter,
  type NotificationChange,
  type NotificationRow,
  type MailedMessages,
  type UnreadMessages,
} from '../rules/notification.ts'
import { placeMail, type ActivityHead } from '../rules/activity.ts'
import { mailEnd } from '../rules/mail-activity.ts'
import { activityWriter } from './activity-writer.ts'
import type { Database } from './database.ts'
import { notificationAccount } from './notification-account.ts'

/** Up to where a message counts as seen, of the chat `c` */
export const SEEN = {
  reply: 'c.user_read_seq',
  waiting: `max(c.admin_viewed_seq, coalesce((SELECT r.seq FROM support_messages r WHERE r.chat_id = c.id
    AND r.seq > c.admin_viewed_seq AND r.sender_type = 'admin'
    AND (r.automated IS NULL OR c.assistant_off_at IS NULL) ORDER BY r.seq DESC LIMIT 1), 0))`,
} as const satisfies Record<NotificationKind, string>

export function notifications(db: Database): NotificationStore {
  return { ...notificationAccount(db), ...queuesByKind((kind) => queue(db, kind)) }
}

/** The notifications of one kind */
function queue(db: Database, kind: NotificationKind): NotificationQueue {
  const { table, sender, notified } = NOTIFICATION_KINDS[kind]
  const ROW = `SELECT '${kind}' AS kind, n.id, n.chat_id, n.state, n.due_at, n.after_seq, n.up_to_seq, n.address, n.claim,
    n.refusals, n.reason, u.id AS user_id, u.email, u.name, u.page_url, u.unsubscribed_at, b.kind AS block, c.archived_at, c.last_seq, c.assignee_id, c.assignee_name,
    t.mail_id AS typed_mail_id, t.mailed_at AS typed_mailed_at, t.unsubscribed_at AS typed_unsubscribed_at,
    ${SEEN[kind]} AS seen_seq, c.${notified} AS notified_seq,
    (SELECT p.due_at FROM ${table} p WHERE p.chat_id = n.chat_id AND p.state = 'pending') AS pending_due_at
    FROM ${table} n JOIN support_chats c ON c.id = n.chat_id JOIN support_users u ON u.id = c.user_id
    LEFT JOIN support_mail_blocks b ON b.address = u.email AND b.unblocked_at IS NULL
    LEFT JOIN support_typed_addresses t ON t.address = u.email`
  // Messages that come while a mail of their chat is on its way wait until it is settled
  const DUE = `n.state IN ('pending', 'claimed', 'sending') AND NOT (n.state = 'pending' AND EXISTS
    (SELECT 1 FROM ${table} h WHERE h.chat_id = n.chat_id AND h.state IN ('claimed', 'sending')))`
  const DUE_BY = `${DUE} AND n.due_at <= ?1`
  const due = db.prepare<NotificationRow>(`${ROW} WHERE ${DUE_BY} ORDER BY n.due_at LIMIT 1`)
  const dueOfOthers = db.prepare<NotificationRow>(`${ROW} WHERE ${DUE_BY} AND c.assignee_id IS NOT NULL
    AND c.assignee_id NOT IN (SELECT value FROM json_each(?2)) ORDER BY n.due_at LIMIT 1`)
  const next = db.prepare<{ due_at: string }>(`SELECT n.due_at FROM ${table} n WHERE ${DUE} ORDER BY n.due_at LIMIT 1`)
  const byId = db.prepare<NotificationRow>(`${ROW} WHERE n.id = ?`)

  const UNREAD = `FROM support_messages WHERE chat_id = ?1 AND sender_type = '${sender}' AND read_at IS NULL AND seq > ?2`
  const countUnread = db.prepare<Pick<UnreadMessages, 'count' | 'oldest'>>(
    `SELECT count(*) AS count, min(created_at) AS oldest ${UNREAD}`,
  )
  const newestUnread = db.prepare<MessageRow>(`SELECT ${MESSAGE_COLUMNS.join()} ${UNREAD} ORDER BY seq DESC LIMIT 1`)
  const messageAt = db.prepare<{ id: string }>('SELECT id FROM support_messages WHERE chat_id = ? AND seq = ?')
  const countTold = db.prepare<MailedMessages>(`SELECT count(*) AS mailed, count(*) FILTER (WHERE seq > ?4) AS unread
    FROM support_messages WHERE chat_id = ?1 AND seq > ?2 AND seq <= ?3 AND sender_type = '${sender}'`)

  const update = db.prepare(`UPDATE ${table} SET state = ?2, due_at = ?3, after_seq = ?4, up_to_seq = ?5,
    address = ?6, claim = ?7, refusals = ?8, reason = ?9, updated_at = ?10 WHERE id = ?1`)
  const dropPending = db.prepare(`DELETE FROM ${table} WHERE chat_id = ? AND state = 'pending'`)
  const setNotified = db.prepare(`UPDATE support_chats SET ${notified} = ?2 WHERE id = ?1`)

  const takeTurn = db.prepare(`INSERT INTO support_typed_addresses (address, mail_id, mailed_at) VALUES (?1, ?2, ?3)
    ON CONFLICT (address) DO UPDATE SET mail_id = ?2, mailed_at = ?3 WHERE coalesce(mailed_at, '') <= ?4 OR mail_id = ?2`)

  const head = db.prepare<ActivityHead>('SELECT last_activity_seq, last_activity_at FROM support_chats WHERE id = ?')
  const writeActivity = activityWriter(db)

  function unreadOf(row: NotificationRow): UnreadMessages {
    const { count, oldest } = countUnread.get(row.chat_id, unmailedAfter(row)) ?? { count: 0, oldest: null }
    const newest = newestUnread.get(row.chat_id, unmailedAfter(row))
    return { count, oldest, newest: newest && messageOf(newest) }
  }

  const nextDue = ({ at, online }: ClaimQuery): NotificationRow | undefined =>
    online === undefined ? due.get(at) : dueOfOthers.get(at, JSON.stringify(online))

  const toldOf = ({ chat_id, after_seq, up_to_seq, seen_seq }: NotificationRow): MailedMessages =>
    countTold.get(chat_id, after_seq, up_to_seq, seen_seq) ?? { mailed: 0, unread: 0 }

  /** @returns the activity of it */
  function write(row: NotificationRow, change: NotificationChange): SupportActivity | null {
    const { id, chat_id } = row
    const { fields: f, replacesPending, notifiedSeq } = change
    if (replacesPending) dropPending.run(chat_id)
    const range = [f.after_seq, f.up_to_seq] as const
    update.run(id, f.state, f.due_at, ...range, f.address, f.claim, f.refusals, f.reason, f.updated_at)
    if (notifiedSeq !== undefined) setNotified.run(chat_id, notifiedSeq)
    const what = mailEnd(row, change)
    const chat = what && head.get(chat_id)
    if (!chat) return null
    const activity = placeMail(chat, what, f.updated_at)
    writeActivity(chat_id, activity)
    return activity
  }

  return {
    async claim(query) {
      // Mostly nothing is due, and that needs no write
      if (!nextDue(query)) return { due: [], lost: [] }
      return db.transaction(() => {
        const claimed: ClaimedNotifications = { due: [], lost: [] }
        for (let looked = 0; looked < MAX_LOOKED_AT && claimed.due.length < query.limit; looked++) {
          const row = nextDue(query)
          if (!row) break
          const decision = decideClaim(row, unreadOf(row), query)
          const activity = write(row, decision.change)
          if (decision.due) claimed.due.push(decision.due)
          if (decision.change.fields.state === 'uncertain') {
            const message_id = messageAt.get(row.chat_id, row.up_to_seq)?.id ?? ''
            claimed.lost.push({ chat_id: row.chat_id, message_id, reason: LOST, activity })
          }
        }
        return claimed
      })
    },

    handOver: async (claim, at, lease) =>
      db.transaction(() => {
        const row = byId.get(claim.id)
        let change = row && decideHandover(row, claim, toldOf(row), at, lease)
        const turn = row && change?.fields.state === 'sending' ? turnAt(row, at) : undefined
        if (turn && takeTurn.run(turn.address, claim.id, at, turn.over) === 0) change = turn.otherwise
        if (row && change) write(row, change)
        return change?.fields.state === 'sending'
      }),

    settle: async (claim, outcome, at) =>
      db.transaction(() => {
        const row = byId.get(claim.id)
        const change = row && decideOutcome(row, claim, outcome, at)
        return row && change && { activity: write(row, change) }
      }),

    next: async () => next.get()?.due_at,
  }
}
