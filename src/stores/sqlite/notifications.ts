import { isoTime } from '../../server/ports/clock.ts'
import type { SupportMessage } from '../../protocol/types.ts'
import type { DueNotification, Store, StoredMail } from '../../server/ports/store.ts'
import type { Database } from './database.ts'

type Notifications = Pick<
  Store,
  'claimNotifications' | 'settleNotification' | 'nextNotification' | 'saveMail' | 'listMails'
>

interface DueRow {
  id: string
  chat_id: string
  attempts: number
  user_id: string
  email: string
  name: string | null
  page_url: string | null
  unsubscribed_at: string | null
  archived_at: string | null
}

export function notifications(db: Database): Notifications {
  const due = db.prepare<DueRow>(`SELECT n.id, n.chat_id, n.attempts, u.id AS user_id, u.email, u.name, u.page_url,
    u.unsubscribed_at, c.archived_at FROM support_notifications n JOIN support_chats c ON c.id = n.chat_id
    JOIN support_users u ON u.id = c.user_id WHERE n.state = 'pending' AND n.due_at <= ? ORDER BY n.due_at LIMIT ?`)
  // What is unread and was in no e-mail yet
  const UNREAD = `FROM support_messages WHERE chat_id = ?1 AND sender_type = 'admin' AND read_at IS NULL
    AND seq > (SELECT max(user_read_seq, notified_seq) FROM support_chats WHERE id = ?1)`
  const unread = db.prepare<{ n: number; oldest: string | null }>(
    `SELECT count(*) AS n, min(created_at) AS oldest ${UNREAD}`,
  )
  const newest =
    db.prepare<SupportMessage>(`SELECT id, seq, content, sender_type, sender_name, client_id, read_at, created_at
    ${UNREAD} ORDER BY seq DESC LIMIT 1`)
  const skip = db.prepare(
    "UPDATE support_notifications SET state = 'skipped', reason = ?2, updated_at = ?3 WHERE id = ?1 AND state = 'pending'",
  )
  const move = db.prepare('UPDATE support_notifications SET due_at = ?2, updated_at = ?3 WHERE id = ?1')
  const claim =
    db.prepare(`UPDATE support_notifications SET state = 'sending', up_to_seq = ?2, after_seq = (SELECT notified_seq FROM support_chats WHERE id = support_notifications.chat_id), attempts = attempts + 1,
    updated_at = ?3 WHERE id = ?1 AND state = 'pending'`)
  const settle = db.prepare('UPDATE support_notifications SET state = ?2, reason = ?3, updated_at = ?4 WHERE id = ?1')
  // Taken at once, so that a slow send and the next notification never tell of the same reply; given back when it was refused
  const take = db.prepare('UPDATE support_chats SET notified_seq = ?2 WHERE id = ?1')
  const giveBack = db.prepare(`UPDATE support_chats SET notified_seq = n.after_seq FROM support_notifications n
    WHERE n.id = ?1 AND support_chats.id = n.chat_id AND notified_seq = n.up_to_seq`)
  // A newer notification of the chat that came up meanwhile will cover what this one would have said
  const retry =
    db.prepare(`UPDATE support_notifications SET state = 'pending', due_at = ?2, reason = ?3, updated_at = ?4 WHERE id = ?1
    AND NOT EXISTS (SELECT 1 FROM support_notifications o WHERE o.chat_id = support_notifications.chat_id AND o.state = 'pending')`)
  const next = db.prepare<{ due_at: string }>(
    "SELECT due_at FROM support_notifications WHERE state = 'pending' ORDER BY due_at LIMIT 1",
  )
  const saveMail = db.prepare('INSERT INTO support_mails (id, mail, created_at) VALUES (?, ?, ?)')
  const mails = db.prepare<{ mail: string }>('SELECT mail FROM support_mails ORDER BY id DESC LIMIT ?')

  function decide(row: DueRow, at: string, delay: number): DueNotification[] {
    const { n, oldest } = unread.get(row.chat_id) ?? { n: 0, oldest: null }
    const message = newest.get(row.chat_id)
    const reason = row.unsubscribed_at
      ? 'unsubscribed'
      : row.archived_at
        ? 'archived'
        : !message || oldest === null
          ? 'read'
          : null
    if (reason !== null || !message || oldest === null) {
      skip.run(row.id, reason, at)
      return []
    }
    // What was answered first has been read since; the reply that is left gets its full time
    const age = isoTime(Date.parse(oldest) + delay)
    if (age > at) {
      move.run(row.id, age, at)
      return []
    }
    claim.run(row.id, message.seq, at)
    take.run(row.chat_id, message.seq)
    const person = { id: row.user_id, email: row.email, name: row.name }
    const { id, chat_id, page_url } = row
    return [{ id, chat_id, person, message, unread: n, page_url, attempts: row.attempts + 1 }]
  }

  return {
    async claimNotifications(at, delay, limit) {
      if (due.all(at, 1).length === 0) return []
      return db.transaction(() => due.all(at, limit).flatMap((row) => decide(row, at, delay)))
    },
    async settleNotification(id, outcome, at) {
      db.transaction(() => {
        if (outcome.state === 'retry' || outcome.state === 'failed') giveBack.run(id)
        if (outcome.state === 'retry') {
          if (!retry.run(id, outcome.retry_at, outcome.reason, at)) settle.run(id, 'skipped', 'superseded', at)
          return
        }
        settle.run(id, outcome.state, outcome.state === 'sent' ? null : outcome.reason, at)
      })
    },
    nextNotification: async () => next.get()?.due_at,
    async saveMail(mail) {
      saveMail.run(mail.id, JSON.stringify(mail), mail.created_at)
    },
    listMails: async (limit) => mails.all(limit).map((row) => JSON.parse(row.mail) as StoredMail),
  }
}
