// What one request costs as chats grow: npm run bench:growth [-- sqlite|postgres|mysql|mongodb [100 10000 200000]]
// All sizes are there at once and take turns, so that a noisy moment is none of one size's alone. Requests go through the whole server
// but the network; each is of another chat, as far as there are others.
import { v7 as uuidv7 } from 'uuid'
import { createDeskbellCore } from '../../src/server/create-deskbell.ts'
import type { DeskbellCore } from '../../src/server/deskbell-core.ts'
import { encodeCursor } from '../../src/server/chats/list-cursor.ts'
import type { Identity } from '../../src/server/people/identity.ts'
import type { Store } from '../../src/server/ports/store/store.ts'
import { seededChat, seededTime } from '../../src/testing/bulk-seed.ts'
import { startGrowth, type GrowthEngine } from './databases.ts'

const isEngine = (text: string): text is GrowthEngine => ['sqlite', 'postgres', 'mysql', 'mongodb'].includes(text)
const [first = 'sqlite', ...others] = process.argv.slice(2)
const engine = isEngine(first) ? first : 'sqlite'
const given = (isEngine(first) ? others : [first, ...others]).map(Number)
const sizes = given.length > 0 ? given : engine === 'mongodb' ? [100, 20_000] : [100, 10_000, 200_000]
/** Statements are planned and connections opened before anything counts. A request on FerretDB takes up to a second */
const [WARM_UP, ROUNDS] = engine === 'mongodb' ? [5, 30] : [20, 400]

interface Installation {
  store: Store
  deskbell: DeskbellCore
  chats: number
}

/** The nth request of a kind, on one installation */
type Work = (on: Installation, n: number) => Promise<unknown>

interface Kind {
  /** Done before each request, and not timed */
  prepare?: Work
  work: Work
}

const person = (id: string, role: Identity['role'], email: string): Identity => ({
  id,
  role,
  email,
  name: null,
  expiresAt: null,
})

async function install(store: Store, chats: number): Promise<Installation> {
  const deskbell = createDeskbellCore({
    store,
    mailer: { send: () => Promise.reject(new Error('No mail is due')) },
    secret: 'of nobody but this benchmark, 32+',
    publicUrl: 'http://localhost',
    rateLimit: null,
    authenticate: async ({ headers }) => {
      const n = headers.get('x-user')
      return n === null ? person('sam', 'admin', 'sam@desk.example') : person(`u${n}`, 'user', `user${n}@example.com`)
    },
  })
  return { store, deskbell, chats }
}

async function ask(
  { deskbell }: Installation,
  method: string,
  path: string,
  body?: unknown,
  user?: number,
): Promise<void> {
  const headers = {
    ...(user === undefined ? {} : { 'x-user': `${user}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  }
  const request = new Request(`http://localhost${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const response = await deskbell.fetch(request)
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
}

const some = ({ chats }: Installation, n: number): number => 1 + ((n * 7919) % chats)
/** A second after the one before, and after all that is seeded */
const later = ({ chats }: Installation, n: number): string => seededTime(chats + n)
const LEASE = 1_000_000

const reply: Work = (on, n) =>
  ask(on, 'POST', `/admin/chats/${seededChat(some(on, n))}/messages`, { content: 'hello', client_id: uuidv7() })
const read: Work = (on, n) => ask(on, 'PATCH', '/support_chat/mark_read', {}, some(on, n))

/** A page has as many rows as there are at 100 chats, so that all sizes answer the same */
const KINDS: Record<string, Kind> = {
  'list page': { work: (on) => ask(on, 'GET', '/admin/chats') },
  'deep list page': {
    work: (on) => {
      const cursor = encodeCursor({ key: seededTime(on.chats / 2), id: seededChat(on.chats / 2) })
      return ask(on, 'GET', `/admin/chats?limit=40&cursor=${cursor}`)
    },
  },
  'archived page': { work: (on) => ask(on, 'GET', '/admin/chats?archived=true&limit=9') },
  'my chats': { work: (on) => ask(on, 'GET', '/admin/chats?assignee=me&limit=20') },
  'my archived chats': { work: (on) => ask(on, 'GET', '/admin/chats?assignee=me&archived=true&limit=5') },
  'waiting chats': { work: (on) => ask(on, 'GET', '/admin/chats?waiting=true') },
  'waiting chats, deep page': {
    work: (on) => {
      const cursor = encodeCursor({ key: seededTime(on.chats / 2), id: seededChat(on.chats / 2) })
      return ask(on, 'GET', `/admin/chats?waiting=true&limit=20&cursor=${cursor}`)
    },
  },
  'unassigned chats': { work: (on) => ask(on, 'GET', '/admin/chats?assignee=none') },
  'chats with a tag': { work: (on) => ask(on, 'GET', '/admin/chats?tag=vip&limit=10') },
  'archived with a tag': { work: (on) => ask(on, 'GET', '/admin/chats?tag=vip&archived=true&limit=9') },
  'unread count, to 1,000': { work: (on) => ask(on, 'GET', '/admin/unread_count') },
  'numbers, with it': { work: (on) => ask(on, 'GET', '/admin/numbers') },
  'search by e-mail': { work: (on) => ask(on, 'GET', '/admin/chats?q=user7&limit=9') },
  'search that all match': { work: (on) => ask(on, 'GET', '/admin/chats?q=user') },
  detail: { work: (on, n) => ask(on, 'GET', `/admin/chats/${seededChat(some(on, n))}`) },
  'user opens': { work: (on, n) => ask(on, 'GET', '/support_chat', undefined, some(on, n)) },
  // What the notifier does about one mail, from due to sent. Before what follows, so that nothing else waits
  'due mail': {
    async prepare(on, n) {
      const { store } = on
      const chat_id = seededChat(some(on, n))
      const at = later(on, n)
      await store.markRead(chat_id, 'user', undefined, at)
      const sender = { sender_type: 'admin', sender_id: 'sam', sender_name: null, client_id: null } as const
      await store.appendMessages([{ id: uuidv7(), chat_id, content: 'hi', ...sender, created_at: at, notify_at: at }])
    },
    async work(on, n) {
      const { store } = on
      const at = later(on, n)
      for (const claim of (await store.claimNotifications({ kind: 'reply', at, delay: 0, lease: LEASE, limit: 20 }))
        .due) {
        if (await store.handOverNotification(claim, at, LEASE)) {
          await store.settleNotification(claim, { state: 'sent' }, at)
        }
      }
    },
  },
  append: { work: reply },
  // With the look at the last reply that is counted by it
  archive: {
    async prepare(on, n) {
      await on.store.setArchived(seededChat(some(on, n)), false, new Date().toISOString())
      await reply(on, n)
    },
    work: (on, n) => ask(on, 'POST', `/admin/chats/${seededChat(some(on, n))}/archive`),
  },
  // One message
  'mark read': {
    async prepare(on, n) {
      await read(on, n)
      await reply(on, n)
    },
    work: read,
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
  for (const chats of sizes) installations.push(await install(await databases.seeded(chats), chats))
  const rows: Record<string, Record<string, string>> = {}
  for (const [name, kind] of Object.entries(KINDS)) {
    const costs = await measure(kind, installations)
    const [smallest = NaN] = costs
    const row = Object.fromEntries(sizes.map((chats, i) => [`${chats} chats, ms`, (costs[i] ?? NaN).toFixed(3)]))
    rows[name] = { ...row, 'last : first': ((costs.at(-1) ?? NaN) / smallest).toFixed(2) }
  }
  for (const { deskbell, store } of installations) {
    await deskbell.close()
    await store.close()
  }
  console.log(engine)
  console.table(rows)
} finally {
  await databases.stop()
}
