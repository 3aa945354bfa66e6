// On SQLite a commit writes every page that it touched, whole, and those are half of what an append costs. So client_ids lead their index:
// those of our clients begin with the time, and then new entries share a page whatever chats they are of. The index of unread chats gets
// the columns of its condition: the chats in it are counted without a look at each.
import { sql } from 'kysely'
import type { SchemaEngine } from '../schema-engine.ts'
import { addIndex } from './add-index.ts'
import type { MigrationStatement } from './statement.ts'

export function fewerPages(engine: SchemaEngine): MigrationStatement[] {
  if (!engine.writesWholePages) return []
  const drop = (index: string) => engine.compiler.schema.dropIndex(index).compile()
  return [
    drop('support_messages_client'),
    ...addIndex(engine, {
      table: 'support_messages',
      name: 'support_messages_client',
      columns: ['client_id', 'chat_id', 'sender_id', 'sender_type'],
      unique: true,
      where: sql`client_id is not null`,
    }),
    drop('support_chats_unread'),
    ...addIndex(engine, {
      table: 'support_chats',
      name: 'support_chats_unread',
      columns: ['id', 'archived_at', 'last_user_seq', 'admin_viewed_seq'],
      where: sql`archived_at is null and last_user_seq > admin_viewed_seq`,
    }),
  ]
}
