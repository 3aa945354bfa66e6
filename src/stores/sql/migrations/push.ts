// Browsers of staff that get push notifications.
import type { CompiledQuery } from 'kysely'
import type { SchemaEngine } from '../schema-engine.ts'
import { createTable } from './table.ts'

export function push(engine: SchemaEngine): CompiledQuery[] {
  const { word, person, text, time } = engine.types
  return createTable(engine, {
    name: 'support_push_subscriptions',
    columns: (t) =>
      t
        .addColumn('id', word as never, (c) => c.primaryKey().notNull())
        .addColumn('staff_id', person as never, (c) => c.notNull())
        .addColumn('session_id', text as never)
        .addColumn('endpoint', text as never, (c) => c.notNull())
        .addColumn('p256dh', text as never, (c) => c.notNull())
        .addColumn('auth', text as never, (c) => c.notNull())
        .addColumn('renewed_at', time as never, (c) => c.notNull()),
    indexes: [
      { name: 'support_push_subscriptions_staff', columns: ['staff_id', 'renewed_at'] },
      { name: 'support_push_subscriptions_renewed', columns: ['renewed_at'] },
    ],
  })
}
