// What one request costs as chats grow: npm run bench:growth [-- sqlite|postgres|mysql [100 10000 200000]]
import { v7 as uuidv7 } from 'uuid'
import type { Store } from '../src/server/ports/store.ts'
import { seededChat, seededTime, type EngineName } from '../src/testing/bulk-seed.ts'
import { startGrowth } from './growth-databases.ts'

const isEngine = (text: string): text is EngineName => ['sqlite', 'postgres', 'mysql'].includes(text)
const [first = 'sqlite', ...others] = process.argv.slice(2)
const engine = isEngine(first) ? first : 'sqlite'
const sizes = (isEngine(first) ? others : [first, ...others]).map(Number)
/** Fewer than the smallest number of chats, so that every round finds something to do */
const ROUNDS = 90

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
  const some = (n: number): string => seededChat(1 + ((n * 7919) % chats))
  const newest = { before: Number.MAX_SAFE_INTEGER, limit: 50 }
  return {
    'list page': await cost(() => store.listChats({ archived: false, limit: 51 })),
    'deep list page': await cost(() =>
      store.listChats({
        archived: false,
        limit: 51,
        cursor: { key: seededTime(chats / 2), id: seededChat(chats / 2) },
      }),
    ),
    'archived page': await cost(() => store.listChats({ archived: true, limit: 51 })),
    search: await cost(() => store.listChats({ archived: false, limit: 51, email: 'user7' })),
    'search, all match': await cost(() => store.listChats({ archived: false, limit: 51, email: 'user' })),
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
          created_at: seededTime(chats + n),
          notify_at: seededTime(chats + n + 300),
        },
      ]),
    ),
    'mark read': await cost((n) => store.markRead(some(n), 'user', undefined, seededTime(chats + n))),
    'due mails': await cost(() => store.claimNotifications({ at: seededTime(0), delay: 1000, lease: 1000, limit: 20 })),
  }
}

const results: Record<string, Record<string, string>> = {}
const databases = await startGrowth(engine)
try {
  for (const chats of sizes.length > 0 ? sizes : [100, 10_000, 200_000]) {
    const { store, remove } = await databases.seeded(chats)
    for (const [name, ms] of Object.entries(await measure(store, chats))) {
      ;(results[name] ??= {})[`${chats} chats, ms`] = ms.toFixed(3)
    }
    await store.close()
    await remove()
  }
} finally {
  await databases.stop()
}
console.log(engine)
console.table(results)
