// What is counted by day. Several processes count on rows of their own (`shard`), so that none waits for another one's transaction.
import type { SchemaEngine } from '../schema-engine.ts'
import { addColumn } from './add-column.ts'
import type { MigrationStatement } from './statement.ts'
import { createTable } from './table.ts'

const KEY = ['day', 'kind', 'bucket', 'shard', 'agent_id'] as const

export function numbers(engine: SchemaEngine): MigrationStatement[] {
  const { word, person, text, integer, time } = engine.types
  return [
    addColumn(engine, { table: 'support_chats', name: 'waiting_since', type: time }),
    ...createTable(engine, {
      name: 'support_numbers',
      columns: (t) =>
        t
          .addColumn('day', word as never, (c) => c.notNull())
          .addColumn('kind', word as never, (c) => c.notNull())
          .addColumn('bucket', integer as never, (c) => c.notNull())
          .addColumn('shard', integer as never, (c) => c.notNull())
          .addColumn('agent_id', person as never, (c) => c.notNull())
          .addColumn('agent_name', text as never)
          .addColumn('n', integer as never, (c) => c.notNull())
          .addPrimaryKeyConstraint('support_numbers_key', [...KEY]),
      inOrderOf: 'primary key',
    }),
  ]
}
