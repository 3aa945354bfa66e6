// The references' SQLite database, with the settings of Deskbell's: WAL, every commit on the disk before it returns.
import { DatabaseSync } from 'node:sqlite'
import { chatIdOf, staffIdOf, userEmailOf } from './chat-ids.ts'

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, role TEXT NOT NULL DEFAULT 'user');
  CREATE TABLE IF NOT EXISTS support_chats (id TEXT PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users(id),
    archived INTEGER NOT NULL DEFAULT 0, last_message_at TEXT, created_at TEXT NOT NULL);
  CREATE UNIQUE INDEX IF NOT EXISTS index_support_chats_on_user_id ON support_chats (user_id);
  CREATE INDEX IF NOT EXISTS index_support_chats_on_last_message_at ON support_chats (last_message_at);
  CREATE TABLE IF NOT EXISTS support_messages (id TEXT PRIMARY KEY, chat_id TEXT NOT NULL REFERENCES support_chats(id),
    content TEXT NOT NULL, sender_type TEXT NOT NULL, read_at TEXT, created_at TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS index_support_messages_on_chat_id_and_created_at ON support_messages (chat_id, created_at);`

export const INSERT_MESSAGE =
  'INSERT INTO support_messages (id, chat_id, content, sender_type, read_at, created_at) VALUES (?, ?, ?, ?, NULL, ?)'
export const TOUCH_CHAT = 'UPDATE support_chats SET last_message_at = ?, archived = 0 WHERE id = ?'

export function openSqlite(file: string): DatabaseSync {
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
  database.exec(SCHEMA)
  return database
}

/** People with a chat each */
export function seedSqlite(file: string, users: number, staff: number): void {
  const database = openSqlite(file)
  const addUser = database.prepare('INSERT INTO users VALUES (?, ?, ?)')
  const addChat = database.prepare('INSERT INTO support_chats VALUES (?, ?, 0, NULL, ?)')
  const now = new Date().toISOString()
  database.exec('BEGIN')
  for (let n = 1; n <= staff; n++) addUser.run(staffIdOf(n), `admin${n}@example.com`, 'admin')
  for (let n = 1; n <= users; n++) {
    addUser.run(n, userEmailOf(n), 'user')
    addChat.run(chatIdOf(n), n, now)
  }
  database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)')
  database.close()
}
