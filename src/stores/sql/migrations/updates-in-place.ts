// PostgreSQL writes an entry into every index of a table for each new version of a row, unless no indexed column has changed and the page has
// room (HOT). The lists' indexes had the time of the last message and its number, so each message wrote six. They get the minute instead, and
// whether a chat is unread. The table is rewritten for the two columns, with room on its pages.
import { sql } from 'kysely'
import type { SchemaEngine } from '../schema-engine.ts'
import { addIndex } from './add-index.ts'
import type { MigrationStatement } from './statement.ts'

const REPLACED = [
  'support_chats_active',
  'support_chats_archived',
  'support_chats_assignee',
  'support_chats_assignee_archived',
  'support_chats_unread',
]
/** Percent of a page that new rows fill */
const FILL = 85

export function updatesInPlace(engine: SchemaEngine): MigrationStatement[] {
  const { compiler, updatesInPlace } = engine
  if (!updatesInPlace) return []
  const table = 'support_chats'
  const chats = sql.table(table)
  const assignee = sql`coalesce(assignee_id, '')`
  const active = sql`archived_at is null and last_message_minute is not null`
  const archived = sql`archived_at is not null and last_message_minute is not null`
  const index = (name: string, columns: Parameters<typeof addIndex>[1]['columns'], where: typeof active) =>
    addIndex(engine, { table, name, columns, where })
  return [
    ...REPLACED.map((name) => compiler.schema.dropIndex(name).compile()),
    sql`alter table ${chats} set (fillfactor = ${sql.lit(FILL)})`.compile(compiler),
    // In one statement, which rewrites the table once
    sql`alter table ${chats}
      add column last_message_minute timestamp generated always as (date_trunc('minute', last_message_at at time zone 'UTC')) stored,
      add column is_unread boolean generated always as (archived_at is null and last_user_seq > admin_viewed_seq) stored`.compile(
      compiler,
    ),
    ...index('support_chats_active', ['last_message_minute'], active),
    ...index('support_chats_archived', ['last_message_minute'], archived),
    ...index('support_chats_assignee', [assignee, 'last_message_minute'], active),
    ...index('support_chats_assignee_archived', [assignee, 'last_message_minute'], archived),
    ...index('support_chats_unread', ['id'], sql`is_unread`),
  ]
}
