import { isoTime } from '../../server/ports/clock.ts'
import type { SupportMessage } from '../../protocol/types.ts'
import type { ClaimQuery, DueNotification } from '../../server/ports/store/notifications.ts'
import {
  LOST,
  MAX_LOOKED_AT,
  obstacleOf,
  type NotificationRow as Row,
  type Notifications,
} from '../notification-rules.ts'
import type { Database } from './database.ts'

export function notifications(db: Database): Notifications {
  const ROW = `SELECT n.id, n.chat_id, n.state, n.after_seq, n.up_to_seq, n.claim, n.refusals, u.id AS user_id, u.email, u.name,
    u.page_url, u.unsubscribed_at, c.archived_at FROM support_notifications n JOIN support_chats c ON c.id = n.chat_id
    JOIN support_users u ON u.id = c.user_id`
  // The replies that came while a mail of their chat is on its way wait for what becomes of it
  const DUE = `n.state IN ('pending', 'claimed', 'sending') AND NOT (n.state = 'pending' AND EXISTS
    (SELECT 1 FROM support_notifications h WHERE h.chat_id = n.chat_id AND h.state IN ('claimed', 'sending')))`
  const due = db.prepare<Row>(`${ROW} WHERE ${DUE} AND n.due_at <= ? ORDER BY n.due_at LIMIT 1`)
  const next = db.prepare<{ due_at: string }>(
    `SELECT n.due_at FROM support_notifications n WHERE ${DUE} ORDER BY n.due_at LIMIT 1`,
  )
  const held = db.prepare<Row>(
    `${ROW} WHERE n.id = ?1 AND n.claim = ?2 AND n.state IN ('claimed', 'sending', 'uncertain')`,
  )

  // What is unread and was in no e-mail yet
  const UNREAD = `FROM support_messages WHERE chat_id = ?1 AND sender_type = 'admin' AND read_at IS NULL
    AND seq > (SELECT max(user_read_seq, notified_seq) FROM support_chats WHERE id = ?1)`
  const unread = db.prepare<{ n: number; oldest: string | null }>(
    `SELECT count(*) AS n, min(created_at) AS oldest ${UNREAD}`,
  )
  const newest =
    db.prepare<SupportMessage>(`SELECT id, seq, content, sender_type, sender_name, client_id, read_at, created_at
    ${UNREAD} ORDER BY seq DESC LIMIT 1`)
  const told = db.prepare<{ replies: number; unread: number }>(`SELECT count(*) AS replies,
    count(*) FILTER (WHERE read_at IS NULL) AS unread FROM support_messages
    WHERE chat_id = ? AND seq > ? AND seq <= ? AND sender_type = 'admin'`)

  const end = db.prepare('UPDATE support_notifications SET state = ?2, reason = ?3, updated_at = ?4 WHERE id = ?1')
  // Decided for everything there is; `why` asks which replies that was
  const skipAll = db.prepare(`UPDATE support_notifications SET state = 'skipped', reason = ?2, updated_at = ?3,
    after_seq = (SELECT notified_seq FROM support_chats WHERE id = chat_id),
    up_to_seq = (SELECT last_seq FROM support_chats WHERE id = chat_id) WHERE id = ?1`)
  const move = db.prepare(`UPDATE support_notifications SET state = 'pending', due_at = ?2, refusals = 0, reason = NULL,
    updated_at = ?3 WHERE id = ?1`)
  // A new reply gets as many tries as any other
  const claim = db.prepare<
    Pick<Row, 'claim' | 'refusals'>
  >(`UPDATE support_notifications SET state = 'claimed', claim = claim + 1, due_at = ?2,
    refusals = CASE WHEN up_to_seq < ?3 THEN 0 ELSE refusals END, up_to_seq = ?3, address = ?4, updated_at = ?5,
    after_seq = (SELECT max(user_read_seq, notified_seq) FROM support_chats WHERE id = chat_id) WHERE id = ?1
    RETURNING claim, refusals`)
  const handOver = db.prepare(
    "UPDATE support_notifications SET state = 'sending', due_at = ?2, updated_at = ?3 WHERE id = ?1",
  )
  const release = db.prepare(
    "UPDATE support_notifications SET state = 'pending', due_at = ?2, updated_at = ?3 WHERE id = ?1",
  )
  const refused = db.prepare(`UPDATE support_notifications SET state = 'pending', due_at = ?2, refusals = refusals + 1,
    reason = ?3, updated_at = ?4 WHERE id = ?1`)
  const countRefusal = db.prepare('UPDATE support_notifications SET refusals = refusals + 1 WHERE id = ?')
  const setNotified = db.prepare('UPDATE support_chats SET notified_seq = ?2 WHERE id = ?1')
  const pendingOf = db.prepare<{ due_at: string }>(
    "SELECT due_at FROM support_notifications WHERE chat_id = ? AND state = 'pending'",
  )
  const dropPending = db.prepare("DELETE FROM support_notifications WHERE chat_id = ? AND state = 'pending'")

  function decide(row: Row, { at, delay, lease }: ClaimQuery): DueNotification | undefined {
    const { id, chat_id } = row
    if (row.state === 'sending') {
      end.run(id, 'uncertain', LOST, at)
      return undefined
    }
    // A lost claim takes in what has come since: both are about all there is
    if (row.state === 'claimed') dropPending.run(chat_id)
    const { n, oldest } = unread.get(chat_id) ?? { n: 0, oldest: null }
    const message = newest.get(chat_id)
    const obstacle = obstacleOf(row)
    if (obstacle !== null || !message || oldest === null) {
      skipAll.run(id, obstacle ?? 'read', at)
      return undefined
    }
    // What was answered first has been read since; the reply that is left gets its full time
    const age = isoTime(Date.parse(oldest) + delay)
    if (age > at) {
      move.run(id, age, at)
      return undefined
    }
    const until = isoTime(Date.parse(at) + lease)
    const claimed = claim.get(id, until, message.seq, row.email, at)
    if (!claimed) return undefined
    const person = { id: row.user_id, email: row.email, name: row.name }
    return { id, chat_id, person, message, unread: n, page_url: row.page_url, ...claimed }
  }

  /** Due again, together with what has come since */
  function reopen(row: Row, dueAt: string, write: (dueAt: string) => void): void {
    const newer = pendingOf.get(row.chat_id)
    dropPending.run(row.chat_id)
    write(newer && newer.due_at < dueAt ? newer.due_at : dueAt)
  }

  return {
    async claimNotifications(query) {
      // Mostly there is nothing, and that needs no write
      if (!due.get(query.at)) return []
      return db.transaction(() => {
        const claimed: DueNotification[] = []
        for (let looked = 0; looked < MAX_LOOKED_AT && claimed.length < query.limit; looked++) {
          const row = due.get(query.at)
          if (!row) break
          const one = decide(row, query)
          if (one) claimed.push(one)
        }
        return claimed
      })
    },

    handOverNotification: async (holder, at, lease) =>
      db.transaction(() => {
        const row = held.get(holder.id, holder.claim)
        if (row?.state !== 'claimed') return false
        const { replies, unread } = told.get(row.chat_id, row.after_seq, row.up_to_seq) ?? { replies: 0, unread: 0 }
        const obstacle = obstacleOf(row) ?? (unread === 0 ? 'read' : null)
        if (obstacle !== null) {
          end.run(row.id, 'skipped', obstacle, at)
          return false
        }
        // The mail would tell of a reply that was read meanwhile: another is to be written
        if (unread < replies) {
          reopen(row, at, (dueAt) => release.run(row.id, dueAt, at))
          return false
        }
        handOver.run(row.id, isoTime(Date.parse(at) + lease), at)
        setNotified.run(row.chat_id, row.up_to_seq)
        return true
      }),

    settleNotification: async (holder, outcome, at) =>
      db.transaction(() => {
        const row = held.get(holder.id, holder.claim)
        // Of one that was given up as uncertain, only good news is still of use
        if (!row || (row.state === 'uncertain' && outcome.state !== 'sent')) return
        if (outcome.state === 'sent' || outcome.state === 'uncertain') {
          end.run(row.id, outcome.state, outcome.state === 'sent' ? null : outcome.reason, at)
          return
        }
        if (row.state === 'sending') setNotified.run(row.chat_id, row.after_seq)
        if (outcome.state === 'retry') {
          reopen(row, outcome.retry_at, (dueAt) => refused.run(row.id, dueAt, outcome.reason, at))
          return
        }
        countRefusal.run(row.id)
        end.run(row.id, 'failed', outcome.reason, at)
      }),

    nextNotification: async () => next.get()?.due_at,
  }
}
