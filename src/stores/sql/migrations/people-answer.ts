// Chats in which a person of staff answered before this was kept: the assistant, where it is turned on later, leaves them to people, as
// it does with those of now. What a person did before the chat was archived last does not count, as there a conversation begins anew.
import { sql } from 'kysely'
import type { SchemaEngine } from '../schema-engine.ts'
import type { MigrationStatement } from './statement.ts'

export function peopleAnswer({ compiler }: SchemaEngine): MigrationStatement[] {
  const chats = sql.table('support_chats')
  const archivedAfter = (time: string) => sql`exists (select 1 from ${sql.table('support_activities')} z
    where z.chat_id = ${sql.ref('support_chats.id')} and z.kind = 'archived' and z.created_at > ${sql.ref(time)})`
  const answered = sql`exists (select 1 from ${sql.table('support_messages')} m
    where m.chat_id = ${sql.ref('support_chats.id')} and m.sender_type = 'admin' and m.automated is null
    and not ${archivedAfter('m.created_at')})`
  const given = sql`assignee_id is not null and exists (select 1 from ${sql.table('support_activities')} g
    where g.chat_id = ${sql.ref('support_chats.id')} and g.kind = 'assigned' and not ${archivedAfter('g.created_at')})`
  return [
    sql`update ${chats} set assistant_off_at = coalesce(last_message_at, updated_at)
      where assistant_off_at is null and archived_at is null and (${answered} or (${given}))`.compile(compiler),
  ]
}
