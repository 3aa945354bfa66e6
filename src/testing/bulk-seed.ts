// Fills a database with many chats by SQL: sending two million messages through the server would take too long.

export type EngineName = 'sqlite' | 'postgres' | 'mysql'

export const SEEDED_MESSAGES = 10
export const SEEDED_ENDPOINT = '00000000-0000-5000-8000-000000000001'

export const seededChat = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
export const seededTime = (n: number): string => new Date(1_700_000_000_000 + n * 1000).toISOString()

interface Words {
  /** 12 digits, hexadecimal */
  hex: (n: string) => string
  uuid: (text: string) => string
  time: (n: string) => string
  text: (n: string) => string
  /** Updates the planner's statistics */
  analyze: (tables: string[]) => string[]
}

const WORDS: Record<EngineName, Words> = {
  sqlite: {
    hex: (n) => `printf('%012x', ${n})`,
    uuid: (text) => text,
    time: (n) => `strftime('%Y-%m-%dT%H:%M:%fZ', 1700000000 + ${n}, 'unixepoch')`,
    text: (n) => n,
    analyze: () => [],
  },
  postgres: {
    hex: (n) => `lpad(to_hex(${n}), 12, '0')`,
    uuid: (text) => `(${text})::uuid`,
    time: (n) => `to_timestamp(1700000000 + ${n})`,
    text: (n) => `(${n})::text`,
    analyze: (tables) => [`VACUUM ANALYZE ${tables.join(', ')}`],
  },
  mysql: {
    hex: (n) => `lpad(lower(hex(${n})), 12, '0')`,
    uuid: (text) => text,
    time: (n) => `date_add('2023-11-14 22:13:20.000', interval ${n} second)`,
    text: (n) => n,
    analyze: (tables) => [`ANALYZE TABLE ${tables.join(', ')}`],
  },
}

/**
 * Statements that fill empty tables: `chats` people with a chat of ten messages each. Every tenth chat is archived, every seventh
 * has something unread for staff, every second has two notes and a user who waits, every fourth is one of sam's, every fifth has a tag, every third got an e-mail, every twentieth is to get one in a far future. One webhook about each chat
 * was delivered, one about every fiftieth failed, and one about every twentieth waits for a far future.
 */
export function bulkSeed(engine: EngineName, chats: number, prefix = ''): string[] {
  const { hex, uuid, time, text, analyze } = WORDS[engine]
  const table = (name: string) => `${prefix}support_${name}`
  const concat = (...parts: string[]) => (engine === 'mysql' ? `concat(${parts.join()})` : parts.join(' || '))
  const chat = uuid(concat(`'00000000-0000-4000-8000-'`, hex('n')))
  const person = concat(`'u'`, text('n'))
  // Numbers from 1, in SQL that all engines have
  const digits = [1, 10, 100, 1_000, 10_000, 100_000]
    .filter((power) => power < chats)
    .map((power, i) => ({ name: `d${i}`, power }))
  const numbers = (columns: string, from = '') => `
    select ${columns} from (
      select 1 + ${digits.map(({ name, power }) => `${name}.d * ${power}`).join(' + ')} as n
      from ${digits.map(({ name }) => `(${TEN}) ${name}`).join(' cross join ')}
    ) as numbers ${from} where n <= ${chats}`
  const messages = Array.from({ length: SEEDED_MESSAGES }, (_, i) => i + 1).map((seq) => {
    const sender = seq === SEEDED_MESSAGES ? LAST_SENDER : seq % 3 === 0 ? `'admin'` : `'user'`
    const id = uuid(concat(`'0000${seq.toString(16).padStart(4, '0')}-0000-7000-8000-'`, hex('n')))
    return `insert into ${table('messages')} (id, chat_id, seq, content, sender_type, sender_id, created_at, updated_at) ${numbers(
      `${id}, ${chat}, ${seq}, 'The quick brown fox asks about the invoice', ${sender}, ${person}, ${time('n')}, ${time('n')}`,
    )}`
  })
  const notifications = (
    of: 'notifications' | 'staff_mails',
    from: string,
    state: string,
    which: string,
    due: string,
  ) =>
    `insert into ${table(of)} (id, chat_id, state, due_at, created_at, updated_at) ${numbers(
      `${uuid(concat(`'0000${from}-0000-7000-8000-'`, hex('n')))}, ${chat}, '${state}', ${due}, ${time('n')}, ${time('n')}`,
    )} and ${which}`
  const webhooks = (position: number, state: string, every: number, due: string) =>
    `insert into ${table('webhooks')} (id, endpoint, chat_id, position, event, seq, state, due_at, created_at, updated_at) ${numbers(
      `${uuid(concat(`'0000000${position}-0000-7000-8000-'`, hex('n')))}, ${uuid(`'${SEEDED_ENDPOINT}'`)}, ${chat}, ${position},
      'message.created', ${position}, '${state}', ${due}, ${time('n')}, ${time('n')}`,
    )} and n % ${every} = 0`
  const notes = (seq: number) =>
    `insert into ${table('activities')} (id, chat_id, seq, kind, actor_id, actor_name, body, client_id, created_at) ${numbers(
      `${uuid(concat(`'0000001${seq}-0000-7000-8000-'`, hex('n')))}, ${chat}, ${seq}, 'note', 'sam', 'Sam', '{"content":"x"}',
      'n${seq}', ${time('n')}`,
    )} and n % 2 = 1`
  const tagged = 'n % 5 = 0'
  return [
    `insert into ${table('users')} (id, email, last_seen_at, created_at, updated_at) ${numbers(
      `${person}, ${concat(`'user'`, text('n'), `'@example.com'`)}, ${time('n')}, ${time('n')}, ${time('n')}`,
    )}`,
    `insert into ${table('chats')} (id, user_id, last_message_at, archived_at, last_seq, last_user_seq, admin_viewed_seq, notified_seq,
      assignee_id, assignee_name, tags, last_activity_seq, last_activity_at, last_message_preview, last_message_sender, waiting_since, created_at, updated_at) ${numbers(
        `${chat}, ${person}, ${time('n')}, case when n % 10 = 0 then ${time('n')} end, ${SEEDED_MESSAGES}, case when n % 2 = 1 then ${SEEDED_MESSAGES} else ${SEEDED_MESSAGES - 2} end,
        case when n % 7 = 0 then 0 else ${SEEDED_MESSAGES} end, 0,
        case when n % 4 = 0 then 'sam' end, case when n % 4 = 0 then 'Sam' end, case when ${tagged} then '["vip"]' end, case when n % 2 = 1 then 2 else 0 end, case when n % 2 = 1 then ${time('n')} end, 'x', ${LAST_SENDER}, case when n % 2 = 1 then ${time('n')} end, ${time('n')}, ${time('n')}`,
      )}`,
    `insert into ${table('tags')} (chat_id, tag, is_archived, last_message_at) ${numbers(
      `${chat}, 'vip', case when n % 10 = 0 then 1 else 0 end, ${time('n')}`,
    )} and ${tagged}`,
    ...messages,
    notes(1),
    notes(2),
    notifications('notifications', '0001', 'sent', 'n % 3 = 1', time('n')),
    notifications('notifications', '0002', 'pending', 'n % 20 = 1', time('3000000000 + n')),
    notifications('staff_mails', '0003', 'sent', 'n % 3 = 1', time('n')),
    // In the chats that nobody has viewed
    notifications('staff_mails', '0004', 'pending', 'n % 7 = 0', time('3000000000 + n')),
    webhooks(1, 'delivered', 1, 'null'),
    webhooks(2, 'failed', 50, 'null'),
    webhooks(3, 'pending', 20, time('3000000000 + n')),
    ...analyze(
      ['users', 'chats', 'messages', 'notifications', 'staff_mails', 'webhooks', 'activities', 'tags'].map(table),
    ),
  ]
}

/** Where nobody waits, staff wrote last */
const LAST_SENDER = `case when n % 2 = 1 then 'user' else 'admin' end`
const TEN = Array.from({ length: 10 }, (_, d) => `select ${d} as d`).join(' union all ')
