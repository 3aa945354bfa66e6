import { isoTime } from '../../server/ports/clock.ts'
import type { DueWebhook, WebhookRecord, WebhookStore } from '../../server/ports/store/webhooks.ts'
import { MESSAGE_COLUMNS, messageOf, type MessageRow } from '../message-columns.ts'
import type { QueueKey } from '../rules/webhook.ts'
import type { Database } from './database.ts'

type Row = QueueKey & {
  id: string
  claim: number
  position: number
  state: WebhookRecord['state']
  due_at: string | null
}
type DueRow = Omit<DueWebhook, 'chat' | 'message'> & {
  chat_id: string
  user_id: string
  user_email: string
  seq: number | null
}

export function webhooks(db: Database): WebhookStore {
  const due = db.prepare<{ id: string }>(
    'SELECT id FROM support_webhooks WHERE endpoint = ? AND due_at <= ? ORDER BY due_at LIMIT ?',
  )
  const claim = db.prepare(
    `UPDATE support_webhooks SET state = 'sending', claim = claim + 1, due_at = ?2, updated_at = ?3 WHERE id = ?1`,
  )
  const claimed = db.prepare<DueRow>(`SELECT w.id, w.claim, w.event, w.created_at, w.attempts, w.chat_id, w.seq,
    c.user_id, u.email AS user_email
    FROM support_webhooks w JOIN support_chats c ON c.id = w.chat_id JOIN support_users u ON u.id = c.user_id WHERE w.id = ?`)
  const message = db.prepare<MessageRow>(
    `SELECT ${MESSAGE_COLUMNS.join()} FROM support_messages WHERE chat_id = ? AND seq = ?`,
  )
  const next = db.prepare<{ due_at: string }>(
    'SELECT due_at FROM support_webhooks WHERE endpoint = ? AND due_at IS NOT NULL ORDER BY due_at LIMIT 1',
  )

  const byId = db.prepare<Row>(
    'SELECT id, chat_id, endpoint, position, claim, state, due_at FROM support_webhooks WHERE id = ?',
  )
  const retry =
    db.prepare(`UPDATE support_webhooks SET state = 'pending', due_at = ?2, attempts = attempts + 1, status = ?3,
    reason = ?4, updated_at = ?5 WHERE id = ?1`)
  const fail =
    db.prepare(`UPDATE support_webhooks SET state = 'failed', due_at = NULL, attempts = attempts + 1, status = ?2,
    reason = ?3, updated_at = ?4 WHERE id = ?1`)
  const deliver = db.prepare(
    `UPDATE support_webhooks SET state = 'delivered', due_at = NULL, status = ?2, reason = NULL, updated_at = ?3 WHERE id = ?1`,
  )
  const busy = db.prepare(
    `SELECT 1 FROM support_webhooks INDEXED BY support_webhooks_busy WHERE chat_id = ? AND endpoint = ? AND due_at IS NOT NULL LIMIT 1`,
  )
  const release = db.prepare(`UPDATE support_webhooks SET due_at = ?4 WHERE id = (SELECT id FROM support_webhooks
    WHERE chat_id = ?1 AND endpoint = ?2 AND position > ?3 AND state = 'pending' ORDER BY position LIMIT 1)`)
  const hurry = db.prepare('UPDATE support_webhooks SET due_at = ?2 WHERE id = ?1')
  const reopen = db.prepare(
    `UPDATE support_webhooks SET state = 'pending', due_at = ?2, attempts = 0, updated_at = ?2 WHERE id = ?1`,
  )

  const RECORD = `SELECT w.id, w.endpoint, w.event, w.chat_id, u.email AS user_email, w.state, w.attempts, w.status, w.reason,
    w.due_at, w.created_at, w.updated_at
    FROM support_webhooks w CROSS JOIN support_chats c ON c.id = w.chat_id CROSS JOIN support_users u ON u.id = c.user_id`
  const record = db.prepare<WebhookRecord>(`${RECORD} WHERE w.id = ?`)
  const BEFORE = '(w.created_at, w.id) < (?1, ?2) ORDER BY w.created_at DESC, w.id DESC LIMIT ?3'
  const all = db.prepare<WebhookRecord>(`${RECORD} WHERE ${BEFORE}`)
  const failed = db.prepare<WebhookRecord>(`${RECORD} WHERE w.state = 'failed' AND ${BEFORE}`)
  const old =
    db.prepare<Row>(`SELECT id, chat_id, endpoint, position, claim, state, due_at FROM support_webhooks WHERE created_at < ?1
    AND (state IN ('delivered', 'failed') OR endpoint NOT IN (SELECT value FROM json_each(?2))) ORDER BY created_at LIMIT ?3`)
  const forget = db.prepare('DELETE FROM support_webhooks WHERE id = ?')

  function releaseNext({ chat_id, endpoint, position }: Row, at: string): void {
    // Another of the queue may be due: one that is sent again
    if (!busy.get(chat_id, endpoint)) release.run(chat_id, endpoint, position, at)
  }

  return {
    async claimWebhooks({ endpoint, at, lease, limit }) {
      // Mostly nothing is due, and that needs no write
      if (!due.get(endpoint, at, 1)) return []
      const end = isoTime(Date.parse(at) + lease)
      return db.transaction(() =>
        due.all(endpoint, at, limit).flatMap(({ id }): DueWebhook[] => {
          claim.run(id, end, at)
          const row = claimed.get(id)
          if (!row) return []
          const { chat_id, user_id, user_email, seq, ...webhook } = row
          const told = seq === null ? null : message.get(chat_id, seq)
          // The message is just being erased, and with it the webhook
          if (told === undefined) return []
          return [{ ...webhook, chat: { id: chat_id, user_id, user_email }, message: told && messageOf(told) }]
        }),
      )
    },

    settleWebhook: async (held, outcome, at) =>
      db.transaction(() => {
        const row = byId.get(held.id)
        if (row?.claim !== held.claim || row.state !== 'sending') return false
        if (outcome.state === 'retry') {
          retry.run(row.id, outcome.retry_at, outcome.status, outcome.reason, at)
          return true
        }
        if (outcome.state === 'failed') fail.run(row.id, outcome.status, outcome.reason, at)
        else deliver.run(row.id, outcome.status, at)
        releaseNext(row, at)
        return true
      }),

    nextWebhook: async (endpoint) => next.get(endpoint)?.due_at,

    listWebhooks: async ({ limit, failed: onlyFailed = false, cursor = { key: '~', id: '' } }) =>
      (onlyFailed ? failed : all).all(cursor.key, cursor.id, limit),

    sendWebhookAgain: async (id, at) =>
      db.transaction(() => {
        const row = byId.get(id)
        if (row?.state === 'pending' && row.due_at !== null) hurry.run(id, at)
        if (row?.state === 'delivered' || row?.state === 'failed') reopen.run(id, at)
        return record.get(id)
      }),

    forgetWebhooks: async ({ before, endpoints, limit }) =>
      db.transaction(() => {
        const forgotten = old.all(before, JSON.stringify(endpoints), limit)
        for (const { id } of forgotten) forget.run(id)
        // Whoever sends to the endpoint again begins with what is left
        for (const row of forgotten) if (row.due_at !== null) releaseNext(row, before)
        return forgotten.length
      }),
  }
}
