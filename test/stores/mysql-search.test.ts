import { createPool, type Pool } from 'mysql2'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase } from '../support/databases.ts'
import { onMysql } from '../support/databases/mysql.ts'
import { wholePage } from '../../src/testing/whole-page.ts'
import type { Store } from '../../src/server/ports/store/store.ts'
import { at, message, newChat, newPrefix } from '../../src/testing/database-conformance/kit.ts'
import { searchConformance, timedId } from '../../src/testing/search-conformance.ts'
import { mysqlMigrations, mysqlStore, type MysqlPool } from '../../src/stores/mysql.ts'

const database = await freshDatabase('mysql')
const url = database?.url ?? ''
const pools: Pool[] = []
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.promise().end()))
  await database?.drop()
})

const ON = { fullTextSearch: true }

async function rows<Row>(statement: string, values: unknown[] = []): Promise<Row[]> {
  const connection = await createConnection(url)
  const [found] = await connection.execute<RowDataPacket[]>(statement, values as never[])
  await connection.end()
  return found as Row[]
}

/** The stores and the words of a prefix of tables */
function tables(): {
  prefix: string
  on: () => Promise<Store>
  off: () => Promise<Store>
  words: () => Promise<string[]>
} {
  const prefix = newPrefix()
  return {
    prefix,
    on: () => mysqlStore(url, { prefix, ...ON }),
    off: () => mysqlStore(url, { prefix }),
    words: async () =>
      (await rows<{ word: string }>(`select word from ${prefix}support_search_words order by n, word`)).map(
        (r) => r.word,
      ),
  }
}

const found = async (store: Store, text: string): Promise<string[]> =>
  (await wholePage(store, { text, limit: 100 })).found.map((one) => one.message.content)

describe.skipIf(!database)('on a real MySQL or MariaDB', () => {
  searchConformance('mysql', () => mysqlStore(url, { ...ON, prefix: 'found_' }))

  describe('mysql: the index of search', () => {
    it('is made when it is asked for, of messages that are there already, and not before', async () => {
      const { prefix, on, off } = tables()
      const before = await off()
      expect(before.searchMessages).toBeUndefined()
      const chats = [await newChat(before, 'u'), await newChat(before, 'v')]
      // More than a step of each kind takes
      for (const chat of chats)
        await before.appendMessages(
          Array.from({ length: 450 }, (_, n) =>
            message(chat, { sender_id: chat === chats[0] ? 'u' : 'v', content: `Old question ${n}` }),
          ),
        )
      expect(await mysqlMigrations(url, { prefix })).toEqual([])
      const plan = await mysqlMigrations(url, { prefix, ...ON })
      expect(plan.join('\n')).toMatch(/create table `t\d+_support_search_words`/)
      const store = await on()
      expect(await mysqlMigrations(url, { prefix, ...ON })).toEqual([])
      const page = await wholePage(store, { text: '"question 449"', limit: 5 })
      expect(page.found).toMatchObject([{ user_id: 'v', message: { seq: 450 } }, { user_id: 'u' }])
      const counted = await rows<{ n: number }>(`select count(*) as n from ${prefix}support_search_words`)
      expect(Number(counted[0]?.n)).toBe(2 * 450 * 3)
      await Promise.all([before.close(), store.close()])
    })

    it('has what a process wrote that was not asked to search', async () => {
      const { on, off, words } = tables()
      const [store, other] = [await on(), await off()]
      const chat = await newChat(store, 'u')
      await store.appendMessages([message(chat, { content: 'one' })])
      await other.appendMessages([message(chat, { content: 'two' })])
      await store.appendMessages([message(chat, { content: 'three' })])
      expect(await found(store, 'two')).toEqual(['two'])
      expect((await words()).toSorted()).toEqual(['one', 'three', 'two'])
      await store.close()
      await other.appendMessages(
        Array.from({ length: 30 }, (_, n) => message(chat, { content: `while it was off ${n}` })),
      )
      const again = await on()
      expect(await found(again, '"off 29"')).toEqual(['while it was off 29'])
      expect((await words()).filter((word) => word === 'off')).toHaveLength(30)
      await Promise.all([again.close(), other.close()])
    })

    it('is in the plan of a database that is not there yet, which can be run by hand', async () => {
      const options = { prefix: 'Hand_', ...ON }
      for (const statement of await mysqlMigrations(url, options)) await onMysql(url, statement)
      expect(await mysqlMigrations(url, options)).toEqual([])
      const store = await mysqlStore(url, options)
      await store.appendMessages([message(await newChat(store, 'u'), { content: 'by hand' })])
      expect(await found(store, 'hand')).toEqual(['by hand'])
      await store.close()
    })

    it('goes on where its making was broken off', async () => {
      const { prefix, on, off } = tables()
      const before = await off()
      await before.appendMessages([message(await newChat(before, 'u'), { content: 'early bird' })])
      const plan = await mysqlMigrations(url, { prefix, ...ON })
      for (let done = 1; done < plan.length; done++) {
        await onMysql(url, plan[done - 1] ?? '')
        expect(await mysqlMigrations(url, { prefix, ...ON })).toEqual(plan.slice(done))
      }
      const store = await on()
      expect(await found(store, 'bird')).toEqual(['early bird'])
      await Promise.all([before.close(), store.close()])
    })

    it('is made once when five nodes start at once, while others write', async () => {
      const { on, off, words } = tables()
      const store = await off()
      const chat = await newChat(store, 'u')
      let isMaking = true
      let count = 0
      const writing = (async () => {
        while (isMaking) {
          count++
          await store.appendMessages([message(chat, { content: `meanwhile ${count}` })])
        }
      })()
      const nodes = await Promise.all(Array.from({ length: 5 }, on))
      isMaking = false
      await writing
      for (const node of nodes) expect(await found(node, `"meanwhile ${count}"`)).toEqual([`meanwhile ${count}`])
      expect((await words()).filter((word) => word === 'meanwhile')).toHaveLength(count)
      await Promise.all([store, ...nodes].map((node) => node.close()))
    })

    it('has no word of a batch that was taken back, and none of a person who was erased by whatever process', async () => {
      const { on, off, words } = tables()
      const [store, other] = [await on(), await off()]
      const chat = await newChat(store, 'u')
      const twice = message(chat, { content: 'kept' })
      await store.appendMessages([twice])
      await expect(store.appendMessages([message(chat, { content: 'undone' }), twice])).rejects.toThrow(/Duplicate/)
      expect(await words()).toEqual(['kept'])
      await store.appendMessages(Array.from({ length: 250 }, () => message(chat, { content: 'mine' })))
      await store.appendMessages([message(await newChat(store, 'v'), { sender_id: 'v', content: 'theirs' })])
      await other.erasePerson('u')
      expect(await words()).toEqual(['theirs'])
      await Promise.all([store.close(), other.close()])
    })

    it('has no word of a person who is erased while it is made', async () => {
      const { prefix, on, off, words } = tables()
      const store = await off()
      const chat = await newChat(store, 'u')
      await store.appendMessages([message(chat, { content: 'mine' })])
      for (const statement of await mysqlMigrations(url, { prefix, ...ON })) await onMysql(url, statement)
      const erasure = await createConnection(url)
      await erasure.query('start transaction')
      await erasure.query(`select 1 from ${prefix}support_chats for update`)
      const making = on()
      await waitsIn(prefix)
      await erasure.query(`delete from ${prefix}support_messages`)
      await erasure.query(`delete from ${prefix}support_chats`)
      await erasure.query('commit')
      await erasure.end()
      const made = await making
      expect(await words()).toEqual([])
      await Promise.all([store.close(), made.close()])
    })

    it('loses what an older version left of a person whom it erased, at a start that makes up for something', async () => {
      const { prefix, on, off, words } = tables()
      const [store, other] = [await on(), await off()]
      const [gone, kept] = [await newChat(store, 'u'), await newChat(store, 'v')]
      await store.appendMessages([message(gone, { content: 'one two' }), message(gone, { content: 'three' })])
      await store.appendMessages([message(kept, { sender_id: 'v', content: 'theirs' })])
      await onMysql(url, `delete from ${prefix}support_messages where chat_id = '${gone}'`)
      await other.appendMessages([message(kept, { sender_id: 'v', content: 'later' })])
      const again = await on()
      expect((await words()).toSorted()).toEqual(['later', 'theirs'])
      expect(await rows(`select n from ${prefix}support_search_messages`)).toHaveLength(2)
      await Promise.all([store, other, again].map((node) => node.close()))
    })

    it('is made, and forgotten, in statements of a bounded size, however long messages are', async () => {
      const { prefix, off, words } = tables()
      const store = await off()
      const chats = await Promise.all(Array.from({ length: 5 }, (_, n) => newChat(store, `u${n}`)))
      const long = (n: number) => `start ${'word '.repeat(1_990)}end${n}`
      const each = (count: number) =>
        chats.flatMap((chat, n) =>
          Array.from({ length: count }, (_, k) => message(chat, { sender_id: `u${n}`, content: long(k) })),
        )
      await store.appendMessages(each(10))
      const sizes: number[] = []
      const pool = watched((statement, values) => {
        if (/^(insert into|delete d from).*support_search_words/s.test(statement))
          sizes.push((JSON.parse(String(values[0])) as unknown[]).length)
      })
      const made = await mysqlStore(pool, { prefix, ...ON })
      // 10,000 characters each
      const expectBounded = () => {
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(50)
        expect(Math.max(...sizes)).toBeLessThanOrEqual(20)
        sizes.length = 0
      }
      expectBounded()
      await store.appendMessages(each(10))
      for (let i = 0; i < 3; i++) expect(await found(made, '"word end9"')).toHaveLength(5)
      expectBounded()
      expect(await words()).toHaveLength(100 * 3)
      await made.appendMessages(each(10))
      expectBounded()
      for (const n of chats.keys()) await made.erasePerson(`u${n}`)
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(150)
      expect(Math.max(...sizes)).toBeLessThanOrEqual(20)
      expect(await words()).toEqual([])
      await Promise.all([store.close(), made.close()])
    })

    it('is asked while another node makes up for what is missing, and a start waits for its turn however long', async () => {
      const { prefix, on, off } = tables()
      const [store, other] = [await on(), await off()]
      const chat = await newChat(store, 'u')
      await store.appendMessages([message(chat, { content: 'early' })])
      await other.appendMessages([message(chat, { content: 'missing' })])
      const node = await createConnection(url)
      await node.query('start transaction')
      await node.query(`select 1 from ${prefix}support_meta where name = 'epoch' for update`)
      const impatient = watched(() => undefined, 1)
      const starting = mysqlStore(impatient, { prefix, ...ON })
      const began = performance.now()
      expect(await found(store, 'early')).toEqual(['early'])
      expect(await found(store, 'missing')).toEqual([])
      // Longer than the wait for a lock, which the start must not have begun
      await expect.poll(() => performance.now() - began, { timeout: 10_000 }).toBeGreaterThan(1_500)
      await node.query('rollback')
      await node.end()
      const started = await starting
      expect(await found(started, 'missing')).toEqual(['missing'])
      await Promise.all([store, other, started].map((one) => one.close()))
    })

    it('is asked while somebody holds a chat of which something is missing', async () => {
      const { prefix, off } = tables()
      const [store, other] = [
        await mysqlStore(
          watched(() => undefined, 1),
          { prefix, ...ON },
        ),
        await off(),
      ]
      const chat = await newChat(store, 'u')
      await store.appendMessages([message(chat, { content: 'early' })])
      await other.appendMessages([message(chat, { content: 'missing' })])
      const node = await createConnection(url)
      await node.query('start transaction')
      await node.query(`select 1 from ${prefix}support_chats for update`)
      expect(await found(store, 'early')).toEqual(['early'])
      await node.query('rollback')
      await node.end()
      expect(await found(store, 'missing')).toEqual(['missing'])
      await Promise.all([store.close(), other.close()])
    })

    it('finds what is older than a number whose message is gone', async () => {
      const { prefix, on } = tables()
      const store = await on()
      const chat = await newChat(store, 'u')
      const ids = Array.from({ length: 450 }, (_, n) => message(chat, { content: n === 3 ? 'rare' : `often ${n}` }))
      await store.appendMessages(ids)
      const [first, gone] = [ids[0]?.id, ids[400]?.id]
      await onMysql(url, `delete from ${prefix}support_messages where id in ('${first}', '${gone}')`)
      expect(await found(store, 'rare')).toEqual(['rare'])
      const other = await newChat(store, 'v')
      await store.appendMessages([message(other, { sender_id: 'v', content: 'often 3' })])
      expect(await found(store, '"often 3"')).toEqual(['often 3'])
      expect(await found(store, '"often 4"')).toEqual(['often 4'])
      await store.close()
    })

    it('is written by as few statements for many messages as for one', async () => {
      const { prefix } = tables()
      let count = 0
      const pool = watched(() => count++)
      const store = await mysqlStore(pool, { prefix, ...ON })
      const chat = await newChat(store, 'u')
      const costs: number[] = []
      for (const size of [1, 50]) {
        count = 0
        await store.appendMessages(Array.from({ length: size }, (_, n) => message(chat, { content: `word${n} word` })))
        costs.push(count)
      }
      expect(costs[1]).toBe(costs[0])
      await store.close()
    })
  })

  describe('mysql: searching what is common', () => {
    const { prefix } = tables()
    const BLOCK = 65_536
    const asked: { sql: string; values: unknown[] }[] = []
    let store: Store
    const find = (text: string, limit = 20, cursor?: string) => wholePage(store, { text, limit, cursor })

    // 6,000 messages of ten in the oldest block, and as many in a later one, as if the blocks between them had been erased
    beforeAll(async () => {
      store = await mysqlStore(
        watched((sql, values) => asked.push({ sql, values })),
        { prefix, ...ON },
      )
      for (const [from, season] of [
        [0, 'winter'],
        [3 * BLOCK, 'summer'],
      ] as const) {
        await onMysql(url, `alter table ${prefix}support_search_messages auto_increment = ${from + 1}`)
        for (let i = 0; i < 6; i++) {
          const chats = await Promise.all(Array.from({ length: 10 }, (_, k) => newChat(store, `${season}${i}-${k}`)))
          const batch = Array.from({ length: 1_000 }, (_, k) => {
            const n = i * 1_000 + k
            const time = Date.parse(at(from + n))
            return message(chats[k % 10] ?? '', {
              id: timedId(time, n),
              sender_id: `${season}${i}-${k % 10}`,
              content: `hello ${season} sale ${n}${n === 2_222 ? ' rare' : ''}`,
              created_at: at(from + n),
            })
          })
          await store.appendMessages(batch)
        }
      }
    })

    it('finds the newest of a word that is everywhere, by looking at the newest alone', async () => {
      asked.length = 0
      const page = await find('hello', 5)
      expect(page.found.map((one) => one.message.content)).toEqual(
        Array.from({ length: 5 }, (_, k) => `hello summer sale ${5_999 - k}`),
      )
      expect(page.searched_to).toBeNull()
      expect(asked.filter(({ sql }) => /support_search_words/.test(sql))).toEqual([])
    })

    it('finds the newest of a word, or of the start of one, that was everywhere and is not any more', async () => {
      for (const text of [
        'winter',
        'winter ',
        'wint',
        'sale winter ',
        '"winter sale"',
        'rare or "winter sale" or nowhere',
      ]) {
        const first = await find(text, 15)
        const contents = first.found.map((one) => one.message.content).filter((content) => content.includes('winter'))
        expect(contents.slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, k) => `hello winter sale ${5_999 - k}`))
        const second = await find(text, 100, first.next ?? expect.fail())
        expect(second.found.length).toBeGreaterThan(20)
      }
    })

    it('finds what is rare, and says that it was all', async () => {
      for (const text of ['rare', 'rare ', 'ra', 'sale rare', 'hello "sale 2222" sal']) {
        const { found, next, searched_to } = await find(text)
        expect(found.map((one) => one.message.content)).toEqual([
          'hello summer sale 2222 rare',
          'hello winter sale 2222 rare',
        ])
        expect([next, searched_to]).toEqual([null, null])
      }
    })

    it('says how far back it came when the time is over, and goes on from there', async () => {
      const texts: (string | null)[] = []
      let cursor: string | undefined
      do {
        const page = await store.searchMessages?.({ text: '"sale hello"', limit: 20, cursor })
        if (!page) expect.fail('It cannot search')
        expect(page.found).toEqual([])
        texts.push(page.searched_to)
        cursor = page.next ?? undefined
      } while (cursor !== undefined)
      expect(texts.at(-1)).toBeNull()
      expect(texts.slice(0, -1)).toEqual(texts.slice(0, -1).toSorted((a, b) => (b ?? '').localeCompare(a ?? '')))
    })

    it('reads the messages themselves where more words of a block begin like that than it lists', async () => {
      const digits = Array.from({ length: 10 }, (_, d) => `select ${d} as d`).join(' union all ')
      const number = [1, 10, 100, 1_000, 10_000, 20_000]
      await onMysql(
        url,
        `insert into ${prefix}support_search_words (block, word, n) select 3, concat('sumach', ${number.map((power, i) => `t${i}.d * ${power}`).join(' + ')}), ${3 * BLOCK + 1}
        from ${number.map((power, i) => `(${power === 20_000 ? 'select 0 as d union all select 5' : digits}) t${i}`).join(' cross join ')}`,
      )
      asked.length = 0
      for (const text of ['sale sum', 'sum']) {
        const chats = new Set<string>()
        let cursor: string | undefined
        do {
          const page = await find(text, 20, cursor)
          for (const { chat_id } of page.found) chats.add(chat_id)
          cursor = page.next ?? undefined
        } while (cursor !== undefined && chats.size < 60)
        expect(chats.size).toBe(60)
      }
      expect(asked.filter(({ sql }) => /select distinct n/.test(sql))).toEqual([])
      await onMysql(url, `delete from ${prefix}support_search_words where word like 'sumach%'`)
    })

    it('scans no table', async () => {
      asked.length = 0
      for (const text of [
        'hello',
        'winter',
        'rare',
        '"sale hello"',
        'winter -rare',
        'nowhere',
        'ra',
        'hello sale rar',
      ]) {
        const page = await find(text)
        if (page.next !== null) await find(text, 20, page.next)
      }
      const statements = new Map(
        asked.flatMap((one) =>
          /support_messages/.test(one.sql) || /support_search/.test(one.sql) ? [[one.sql, one] as const] : [],
        ),
      )
      expect(statements.size).toBeGreaterThanOrEqual(6)
      for (const { sql, values } of statements.values()) {
        const plan = await rows<Record<'type' | 'table' | 'Extra', string | null>>(
          `EXPLAIN FORMAT=TRADITIONAL ${sql}`,
          values,
        )
        const scans = plan.filter(
          ({ type, table, Extra }) =>
            /^([muco]|w\d|t\d+_)/.test(table ?? '') && type === 'ALL' && !/Table function/.test(Extra ?? ''),
        )
        expect(scans, sql).toEqual([])
      }
    })
  })
})

/** Until a statement about tables with this prefix waits for a lock */
async function waitsIn(prefix: string): Promise<void> {
  const waiting = () =>
    rows(`select 1 from information_schema.innodb_trx where trx_state = 'LOCK WAIT' and trx_query like ?`, [
      `%\`${prefix}support_%`,
    ])
  // MariaDB shows an old state as long as it is asked more often than every 100 ms
  await expect.poll(waiting, { interval: 250 }).not.toEqual([])
}

/**
 * A host's pool, of which every statement is told before it is sent
 * @param lockTimeout seconds
 */
function watched(onStatement: (sql: string, values: unknown[]) => void, lockTimeout = 5): MysqlPool {
  const pool = createPool({ uri: url })
  pool.on('connection', (connection) => connection.query(`set session innodb_lock_wait_timeout = ${lockTimeout}`))
  pools.push(pool)
  return {
    end: () => expect.fail('It is not ours'),
    getConnection: (callback) =>
      pool.getConnection((error, connection) =>
        callback(error, {
          execute(query, values, done) {
            onStatement(query.sql, values)
            return connection.execute(query, values, done)
          },
          query: (query, done) => connection.query(query, done),
          release: () => connection.release(),
          destroy: () => connection.destroy(),
        }),
      ),
  }
}
