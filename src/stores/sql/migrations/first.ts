// The tables of the specification, and what Deskbell adds: seq and the list's counters, people, notifications, the mailbox.
import { sql, type CompiledQuery } from 'kysely'
import type { SchemaEngine } from '../schema-engine.ts'
import { newEpoch } from './epoch.ts'
import { createTable, type Columns } from './table.ts'

export function first(engine: SchemaEngine): CompiledQuery[] {
  const { uuid, time, integer, person, email, word, subject, text, json } = engine.types
  const count = (table: Columns, ...names: string[]): Columns =>
    names.reduce((t, name) => t.addColumn(name, integer as never, (c) => c.notNull().defaultTo(sql.lit(0))), table)
  const need = (table: Columns, columns: Record<string, unknown>): Columns =>
    Object.entries(columns).reduce((t, [name, type]) => t.addColumn(name, type as never, (c) => c.notNull()), table)
  const may = (table: Columns, columns: Record<string, unknown>): Columns =>
    Object.entries(columns).reduce((t, [name, type]) => t.addColumn(name, type as never), table)
  const key = (table: Columns, name: string, type: unknown): Columns =>
    table.addColumn(name, type as never, (c) => c.primaryKey().notNull())
  const times = { created_at: time, updated_at: time }
  const flag = sql`smallint`

  const epoch = engine.compiler
    .insertInto('support_meta')
    .values({ name: sql.lit('epoch'), value: sql.lit(newEpoch()) })

  return [
    ...createTable(engine, {
      name: 'support_users',
      columns: (t) =>
        need(
          may(need(key(t, 'id', person), { email, last_seen_at: time }), {
            name: text,
            page_url: text,
            unsubscribed_at: time,
          }),
          times,
        ),
      inOrderOf: 'primary key',
      generated: { email_lower: { type: email, as: sql`lower(email)` } },
      indexes: [{ name: 'support_users_email', columns: [sql`lower(email)`, 'id'], otherwise: ['email_lower', 'id'] }],
    }),
    ...createTable(engine, {
      name: 'support_chats',
      columns: (t) =>
        need(
          may(count(need(key(t, 'id', uuid), { user_id: person }), ...COUNTERS), {
            last_message_at: time,
            admin_viewed_at: time,
            archived_at: time,
            user_read_at: time,
            last_message_preview: text,
            last_message_sender: word,
          }),
          times,
        ).addForeignKeyConstraint('support_chats_of_user', ['user_id'], 'support_users', ['id']),
      inOrderOf: 'primary key',
      generated: {
        is_archived: { type: flag, as: sql`archived_at is not null` },
        is_unread: { type: flag, as: sql`archived_at is null and last_user_seq > admin_viewed_seq` },
      },
      indexes: [
        { name: 'support_chats_user', columns: ['user_id'], unique: true },
        // Each list has its own, sorted by recency, so that a chat has one entry; chats without a message have none
        {
          name: 'support_chats_active',
          columns: ['last_message_at', 'id'],
          where: sql`archived_at is null and last_message_at is not null`,
          otherwise: ['is_archived', 'last_message_at', 'id'],
        },
        {
          name: 'support_chats_archived',
          columns: ['last_message_at', 'id'],
          where: sql`archived_at is not null and last_message_at is not null`,
          otherwise: [],
        },
        {
          name: 'support_chats_unread',
          columns: ['id'],
          where: sql`archived_at is null and last_user_seq > admin_viewed_seq`,
          otherwise: ['is_unread', 'id'],
        },
      ],
    }),
    ...createTable(engine, {
      name: 'support_messages',
      columns: (t) =>
        need(
          may(
            need(t, {
              id: uuid,
              chat_id: uuid,
              seq: integer,
              content: text,
              sender_type: word,
              sender_id: person,
            }),
            { sender_name: text, client_id: word, read_at: time },
          ),
          times,
        )
          .addForeignKeyConstraint('support_messages_of_chat', ['chat_id'], 'support_chats', ['id'])
          .addCheckConstraint('support_messages_sender', sql`sender_type in ('user', 'admin')`),
      inOrderOf: { name: 'support_messages_chat_seq', columns: ['chat_id', 'seq'] },
      indexes: [
        {
          name: 'support_messages_unread',
          columns: ['chat_id', 'seq'],
          where: sql`sender_type = 'admin' and read_at is null`,
          otherwise: ['chat_id', 'sender_type', 'read_at', 'seq'],
        },
        {
          name: 'support_messages_client',
          columns: ['chat_id', 'sender_id', 'sender_type', 'client_id'],
          unique: true,
          where: sql`client_id is not null`,
        },
      ],
    }),
    ...createTable(engine, {
      name: 'support_notifications',
      // due_at: the mail is due, or the lease of its holder runs out.
      // It is about the replies after_seq < seq <= up_to_seq, as of the last decision
      columns: (t) =>
        need(
          may(
            count(
              need(key(t, 'id', uuid), { chat_id: uuid, state: word, due_at: time }),
              'after_seq',
              'up_to_seq',
              'claim',
              'refusals',
            ),
            { address: text, reason: text },
          ),
          times,
        )
          .addForeignKeyConstraint('support_notifications_of_chat', ['chat_id'], 'support_chats', ['id'])
          .addCheckConstraint(
            'support_notifications_state',
            sql`state in ('pending', 'claimed', 'sending', 'sent', 'uncertain', 'failed', 'skipped')`,
          ),
      generated: {
        pending_chat: { type: uuid, as: sql`case when state = 'pending' then chat_id end` },
        held_chat: { type: uuid, as: sql`case when state in ('claimed', 'sending') then chat_id end` },
        open_due_at: { type: time, as: sql`case when state in ('pending', 'claimed', 'sending') then due_at end` },
      },
      indexes: [
        {
          name: 'support_notifications_pending',
          columns: ['chat_id'],
          unique: true,
          where: sql`state = 'pending'`,
          otherwise: ['pending_chat'],
        },
        // A chat has one mail on its way at a time
        {
          name: 'support_notifications_held',
          columns: ['chat_id'],
          unique: true,
          where: sql`state in ('claimed', 'sending')`,
          otherwise: ['held_chat'],
        },
        {
          name: 'support_notifications_due',
          columns: ['due_at'],
          where: sql`state in ('pending', 'claimed', 'sending')`,
          otherwise: ['open_due_at'],
        },
        { name: 'support_notifications_chat', columns: ['chat_id'] },
      ],
    }),
    ...createTable(engine, {
      name: 'support_mails',
      columns: (t) => need(key(t, 'id', uuid), { mail: json, created_at: time }),
    }),
    ...createTable(engine, {
      name: 'support_revocations',
      columns: (t) => need(key(t, 'subject', subject), { revoked_at: time }),
      indexes: [{ name: 'support_revocations_time', columns: ['revoked_at'] }],
    }),
    ...createTable(engine, {
      name: 'support_meta',
      columns: (t) => need(key(t, 'name', word), { value: text }),
    }),
    (engine.leftovers ? epoch.ignore() : epoch).compile(),
  ]
}

const COUNTERS = ['last_seq', 'last_user_seq', 'user_read_seq', 'admin_viewed_seq', 'notified_seq']
