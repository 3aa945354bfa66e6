// The seed's tables and what was added: seq and the list's counters, people, notifications, the mailbox.
import type { DatabaseSync } from 'node:sqlite'

/** Each entry brings the schema from version n to n + 1; entries are never edited once released. */
const MIGRATIONS = [
  `
  CREATE TABLE support_users (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT,
    page_url TEXT,
    last_seen_at TEXT NOT NULL,
    unsubscribed_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX support_users_email ON support_users (lower(email), id);

  CREATE TABLE support_chats (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL UNIQUE REFERENCES support_users (id),
    last_message_at TEXT,
    admin_viewed_at TEXT,
    archived_at TEXT,
    last_seq INTEGER NOT NULL DEFAULT 0,
    last_user_seq INTEGER NOT NULL DEFAULT 0,
    user_read_seq INTEGER NOT NULL DEFAULT 0,
    user_read_at TEXT,
    admin_viewed_seq INTEGER NOT NULL DEFAULT 0,
    notified_seq INTEGER NOT NULL DEFAULT 0,
    last_message_preview TEXT,
    last_message_sender TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  -- One index entry per chat and not two: each list has its own, sorted by recency; chats without a message are in neither
  CREATE INDEX support_chats_active ON support_chats (last_message_at, id) WHERE archived_at IS NULL AND last_message_at IS NOT NULL;
  CREATE INDEX support_chats_archived ON support_chats (last_message_at, id) WHERE archived_at IS NOT NULL AND last_message_at IS NOT NULL;
  CREATE INDEX support_chats_unread ON support_chats (id) WHERE archived_at IS NULL AND last_user_seq > admin_viewed_seq;

  CREATE TABLE support_messages (
    id TEXT PRIMARY KEY,
    chat_id TEXT NOT NULL REFERENCES support_chats (id),
    seq INTEGER NOT NULL,
    content TEXT NOT NULL,
    sender_type TEXT NOT NULL CHECK (sender_type IN ('user', 'admin')),
    sender_id TEXT NOT NULL,
    sender_name TEXT,
    client_id TEXT,
    read_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX support_messages_chat_seq ON support_messages (chat_id, seq);
  CREATE INDEX support_messages_unread ON support_messages (chat_id, seq) WHERE sender_type = 'admin' AND read_at IS NULL;
  CREATE UNIQUE INDEX support_messages_client ON support_messages (chat_id, sender_id, client_id) WHERE client_id IS NOT NULL;

  CREATE TABLE support_notifications (
    id TEXT PRIMARY KEY,
    chat_id TEXT NOT NULL REFERENCES support_chats (id),
    state TEXT NOT NULL CHECK (state IN ('pending', 'claimed', 'sending', 'sent', 'uncertain', 'failed', 'skipped')),
    -- When somebody is to look at it: the mail is due, or the lease of who holds it runs out
    due_at TEXT NOT NULL,
    -- The replies it is about: after_seq < seq <= up_to_seq; as it was last decided
    after_seq INTEGER NOT NULL DEFAULT 0,
    up_to_seq INTEGER NOT NULL DEFAULT 0,
    address TEXT,
    claim INTEGER NOT NULL DEFAULT 0,
    refusals INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX support_notifications_pending ON support_notifications (chat_id) WHERE state = 'pending';
  -- A chat has one mail on its way at a time
  CREATE UNIQUE INDEX support_notifications_held ON support_notifications (chat_id) WHERE state IN ('claimed', 'sending');
  CREATE INDEX support_notifications_due ON support_notifications (due_at) WHERE state IN ('pending', 'claimed', 'sending');
  CREATE INDEX support_notifications_chat ON support_notifications (chat_id);

  CREATE TABLE support_mails (
    id TEXT PRIMARY KEY,
    mail TEXT NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE support_revocations (subject TEXT PRIMARY KEY, revoked_at TEXT NOT NULL) STRICT;
  CREATE INDEX support_revocations_time ON support_revocations (revoked_at);

  CREATE TABLE support_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  INSERT INTO support_meta VALUES ('epoch', lower(hex(randomblob(6))));
  `,
]

/** @throws when the database was written by a newer version */
export function migrate(db: DatabaseSync): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version'])
    if (version > MIGRATIONS.length) throw new Error('The database was written by a newer version of Deskbell')
    for (const step of MIGRATIONS.slice(version)) db.exec(step)
    if (version < MIGRATIONS.length) db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`)
    db.exec('COMMIT')
  } catch (error) {
    db.exec('ROLLBACK')
    throw error
  }
}
