// What one request costs as chats grow: npm run bench:growth [-- sqlite|postgres|mysql [100 10000 200000]]
// All sizes are there at once and take turns, so that a noisy moment is none of one size's alone.
import { v7 as uuidv7 } from 'uuid'
import type { Store } from '../src/server/ports/store.ts'
import { seededChat, seededTime, type EngineName } from '../src/testing/bulk-seed.ts'
import { startGrowth } from './growth-databases.ts'

const isEngine = (text: string): text is EngineName => ['sqlite', 'postgres', 'mysql'].includes(text)
const [first = 'sqlite', ...others] = process.argv.slice(2)
const engine = isEngine(first) ? first : 'sqlite'
const given = (isEngine(first) ? others : [first, ...others]).map(Number)
const sizes = given.length > 0 ? given : [100, 10_000, 200_000]
/** Statements are planned and connections opened before anything counts */
const WARM_UP = 20
const ROUNDS = 400

interface Installation {
  store: Store
  chats: number
}

/** The nth request of a kind, on one installation */
type Work = (on: Installation, n: number) => Promise<unknown>

interface Kind {
  /** Done before each request, and not timed */
  prepare?: Work
  work: Work
}

const some = ({ chats }: Installation, n: number): string => seededChat(1 + ((n * 7919) % chats))
const newest = { before: Number.MAX_SAFE_INTEGER, limit: 50 }
/** A second after the one before, and after all that is seeded */
const later = ({ chats }: Installation, n: number): string => seededTime(chats + n)
const FAR = 1_000_000

const reply = (on: Installation, n: number, notify_at: string) =>
  on.store.appendMessages([
    {
      id: uuidv7(),
      chat_id: some(on, n),
      content: 'hello',
      sender_type: 'admin',
      sender_id: 'a',
      sender_name: null,
      client_id: uuidv7(),
      created_at: later(on, n),
      notify_at,
    },
  ])
const readAll: Work = (on, n) => on.store.markRead(some(on, n), 'user', undefined, later(on, n))

const KINDS: Record<string, Kind> = {
  'list page': { work: ({ store }) => store.listChats({ archived: false, limit: 51 }) },
  'deep list page': {
    work: ({ store, chats }) => {
      const cursor = { key: seededTime(chats / 2), id: seededChat(chats / 2) }
      return store.listChats({ archived: false, limit: 51, cursor })
    },
  },
  // As many as there are at 100 chats
  'archived page': { work: ({ store }) => store.listChats({ archived: true, limit: 10 }) },
  'search by e-mail': { work: ({ store }) => store.listChats({ archived: false, limit: 10, email: 'user7' }) },
  'search that all match': { work: ({ store }) => store.listChats({ archived: false, limit: 51, email: 'user' }) },
  'unread total': { work: ({ store }) => store.countUnreadChats(10) },
  detail: {
    async work(on, n) {
      const chat = await on.store.findChat(some(on, n))
      return on.store.messages(chat?.id ?? '', newest)
    },
  },
  // A mail on its whole way, from due to sent
  mail: {
    prepare: async (on, n) => {
      await readAll(on, n)
      await reply(on, n, later(on, n))
    },
    async work(on, n) {
      const at = later(on, n)
      for (const claim of await on.store.claimNotifications({ at, delay: 0, lease: FAR, limit: 20 })) {
        if (await on.store.handOverNotification(claim, at, FAR)) {
          await on.store.settleNotification(claim, { state: 'sent' }, at)
        }
      }
    },
  },
  append: { work: (on, n) => reply(on, n, later(on, FAR)) },
  // One message
  'mark read': {
    prepare: async (on, n) => {
      await readAll(on, n)
      await reply(on, n, later(on, FAR))
    },
    work: readAll,
  },
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? NaN

async function measure({ prepare, work }: Kind, installations: Installation[]): Promise<number[]> {
  const times = installations.map((): number[] => [])
  for (let n = 0; n < WARM_UP + ROUNDS; n++) {
    for (const [i, installation] of installations.entries()) {
      await prepare?.(installation, n)
      const start = performance.now()
      await work(installation, n)
      if (n >= WARM_UP) times[i]?.push(performance.now() - start)
    }
  }
  return times.map(median)
}

const databases = await startGrowth(engine)
try {
  const installations: Installation[] = []
  for (const chats of sizes) installations.push({ store: await databases.seeded(chats), chats })
  const rows: Record<string, Record<string, string>> = {}
  for (const [name, kind] of Object.entries(KINDS)) {
    const costs = await measure(kind, installations)
    const [smallest = NaN] = costs
    const row = Object.fromEntries(sizes.map((chats, i) => [`${chats} chats, ms`, (costs[i] ?? NaN).toFixed(3)]))
    rows[name] = { ...row, 'last : first': ((costs.at(-1) ?? NaN) / smallest).toFixed(2) }
  }
  for (const { store } of installations) await store.close()
  console.log(engine)
  console.table(rows)
} finally {
  await databases.stop()
}
