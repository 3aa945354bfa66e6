// Files that messages carry. A message has a copy of what is shown of them, so that reading messages reads one table.
import { sql } from 'kysely'
import type { SchemaEngine } from '../schema-engine.ts'
import { addColumn } from './add-column.ts'
import type { MigrationStatement } from './statement.ts'
import { createTable } from './table.ts'

export function attachments(engine: SchemaEngine): MigrationStatement[] {
  const { uuid, time, integer, word, person, text } = engine.types
  const needed = { name: text, size: integer, sender_type: word, sender_id: person, created_at: time }
  // chat_id is null once it is gone, and type until its content is here. due_at: when it is swept
  const optional = {
    chat_id: uuid,
    message_id: uuid,
    type: text,
    width: integer,
    height: integer,
    client_id: word,
    due_at: time,
  }
  return [
    addColumn(engine, { table: 'support_messages', name: 'attachments', type: text }),
    ...createTable(engine, {
      name: 'support_attachments',
      columns: (t) => {
        let table = t.addColumn('id', uuid as never, (c) => c.primaryKey().notNull())
        for (const [name, type] of Object.entries(needed))
          table = table.addColumn(name, type as never, (c) => c.notNull())
        for (const [name, type] of Object.entries(optional)) table = table.addColumn(name, type as never)
        return table
      },
      indexes: [
        { name: 'support_attachments_due', columns: ['due_at'], where: sql`due_at is not null`, otherwise: ['due_at'] },
        { name: 'support_attachments_chat', columns: ['chat_id'] },
        { name: 'support_attachments_recent', columns: ['sender_id', 'created_at'] },
        {
          name: 'support_attachments_client',
          columns: ['chat_id', 'sender_id', 'sender_type', 'client_id'],
          unique: true,
          where: sql`client_id is not null`,
        },
      ],
    }),
  ]
}
