// The outbox and the log of webhooks. A queue is the webhooks of a chat to an endpoint, in the order of `position`.
import { sql } from 'kysely'
import type { SchemaEngine } from '../schema-engine.ts'
import type { MigrationStatement } from './statement.ts'
import { createTable } from './table.ts'

export function webhooks(engine: SchemaEngine): MigrationStatement[] {
  const { uuid, time, integer, word } = engine.types
  const needed = { id: uuid, endpoint: uuid, chat_id: uuid, position: integer, event: word, state: word }
  return createTable(engine, {
    name: 'support_webhooks',
    // due_at: it is to be sent, or the lease of its sender runs out; null: it has ended, or waits for an earlier one of its queue
    columns: (t) => {
      let table = t
      for (const [name, type] of Object.entries(needed))
        table = table.addColumn(name, type as never, (c) => c.notNull())
      for (const name of ['claim', 'attempts'])
        table = table.addColumn(name, integer as never, (c) => c.notNull().defaultTo(sql.lit(0)))
      for (const name of ['created_at', 'updated_at']) table = table.addColumn(name, time as never, (c) => c.notNull())
      for (const [name, type] of Object.entries({ seq: integer, due_at: time, status: integer, reason: word }))
        table = table.addColumn(name, type as never)
      return table
        .addForeignKeyConstraint('support_webhooks_of_chat', ['chat_id'], 'support_chats', ['id'])
        .addCheckConstraint('support_webhooks_state', sql`state in ('pending', 'sending', 'delivered', 'failed')`)
    },
    inOrderOf: { name: 'support_webhooks_queue', columns: ['chat_id', 'endpoint', 'position'] },
    indexes: [
      { name: 'support_webhooks_due', columns: ['endpoint', 'due_at'], where: sql`due_at is not null` },
      {
        name: 'support_webhooks_busy',
        columns: ['chat_id', 'endpoint'],
        where: sql`due_at is not null`,
        otherwise: ['chat_id', 'endpoint', 'due_at'],
      },
      { name: 'support_webhooks_log', columns: ['created_at', 'id'] },
      {
        name: 'support_webhooks_failed',
        columns: ['created_at', 'id'],
        where: sql`state = 'failed'`,
        otherwise: ['state', 'created_at', 'id'],
      },
    ],
  })
}
