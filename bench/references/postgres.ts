// The references' PostgreSQL database, as the specification describes it.
import { Client } from 'pg'
import { staffIdOf } from './chat-ids.ts'

const SCHEMA = `
  CREATE TABLE users (id bigserial PRIMARY KEY, email text NOT NULL UNIQUE, role text NOT NULL DEFAULT 'user');
  CREATE TABLE support_chats (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id bigint NOT NULL REFERENCES users(id),
    archived boolean NOT NULL DEFAULT false, last_message_at timestamptz, created_at timestamptz NOT NULL DEFAULT now());
  CREATE UNIQUE INDEX index_support_chats_on_user_id ON support_chats (user_id);
  CREATE INDEX index_support_chats_on_last_message_at ON support_chats (last_message_at);
  CREATE TABLE support_messages (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), chat_id uuid NOT NULL REFERENCES support_chats(id),
    content text NOT NULL, sender_type text NOT NULL CHECK (sender_type IN ('user', 'admin')), read_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now());
  CREATE INDEX index_support_messages_on_chat_id_and_created_at ON support_messages (chat_id, created_at);`

/** People with a chat each. @param url of an empty database */
export async function seedPostgres(url: string, users: number, staff: number): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(SCHEMA)
    await client.query(
      `INSERT INTO users SELECT n, 'user' || n || '@example.com', 'user' FROM generate_series(1, ${users}) n`,
    )
    await client.query(
      `INSERT INTO users SELECT ${staffIdOf(0)} + n, 'admin' || n || '@example.com', 'admin' FROM generate_series(1, ${staff}) n`,
    )
    await client.query(
      `INSERT INTO support_chats (id, user_id)
       SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, n FROM generate_series(1, ${users}) n`,
    )
    await client.query('VACUUM ANALYZE')
    await client.query('CHECKPOINT')
  } finally {
    await client.end()
  }
}
