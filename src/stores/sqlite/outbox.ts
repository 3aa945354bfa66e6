import type { Outbox } from '../../server/ports/store/outbox.ts'
import { placeWebhooks, queuesOf, type Happening, type Queue } from '../rules/webhook.ts'
import type { Database } from './database.ts'

/** @returns writes the webhooks of what happened; called in its transaction */
export function outboxWriter(db: Database): (happenings: Happening[], outbox: Outbox) => void {
  const state = db.prepare<{ last: number; busy: number }>(`SELECT
    coalesce((SELECT max(position) FROM support_webhooks WHERE chat_id = ?1 AND endpoint = ?2), 0) AS last,
    EXISTS (SELECT 1 FROM support_webhooks INDEXED BY support_webhooks_busy
      WHERE chat_id = ?1 AND endpoint = ?2 AND due_at IS NOT NULL) AS busy`)
  const insert =
    db.prepare(`INSERT INTO support_webhooks (id, endpoint, chat_id, position, event, seq, state, due_at, created_at, updated_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'pending', ?7, ?8, ?8)`)
  return (happenings, outbox) => {
    const queues = queuesOf(happenings, outbox).map(({ chat_id, endpoint }): Queue => {
      const { last, busy } = state.get(chat_id, endpoint) ?? { last: 0, busy: 0 }
      return { chat_id, endpoint, last, isBusy: busy === 1 }
    })
    for (const row of placeWebhooks(happenings, outbox, queues)) {
      const { id, endpoint, chat_id, position, event, seq, due_at, created_at } = row
      insert.run(id, endpoint, chat_id, position, event, seq, due_at, created_at)
    }
  }
}
