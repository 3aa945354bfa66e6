// The delayed e-mail to staff about messages that nobody viewed: the same columns and states as the one to users, in a table of its own,
// because nodes of the version before would send what they find in theirs.
import { sql } from 'kysely'
import type { SchemaEngine } from '../schema-engine.ts'
import { addColumn } from './add-column.ts'
import type { MigrationStatement } from './statement.ts'
import { createTable } from './table.ts'

export function staffMails(engine: SchemaEngine): MigrationStatement[] {
  const { uuid, time, integer, word, text } = engine.types
  return [
    addColumn(engine, { table: 'support_chats', name: 'staff_notified_seq', type: integer, default: sql.lit(0) }),
    ...createTable(engine, {
      name: 'support_staff_mails',
      columns: (t) => {
        let table = t.addColumn('id', uuid as never, (c) => c.primaryKey().notNull())
        for (const [name, type] of Object.entries({ chat_id: uuid, state: word, due_at: time }))
          table = table.addColumn(name, type as never, (c) => c.notNull())
        for (const name of ['after_seq', 'up_to_seq', 'claim', 'refusals'])
          table = table.addColumn(name, integer as never, (c) => c.notNull().defaultTo(sql.lit(0)))
        for (const name of ['address', 'reason']) table = table.addColumn(name, text as never)
        for (const name of ['created_at', 'updated_at'])
          table = table.addColumn(name, time as never, (c) => c.notNull())
        return table
          .addForeignKeyConstraint('support_staff_mails_of_chat', ['chat_id'], 'support_chats', ['id'])
          .addCheckConstraint(
            'support_staff_mails_state',
            sql`state in ('pending', 'claimed', 'sending', 'sent', 'uncertain', 'failed', 'skipped')`,
          )
      },
      generated: {
        pending_chat: { type: uuid, as: sql`case when state = 'pending' then chat_id end` },
        held_chat: { type: uuid, as: sql`case when state in ('claimed', 'sending') then chat_id end` },
        open_due_at: { type: time, as: sql`case when state in ('pending', 'claimed', 'sending') then due_at end` },
      },
      indexes: [
        {
          name: 'support_staff_mails_pending',
          columns: ['chat_id'],
          unique: true,
          where: sql`state = 'pending'`,
          otherwise: ['pending_chat'],
        },
        {
          name: 'support_staff_mails_held',
          columns: ['chat_id'],
          unique: true,
          where: sql`state in ('claimed', 'sending')`,
          otherwise: ['held_chat'],
        },
        {
          name: 'support_staff_mails_due',
          columns: ['due_at'],
          where: sql`state in ('pending', 'claimed', 'sending')`,
          otherwise: ['open_due_at'],
        },
        { name: 'support_staff_mails_chat', columns: ['chat_id'] },
      ],
    }),
  ]
}
