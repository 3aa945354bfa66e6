// On SQLite a commit writes every page that it touched, whole. A message moved its chat in three indexes: of all active chats, of those of
// an assignee, and of the unread ones. Now an active chat has one entry, among the unread or among the read ones, in the order of its
// assignee's list; the list of all active chats is merged from those.
import { sql } from 'kysely'
import type { SchemaEngine } from '../schema-engine.ts'
import { addIndex } from './add-index.ts'
import type { MigrationStatement } from './statement.ts'

export function oneEntryAChat(engine: SchemaEngine): MigrationStatement[] {
  if (!engine.writesWholePages) return []
  const dropped = ['support_chats_active', 'support_chats_assignee', 'support_chats_unread']
  // With the columns of their conditions, so that nothing else is read for a place in the list
  const columns = ['assignee_id', 'last_message_at', 'id', 'archived_at', 'last_user_seq', 'admin_viewed_seq']
  const table = 'support_chats'
  return [
    ...dropped.map((index) => engine.compiler.schema.dropIndex(index).compile()),
    ...addIndex(engine, {
      table,
      name: 'support_chats_unread',
      columns,
      where: sql`archived_at is null and last_user_seq > admin_viewed_seq`,
    }),
    ...addIndex(engine, {
      table,
      name: 'support_chats_read',
      columns,
      where: sql`archived_at is null and last_user_seq <= admin_viewed_seq and last_message_at is not null`,
    }),
  ]
}
