// Who of staff has a chat, and who can have one. A chat has one more entry in an index: beside the others of its assignee, or those that
// nobody has.
import { sql } from 'kysely'
import type { SchemaEngine } from '../schema-engine.ts'
import { addColumn } from './add-column.ts'
import { addIndex } from './add-index.ts'
import type { MigrationStatement } from './statement.ts'
import { createTable } from './table.ts'

export function assignees(engine: SchemaEngine): MigrationStatement[] {
  const { person, text, time } = engine.types
  const table = 'support_chats'
  // Null would be found by an index of PostgreSQL, but not in its order
  const assignee = sql`coalesce(assignee_id, '')`
  return [
    addColumn(engine, { table, name: 'assignee_id', type: person }),
    addColumn(engine, { table, name: 'assignee_name', type: text }),
    ...addIndex(engine, {
      table,
      name: 'support_chats_assignee',
      columns: [assignee, 'last_message_at', 'id'],
      where: sql`archived_at is null and last_message_at is not null`,
      otherwise: ['is_archived', 'assignee_id', 'last_message_at', 'id'],
    }),
    ...addIndex(engine, {
      table,
      name: 'support_chats_assignee_archived',
      columns: [assignee, 'last_message_at', 'id'],
      where: sql`archived_at is not null and last_message_at is not null`,
      otherwise: [],
    }),
    ...createTable(engine, {
      name: 'support_colleagues',
      columns: (t) =>
        t
          .addColumn('id', person as never, (c) => c.primaryKey().notNull())
          .addColumn('name', text as never)
          .addColumn('last_seen_at', time as never, (c) => c.notNull()),
      indexes: [{ name: 'support_colleagues_seen', columns: ['last_seen_at'] }],
    }),
  ]
}
