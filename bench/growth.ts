// What one request costs as chats grow, on SQLite: npm run bench:growth [-- 100 10000 200000]
import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import type { Store } from '../src/server/ports/store.ts'
import { sqliteStore } from '../src/stores/sqlite.ts'

const sizes = process.argv.slice(2).map(Number)
const MESSAGES = 10
/** Fewer than the smallest number of chats, so that every round finds something to do */
const ROUNDS = 90
const chatId = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
const at = (n: number): string => new Date(1_700_000_000_000 + n * 1000).toISOString()

/** Straight into the tables: through the front door, two million messages would take longer than the measurement */
function seed(file: string, chats: number): void {
  const db = new DatabaseSync(file)
  db.exec('PRAGMA synchronous = OFF; BEGIN')
  const person = db.prepare(
    'INSERT INTO support_users (id, email, name, last_seen_at, created_at, updated_at) VALUES (?, ?, NULL, ?3, ?3, ?3)',
  )
  const chat =
    db.prepare(`INSERT INTO support_chats (id, user_id, last_message_at, archived_at, last_seq, last_user_seq, admin_viewed_seq,
    last_message_preview, last_message_sender, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ${MESSAGES}, ${MESSAGES}, ?5, 'x', 'user', ?3, ?3)`)
  const message =
    db.prepare(`INSERT INTO support_messages (id, chat_id, seq, content, sender_type, sender_id, created_at, updated_at)
    VALUES (?, ?, ?, 'The quick brown fox asks about the invoice', ?, ?, ?6, ?6)`)
  for (let n = 1; n <= chats; n++) {
    person.run(`u${n}`, `user${n}@example.com`, at(n))
    chat.run(chatId(n), `u${n}`, at(n), n % 10 === 0 ? at(n) : null, n % 7 === 0 ? 0 : MESSAGES)
  }
  for (let seq = 1; seq <= MESSAGES; seq++) {
    for (let n = 1; n <= chats; n++)
      message.run(uuidv7(), chatId(n), seq, seq % 3 === 0 ? 'admin' : 'user', `u${n}`, at(n))
  }
  db.exec('COMMIT')
  db.close()
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? NaN

async function cost(work: (n: number) => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let n = 0; n < ROUNDS; n++) {
    const start = performance.now()
    await work(n)
    times.push(performance.now() - start)
  }
  return median(times)
}

async function measure(store: Store, chats: number): Promise<Record<string, number>> {
  const some = (n: number): string => chatId(1 + ((n * 7919) % chats))
  const newest = { before: Number.MAX_SAFE_INTEGER, limit: 50 }
  return {
    'list page': await cost(() => store.listChats({ archived: false, limit: 51 })),
    'deep list page': await cost(() =>
      store.listChats({ archived: false, limit: 51, cursor: { key: at(chats / 2), id: chatId(chats / 2) } }),
    ),
    'archived page': await cost(() => store.listChats({ archived: true, limit: 51 })),
    search: await cost(() => store.listChats({ archived: false, limit: 51, email: 'user7' })),
    'unread total': await cost(() => store.countUnreadChats(1_000)),
    detail: await cost((n) => store.findChat(some(n)).then((chat) => store.messages(chat?.id ?? '', newest))),
    append: await cost((n) =>
      store.appendMessages([
        {
          id: uuidv7(),
          chat_id: some(n),
          content: 'hello',
          sender_type: 'admin',
          sender_id: 'a',
          sender_name: null,
          client_id: null,
          created_at: at(chats + n),
          notify_at: at(chats + n + 300),
        },
      ]),
    ),
    'mark read': await cost((n) => store.markRead(some(n), 'user', undefined, at(chats + n))),
    'due mails': await cost(() => store.claimNotifications({ at: at(0), delay: 1000, lease: 1000, limit: 20 })),
  }
}

const results: Record<string, Record<string, string>> = {}
for (const chats of sizes.length > 0 ? sizes : [100, 10_000, 200_000]) {
  const dir = mkdtempSync(join(tmpdir(), 'deskbell-growth-'))
  const file = join(dir, 'deskbell.db')
  await (await sqliteStore(file)).close()
  seed(file, chats)
  const store = await sqliteStore(file)
  for (const [name, ms] of Object.entries(await measure(store, chats))) {
    ;(results[name] ??= {})[`${chats} chats, ms`] = ms.toFixed(3)
  }
  await store.close()
  rmSync(dir, { recursive: true, force: true })
}
console.table(results)
