// What only staff see of a chat. In a table of its own, since whoever is in a chat sees every message of it.
import { sql } from 'kysely'
import type { SchemaEngine } from '../schema-engine.ts'
import { addColumn } from './add-column.ts'
import type { MigrationStatement } from './statement.ts'
import { createTable } from './table.ts'

export function activities(engine: SchemaEngine): MigrationStatement[] {
  const { uuid, time, integer, word, person, text } = engine.types
  const needed = { id: uuid, chat_id: uuid, seq: integer, kind: word, body: text, created_at: time }
  const table = 'support_chats'
  return [
    addColumn(engine, { table, name: 'last_activity_seq', type: integer, default: sql.lit(0) }),
    addColumn(engine, { table, name: 'last_activity_at', type: time }),
    ...createTable(engine, {
      name: 'support_activities',
      columns: (t) => {
        let table = t
        for (const [name, type] of Object.entries(needed))
          table = table.addColumn(name, type as never, (c) => c.notNull())
        for (const [name, type] of Object.entries({ actor_id: person, actor_name: text, client_id: word }))
          table = table.addColumn(name, type as never)
        return table.addForeignKeyConstraint('support_activities_of_chat', ['chat_id'], 'support_chats', ['id'])
      },
      inOrderOf: { name: 'support_activities_chat_seq', columns: ['chat_id', 'seq'] },
      indexes: [
        {
          name: 'support_activities_client',
          columns: ['chat_id', 'actor_id', 'client_id'],
          unique: true,
          where: sql`client_id is not null`,
        },
      ],
    }),
  ]
}
