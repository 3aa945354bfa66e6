// What the assistant owes, and what it wrote. The table refers to no chat: nodes of the version before erase chats without knowing it.
import type { SchemaEngine } from '../schema-engine.ts'
import { addColumn } from './add-column.ts'
import type { MigrationStatement } from './statement.ts'
import { createTable } from './table.ts'

export function answers(engine: SchemaEngine): MigrationStatement[] {
  const { uuid, time, integer } = engine.types
  return [
    addColumn(engine, { table: 'support_messages', name: 'automated', type: integer }),
    addColumn(engine, { table: 'support_chats', name: 'assistant_off_at', type: time }),
    ...createTable(engine, {
      name: 'support_answers',
      columns: (t) =>
        t
          .addColumn('chat_id', uuid as never, (c) => c.primaryKey().notNull())
          .addColumn('seq', integer as never, (c) => c.notNull())
          .addColumn('claim', integer as never, (c) => c.notNull())
          .addColumn('due_at', time as never, (c) => c.notNull()),
      indexes: [{ name: 'support_answers_due', columns: ['due_at'] }],
    }),
  ]
}
