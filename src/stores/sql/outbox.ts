import { sql, type RawBuilder, type Transaction } from 'kysely'
import type { Outbox } from '../../server/ports/store/outbox.ts'
import { placeWebhooks, queuesOf, type Happening, type NewWebhook, type QueueKey } from '../rules/webhook.ts'
import type { Engine } from './engine.ts'
import type { Tables } from './tables.ts'
import type { Kind } from './write.ts'

const KINDS: Record<keyof NewWebhook, Kind> = {
  id: 'uuid',
  endpoint: 'uuid',
  chat_id: 'uuid',
  position: 'integer',
  event: 'word',
  seq: 'integer',
  due_at: 'time',
  created_at: 'time',
}

/**
 * The statement that writes the webhooks of what happened, in its transaction, which holds the lock of every chat in it; undefined
 * where nobody is told. One round trip and one statement, whatever the number of webhooks.
 */
export async function outboxStatement(
  trx: Transaction<Tables>,
  engine: Engine,
  happenings: Happening[],
  outbox: Outbox,
): Promise<RawBuilder<unknown> | undefined> {
  const keys = queuesOf(happenings, outbox)
  if (keys.length === 0) return undefined
  const table = sql.table('support_webhooks')
  const ofQueue = sql`w.chat_id = k.chat_id and w.endpoint = k.endpoint`
  const { rows: queues } = await sql<QueueKey & { last: number; busy: number }>`select k.chat_id, k.endpoint,
    coalesce((select w.position from ${table} as w where ${ofQueue} order by w.position desc limit 1), 0) as last,
    case when exists (select 1 from ${table} as w where ${ofQueue} and w.due_at is not null) then 1 else 0 end as busy
    from ${engine.rows<QueueKey>('k', { chat_id: 'uuid', endpoint: 'uuid' }, keys)}`.execute(trx)
  const placed = placeWebhooks(
    happenings,
    outbox,
    queues.map(({ busy, ...queue }) => ({ ...queue, isBusy: busy === 1 })),
  )
  const rows = placed.map(({ due_at, created_at, ...row }): NewWebhook => ({
    ...row,
    due_at: due_at === null ? null : engine.time(due_at),
    created_at: engine.time(created_at),
  }))
  return sql`insert into ${table} (id, endpoint, chat_id, position, event, seq, state, due_at, created_at, updated_at)
    select w.id, w.endpoint, w.chat_id, w.position, w.event, w.seq, 'pending', w.due_at, w.created_at, w.created_at
    from ${engine.rows<NewWebhook>('w', KINDS, rows)}`
}
