// The references' MariaDB or MySQL database, as the specification describes it.
import { createConnection } from 'mysql2/promise'
import { chatIdOf, staffIdOf, userEmailOf } from './chat-ids.ts'

const SCHEMA = [
  "CREATE TABLE users (id bigint PRIMARY KEY, email varchar(255) NOT NULL UNIQUE, role varchar(10) NOT NULL DEFAULT 'user')",
  `CREATE TABLE support_chats (id char(36) CHARACTER SET ascii PRIMARY KEY, user_id bigint NOT NULL, archived boolean NOT NULL DEFAULT false,
    last_message_at datetime(3), created_at datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    UNIQUE INDEX index_support_chats_on_user_id (user_id), INDEX index_support_chats_on_last_message_at (last_message_at),
    FOREIGN KEY (user_id) REFERENCES users (id))`,
  `CREATE TABLE support_messages (id char(36) CHARACTER SET ascii PRIMARY KEY, chat_id char(36) CHARACTER SET ascii NOT NULL,
    content text NOT NULL, sender_type varchar(10) NOT NULL CHECK (sender_type IN ('user', 'admin')), read_at datetime(3),
    created_at datetime(3) NOT NULL, INDEX index_support_messages_on_chat_id_and_created_at (chat_id, created_at),
    FOREIGN KEY (chat_id) REFERENCES support_chats (id))`,
]

/** People with a chat each. @param url of an empty database */
export async function seedMysql(url: string, users: number, staff: number): Promise<void> {
  const connection = await createConnection(url)
  try {
    for (const statement of SCHEMA) await connection.query(statement)
    const people = Array.from({ length: users }, (_, i) => i + 1)
    const team = Array.from({ length: staff }, (_, i) => i + 1)
    await connection.query('INSERT INTO users VALUES ?', [
      [
        ...people.map((n) => [n, userEmailOf(n), 'user']),
        ...team.map((n) => [staffIdOf(n), `admin${n}@example.com`, 'admin']),
      ],
    ])
    await connection.query('INSERT INTO support_chats (id, user_id) VALUES ?', [people.map((n) => [chatIdOf(n), n])])
  } finally {
    await connection.end()
  }
}
