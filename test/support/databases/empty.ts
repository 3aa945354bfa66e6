// Empties the tables of a store between two tests. Not by TRUNCATE, which makes new files for them: with a dozen small tables that takes
// ten times as long.

/** Those that point to others come first */
const TABLES = [
  'attachments',
  'mails',
  'revocations',
  'replies',
  'numbers',
  'webhooks',
  'activities',
  'tags',
  'notifications',
  'staff_mails',
  'mail_blocks',
  'typed_addresses',
  'messages',
  'chats',
  'users',
  'colleagues',
  'push_subscriptions',
  'staff_sessions',
  'staff_links',
  'staff_audit',
  'staff_allowances',
  'staff',
]

/** Statements of one transaction, for a store without a prefix */
export const EMPTY_ALL = ['BEGIN', ...TABLES.map((table) => `DELETE FROM support_${table}`), 'COMMIT'].join(';')
