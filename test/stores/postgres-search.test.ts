import { Client, Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase } from '../support/databases.ts'
import { onPostgres } from '../support/databases/postgres.ts'
import { wholePage } from '../../src/testing/whole-page.ts'
import { StoreUnavailable } from '../../src/server/ports/store/store-unavailable.ts'
import type { Store } from '../../src/server/ports/store/store.ts'
import { message, newChat, newPrefix } from '../../src/testing/database-conformance/kit.ts'
import { loopTime } from '../../src/testing/loop-time.ts'
import { searchConformance, timedId } from '../../src/testing/search-conformance.ts'
import { postgresMigrations, postgresStore, type PostgresPool } from '../../src/stores/postgres.ts'

const database = await freshDatabase('postgres')
const url = database?.url ?? ''
const clients: { end(): Promise<void> }[] = []
afterAll(async () => {
  await Promise.all(clients.map((client) => client.end()))
  await database?.drop()
})

const ON = { fullTextSearch: true }
const INDEX = /create index concurrently "\w*support_messages_search"/

async function connect(): Promise<Client> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  clients.push(client)
  await client.connect()
  return client
}

interface Statement {
  text: string
  values?: unknown[]
}

/** A host's pool, of which every statement is told before it is sent; it waits for what `onStatement` returns */
function watchedPool(onStatement: (statement: Statement) => unknown, max = 10): PostgresPool {
  const pool = new Pool({ connectionString: url, max })
  pool.on('error', () => undefined)
  clients.push(pool)
  return {
    end: () => expect.fail('It is not ours'),
    async connect() {
      const client = await pool.connect()
      return {
        async query(query) {
          await onStatement(query)
          return client.query(query)
        },
        release: (destroy) => client.release(destroy),
        on: (event, listener) => client.on(event, listener),
        off: (event, listener) => client.off(event, listener),
      }
    },
  }
}

async function indexes(prefix: string): Promise<boolean[]> {
  const client = await connect()
  const { rows } = await client.query<{ indisvalid: boolean }>(
    `select indisvalid from pg_index where indexrelid in (select oid from pg_class where relname = '${prefix}support_messages_search')`,
  )
  return rows.map((row) => row.indisvalid)
}

async function filled(prefix: string): Promise<Store> {
  const store = await postgresStore(url, { prefix })
  const chat = await newChat(store, 'u')
  await store.appendMessages(Array.from({ length: 50 }, (_, n) => message(chat, { content: `Old question ${n}` })))
  return store
}

describe.skipIf(!database)('on a real PostgreSQL', () => {
  searchConformance('postgres', () => postgresStore(url, { ...ON, prefix: 'found_' }))

  describe('postgres: the index of search', () => {
    it('is made when it is asked for, of messages that are there already, and not before', async () => {
      const prefix = newPrefix()
      const before = await filled(prefix)
      expect(before.searchMessages).toBeUndefined()
      expect(await postgresMigrations(url, { prefix })).toEqual([])
      expect(await postgresMigrations(url, { prefix, ...ON })).toEqual([expect.stringMatching(INDEX)])
      expect(await indexes(prefix)).toEqual([])
      const store = await postgresStore(url, { prefix, ...ON })
      expect(await indexes(prefix)).toEqual([true])
      expect(await postgresMigrations(url, { prefix, ...ON })).toEqual([])
      const page = await wholePage(store, { text: '"question 49"', limit: 5 })
      expect(page.found).toMatchObject([{ user_id: 'u', message: { seq: 50 } }])
      await store.migrate()
      await Promise.all([before.close(), store.close()])
    })

    it('is in the plan of an empty database, which can be run by hand', async () => {
      const options = { prefix: 'Hand_', schema: 'by_hand', ...ON }
      const plan = await postgresMigrations(url, options)
      expect(plan.at(-1)).toMatch(INDEX)
      for (const statement of plan) await onPostgres(url, statement)
      expect(await postgresMigrations(url, options)).toEqual([])
      const store = await postgresStore(url, options)
      await store.appendMessages([message(await newChat(store, 'u'), { content: 'by hand' })])
      expect((await wholePage(store, { text: 'hand', limit: 5 })).found).toHaveLength(1)
      await store.close()
    })

    it('is made anew when its making was broken off', async () => {
      const prefix = newPrefix()
      const store = await filled(prefix)
      // It waits for whoever writes, so one that goes on writing lets it run out of time
      const writer = await connect()
      await writer.query(`BEGIN; UPDATE ${prefix}support_messages SET read_at = now()`)
      const builder = await connect()
      await builder.query('SET statement_timeout = 300')
      const [statement = ''] = await postgresMigrations(url, { prefix, ...ON })
      await expect(builder.query(statement)).rejects.toThrow(/timeout/)
      await writer.query('COMMIT')
      expect(await indexes(prefix)).toEqual([false])
      const plan = await postgresMigrations(url, { prefix, ...ON })
      expect(plan).toEqual([expect.stringMatching(/^drop index concurrently/), expect.stringMatching(INDEX)])
      const searchable = await postgresStore(url, { prefix, ...ON })
      expect(await indexes(prefix)).toEqual([true])
      expect((await wholePage(searchable, { text: 'question', limit: 5 })).found).toHaveLength(1)
      await Promise.all([store.close(), searchable.close()])
    })

    it('is made once when ten nodes start at once, while others write', async () => {
      const prefix = newPrefix()
      const store = await filled(prefix)
      const chat = await newChat(store, 'busy')
      let isBuilding = true
      let count = 0
      const writing = (async () => {
        while (isBuilding) {
          count++
          await store.appendMessages([message(chat, { content: `Meanwhile ${count}` })])
        }
      })()
      const nodes = await Promise.all(Array.from({ length: 10 }, () => postgresStore(url, { prefix, ...ON })))
      isBuilding = false
      await writing
      expect(await indexes(prefix)).toEqual([true])
      const [node = expect.fail()] = nodes
      expect((await wholePage(node, { text: `"Meanwhile ${count}"`, limit: 5 })).found).toHaveLength(1)
      await Promise.all([store, ...nodes].map((node) => node.close()))
    })

    it('leaves a host’s connection as it was', async () => {
      const prefix = newPrefix()
      const pool = new Pool({
        connectionString: url,
        max: 1,
        options: '-c statement_timeout=4321 -c lock_timeout=1234',
      })
      clients.push(pool)
      await postgresStore(pool, { prefix, ...ON })
      const asked =
        await pool.query(`select current_setting('statement_timeout') as a, current_setting('lock_timeout') as b,
        (select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks`)
      expect(asked.rows).toEqual([{ a: '4321ms', b: '1234ms', locks: 0 }])
    })
  })

  describe('postgres: searching what is common', () => {
    const prefix = newPrefix()
    const OLD = Date.parse('2025-01-01T00:00:00Z')
    const NEW = Date.parse('2026-03-01T00:00:00Z')
    const CHATS = 3_001
    const statements: Statement[] = []
    let isCanceling = false
    let store: Store
    const find = (text: string, limit = 20, cursor?: string) => wholePage(store, { text, limit, cursor })

    /** So many messages, one a minute */
    async function fill(content: string, count: number, from: number, firstSeq: number): Promise<void> {
      await onPostgres(
        url,
        `insert into ${prefix}support_messages (id, chat_id, seq, content, sender_type, sender_id, created_at, updated_at)
        select (left(h, 8) || '-' || substr(h, 9) || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, c.id, ${firstSeq} + n / ${CHATS},
          ${content}, 'user', 'u', to_timestamp(ms / 1000.0), to_timestamp(ms / 1000.0)
        from generate_series(0, ${count - 1}) n
        cross join lateral (select ${from}::bigint + n * 60000 as ms) t
        cross join lateral (select lpad(to_hex(ms), 12, '0') as h) i
        join (select id, row_number() over (order by id) - 1 as place from ${prefix}support_chats) c on c.place = n % ${CHATS}`,
      )
    }

    beforeAll(async () => {
      const pool = watchedPool((statement) => {
        statements.push(statement)
        if (isCanceling && statement.text.includes('candidates'))
          throw Object.assign(new Error('canceled'), { code: '57014' })
      })
      store = await postgresStore(pool, { prefix, ...ON })
      await onPostgres(
        url,
        `insert into ${prefix}support_users (id, email, last_seen_at, created_at, updated_at)
          select 'u' || n, 'u' || n || '@example.com', now(), now(), now() from generate_series(1, ${CHATS}) n;
        insert into ${prefix}support_chats (id, user_id, created_at, updated_at)
          select md5(n::text)::uuid, 'u' || n, now(), now() from generate_series(1, ${CHATS}) n`,
      )
      // "winter" in 12,000 old messages, "hello" in every message, "rare" in five
      await fill(`'hello winter sale ' || n || case when n % 3000 = 7 then ' rare' else '' end`, 12_000, OLD, 1)
      await fill(`'hello summer sale ' || n || case when n = 8000 then ' rare' else '' end`, 9_000, NEW, 101)
      await onPostgres(url, `vacuum analyze ${prefix}support_users, ${prefix}support_chats, ${prefix}support_messages`)
    })

    it('finds the newest of a word that is everywhere, by looking at the newest alone', async () => {
      statements.length = 0
      const { found, next, searched_to } = await find('hello')
      expect(found.map((f) => f.message.content)).toEqual(
        Array.from({ length: 20 }, (_, n) => `hello summer sale ${8999 - n}`),
      )
      expect(next).toBe(found.at(-1)?.message.id)
      expect(searched_to).toBeNull()
      expect(statements.filter(({ text }) => text.includes('candidates'))).toEqual([])
    })

    it('finds the newest of a word that was everywhere and is not any more', async () => {
      const first = await find('winter')
      expect(first.found.map((f) => f.message.content)).toEqual(
        Array.from(
          { length: 20 },
          (_, n) => `hello winter sale ${11_999 - n}${(11_999 - n) % 3000 === 7 ? ' rare' : ''}`,
        ),
      )
      const second = await find('winter', 20, first.next ?? expect.fail())
      expect(second.found[0]?.message.content).toBe('hello winter sale 11979')
    })

    it('finds every chat with it in the end', async () => {
      const chats = new Set<string>()
      let cursor: string | undefined
      do {
        const page = await find('winter', 100, cursor)
        for (const { chat_id } of page.found) chats.add(chat_id)
        cursor = page.next ?? undefined
      } while (cursor !== undefined && chats.size < CHATS)
      expect(chats.size).toBe(CHATS)
    })

    it('leaves out no chat where others of its time came again since', async () => {
      // The ten that wrote last in winter
      await onPostgres(
        url,
        `insert into ${prefix}support_messages (id, chat_id, seq, content, sender_type, sender_id, created_at, updated_at)
        select (left(h, 8) || '-' || substr(h, 9) || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, chat_id, 900, 'spring after winter',
          'user', 'u', now(), now()
        from (select chat_id, row_number() over (order by id) as n from ${prefix}support_messages where content like '% winter %'
          order by id desc limit 10) last cross join lateral (select lpad(to_hex(${NEW + 1e9}::bigint + n), 12, '0') as h) i`,
      )
      const { found } = await find('winter')
      expect(found.slice(0, 10).map((f) => f.message.content)).toEqual(Array(10).fill('spring after winter'))
      expect(found.slice(10).map((f) => Number(/\d+/.exec(f.message.content)))).toEqual(
        Array.from({ length: 10 }, (_, n) => 11_989 - n),
      )
      await onPostgres(url, `delete from ${prefix}support_messages where seq = 900`)
    })

    it('finds what is rare, each chat once, and says that it was all', async () => {
      const { found, next, searched_to } = await find('rare')
      expect(found.map((f) => Number(/\d+/.exec(f.message.content)))).toEqual([8000, 9007, 6007, 3007, 7])
      expect([next, searched_to]).toEqual([null, null])
      const first = await find('rare', 2)
      const second = await find('rare', 2, first.next ?? expect.fail())
      expect([...first.found, ...second.found]).toEqual(found.slice(0, 4))
    })

    it('stops in time when all words are common and what is looked for is not there, and says how far it was', async () => {
      const begun = loopTime()
      const page = await store.searchMessages?.({ text: '"sale hello"', limit: 20 })
      expect(loopTime() - begun).toBeLessThan(20_000)
      expect(page?.found).toEqual([])
      // Or it was quick enough to have looked at all
      if (page?.next !== null) expect(Date.parse(page?.searched_to ?? '')).toBeLessThan(NEW + 9_000 * 60_000)
    })

    it('does without the index when that takes too long', async () => {
      isCanceling = true
      try {
        const { found } = await find('summer rare')
        expect(found).toMatchObject([{ message: { content: 'hello summer sale 8000 rare' } }])
      } finally {
        isCanceling = false
      }
    })

    it('scans no table', async () => {
      statements.length = 0
      for (const text of ['hello', 'winter', 'rare', '"sale hello"', 'winter -rare', 'nowhere', 'ra']) {
        const page = await find(text)
        if (page.next !== null) await find(text, 20, page.next)
      }
      const asked = new Map(statements.flatMap((s) => (/support_messages/.test(s.text) ? [[s.text, s] as const] : [])))
      expect(asked.size).toBeGreaterThanOrEqual(4)
      const client = await connect()
      for (const { text, values = [] } of asked.values()) {
        await client.query(
          `BEGIN${text.includes('candidates') ? '; SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off' : ''}`,
        )
        const { rows } = await client.query<Record<'QUERY PLAN', string>>(`EXPLAIN ${text}`, values)
        await client.query('ROLLBACK')
        const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
        expect(plan).not.toMatch(/Seq Scan on/)
        expect(plan).toMatch(/Index/)
      }
    })

    it('lets messages through while many search', async () => {
      const { promise: stored, resolve: letSearch } = Promise.withResolvers<void>()
      // A search begins with the newest messages
      const pool = watchedPool(({ text }) => (text.includes('looked_at') ? stored : undefined), 4)
      const node = await postgresStore(pool, { prefix, ...ON })
      const searches = Promise.all(Array.from({ length: 30 }, () => wholePage(node, { text: 'winter', limit: 20 })))
      const chat = await newChat(node, 'new one')
      expect(await node.appendMessages([message(chat, { id: timedId(NEW + 1e9, 1) })])).toMatchObject([
        { kind: 'stored' },
      ])
      letSearch()
      for (const page of await searches) expect(page.found).not.toEqual([])
    })

    it('says that the database is away when it is', async () => {
      let isAway = false
      const failing = await postgresStore(
        watchedPool(({ text }) => {
          if (isAway && text.includes('support_messages')) throw Object.assign(new Error('gone'), { code: '57P01' })
        }),
        { prefix, ...ON },
      )
      isAway = true
      await expect(failing.searchMessages?.({ text: 'hello', limit: 5 })).rejects.toBeInstanceOf(StoreUnavailable)
    })
  })
})
