// The tags of chats: on the chat, where they are read with it, and in a table in whose order the chats with one are listed.
import type { SchemaEngine } from '../schema-engine.ts'
import { addColumn } from './add-column.ts'
import type { MigrationStatement } from './statement.ts'
import { createTable } from './table.ts'

export function tags(engine: SchemaEngine): MigrationStatement[] {
  const { uuid, person, integer, text, time } = engine.types
  return [
    // JSON; null: it has none
    addColumn(engine, { table: 'support_chats', name: 'tags', type: text }),
    ...createTable(engine, {
      name: 'support_tags',
      columns: (t) =>
        t
          .addColumn('chat_id', uuid as never, (c) => c.notNull())
          // The type of a short text of any script
          .addColumn('tag', person as never, (c) => c.notNull())
          // What the list of chats goes by, repeated here
          .addColumn('is_archived', integer as never, (c) => c.notNull())
          .addColumn('last_message_at', time as never)
          .addPrimaryKeyConstraint('support_tags_of_chat', ['chat_id', 'tag'])
          // Nodes of the version before erase and merge chats, and do not know this table
          .addForeignKeyConstraint('support_tags_chat', ['chat_id'], 'support_chats', ['id'], (key) =>
            key.onDelete('cascade'),
          ),
      inOrderOf: 'primary key',
      indexes: [{ name: 'support_tags_list', columns: ['tag', 'is_archived', 'last_message_at', 'chat_id'] }],
    }),
  ]
}
