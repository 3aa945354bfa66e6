import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { newSqlite } from '../../test/support/new-sqlite.ts'
import { astrayTagsConformance } from '../testing/database-conformance/astray-tags.ts'
import { concurrentConformance } from '../testing/database-conformance/concurrent.ts'
import { exactConformance } from '../testing/database-conformance/exact.ts'
import { at, message, newChat } from '../testing/database-conformance/kit.ts'
import { migratingConformance } from '../testing/database-conformance/migrating.ts'
import { storeConformance } from '../testing/store-conformance.ts'
import { sqliteMigrations, sqliteStore } from './sqlite.ts'

const dir = mkdtempSync(join(tmpdir(), 'deskbell-sqlite-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
let files = 0
const fresh = () => join(dir, `${files++}.db`)

storeConformance('sqlite', async () => {
  const file = fresh()
  await newSqlite(file)
  return sqliteStore(file)
})

const shared = fresh()
const kit = {
  open: (prefix: string) => sqliteStore(shared, { prefix }),
  plan: (prefix: string) => sqliteMigrations(shared, { prefix }),
  async run(sql: string) {
    const db = new DatabaseSync(shared)
    db.exec(sql)
    db.close()
  },
}
migratingConformance('sqlite', kit)
astrayTagsConformance('sqlite', kit)
exactConformance('sqlite', kit)
concurrentConformance('sqlite', kit)

describe('sqlite: the file', () => {
  it('keeps everything over a restart, the epoch too', async () => {
    const file = fresh()
    const first = await sqliteStore(file)
    await first.savePeople([{ id: 'u', email: 'u@example.com', name: null }], '2026-03-02T09:00:00.000Z')
    await first.close()
    const second = await sqliteStore(file)
    expect(second.epoch).toBe(first.epoch)
    expect(await second.findPerson('u')).toMatchObject({ email: 'u@example.com' })
    await second.migrate()
    await second.close()
  })

  it('gives each database its own epoch', async () => {
    const stores = [await sqliteStore(fresh()), await sqliteStore(fresh())]
    expect(stores[0]?.epoch).not.toBe(stores[1]?.epoch)
    await Promise.all(stores.map((s) => s.close()))
  })

  it('refuses what is no database, and one of a newer version', async () => {
    const junk = fresh()
    writeFileSync(junk, 'this is no database, only some text that is longer than a header of one'.repeat(40))
    await expect(sqliteStore(junk)).rejects.toThrow(/not a database/)
    const newer = fresh()
    await (await sqliteStore(newer)).close()
    const db = new DatabaseSync(newer)
    db.exec("INSERT INTO support_migrations VALUES (999, '2099-01-01T00:00:00.000Z')")
    db.close()
    await expect(sqliteStore(newer)).rejects.toThrow(/newer version/)
    await expect(sqliteMigrations(newer)).rejects.toThrow(/newer version/)
  })

  it('tells what it would do to be up to date, and does nothing', async () => {
    const file = fresh()
    const plan = await sqliteMigrations(file)
    expect(plan.join(';')).toMatch(/create table "support_messages"/)
    expect(existsSync(file)).toBe(false)
    await (await sqliteStore(file)).close()
    expect(await sqliteMigrations(file)).toEqual([])
  })

  it('is made once when ten open it at once', async () => {
    const file = fresh()
    const stores = await Promise.all(Array.from({ length: 10 }, () => sqliteStore(file)))
    expect(new Set(stores.map((s) => s.epoch)).size).toBe(1)
    await Promise.all(stores.map((s) => s.close()))
  })

  it('is durable at commit: WAL and synchronous=FULL', async () => {
    const file = fresh()
    const asked: string[] = []
    // eslint-disable-next-line typescript/unbound-method -- put back as it was, and called with its `this`
    const exec = DatabaseSync.prototype.exec
    DatabaseSync.prototype.exec = function (sql) {
      asked.push(sql)
      return exec.call(this, sql)
    }
    try {
      await (await sqliteStore(file)).close()
    } finally {
      DatabaseSync.prototype.exec = exec
    }
    expect(asked.join(';')).toMatch(/synchronous = FULL/)
    const db = new DatabaseSync(file)
    expect(db.prepare('PRAGMA journal_mode').get()?.['journal_mode']).toBe('wal')
    db.close()
  })
})

describe('sqlite: what a commit writes', () => {
  const CHATS = 50
  const ROUNDS = 40

  const randomDigits = (n: number): string => createHash('sha1').update(`${n}`).digest('hex').slice(0, 31)

  /** The pages that the last of many batches wrote, with a message of each chat. @param clientId of the nth message */
  async function pagesOfBatch(clientId: (n: number) => string): Promise<number> {
    const file = fresh()
    const store = await sqliteStore(file)
    const chats: string[] = []
    for (let n = 0; n < CHATS; n++) chats.push(await newChat(store, `u${n}`))
    const write = (round: number) =>
      store.appendMessages(
        chats.map((id, n) => message(id, { sender_id: `u${n}`, client_id: clientId(round * CHATS + n) })),
      )
    for (let round = 0; round < ROUNDS; round++) await write(round)
    const db = new DatabaseSync(file)
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    await write(ROUNDS)
    const { log } = db.prepare('PRAGMA wal_checkpoint(PASSIVE)').get() as { log: number }
    db.close()
    await store.close()
    return log
  }

  it('is one entry in the order of the lists for a message by itself, whoever has the chat', async () => {
    const file = fresh()
    const store = await sqliteStore(file)
    const chats = await Promise.all(Array.from({ length: 200 }, (_, n) => newChat(store, `u${n}`)))
    for (const id of chats.filter((_, n) => n % 2 === 0))
      await store.assign(id, { assignee: { id: 'ana', name: 'Ana' }, actor: null, at: at(1) })
    const write = async (from: number) => {
      for (const [n, id] of chats.entries())
        await store.appendMessages([message(id, { sender_id: `u${n}`, created_at: at(from + n) })])
    }
    await write(1)
    const db = new DatabaseSync(file)
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    await write(1000)
    const { log } = db.prepare('PRAGMA wal_checkpoint(PASSIVE)').get() as { log: number }
    db.close()
    await store.close()
    // It was more than 10 when there was one in three of them
    expect(log / chats.length).toBeLessThan(8.5)
  })

  it('is fewer pages where client_ids begin with the time', async () => {
    const randomly = await pagesOfBatch(randomDigits)
    const inOrder = await pagesOfBatch((n) => (1_764_300_000_000 + n).toString(16) + randomDigits(n).slice(11))
    expect(randomly - inOrder).toBeGreaterThan(CHATS / 3)
  })
})

describe('sqlite: query plans', () => {
  /** The statements of a store, and how a new database says that it would run one */
  async function statementsOfStore() {
    // eslint-disable-next-line typescript/unbound-method -- put back as it was, and called with its `this`
    const prepare = DatabaseSync.prototype.prepare
    const statements: string[] = []
    DatabaseSync.prototype.prepare = function (sql): StatementSync {
      statements.push(sql)
      return prepare.call(this, sql)
    }
    const file = fresh()
    try {
      await (await sqliteStore(file)).close()
    } finally {
      DatabaseSync.prototype.prepare = prepare
    }
    const db = new DatabaseSync(file)
    const planOf = (sql: string) =>
      db
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map((row) => String(row['detail']))
    return { statements, planOf, close: () => db.close() }
  }

  it('scans no table of people, chats, messages, activity or webhooks for anything it does', async () => {
    const { statements, planOf, close } = await statementsOfStore()
    const queries = statements.filter((sql) =>
      /support_(users|chats|messages|activities|tags|notifications|staff_mails|webhooks)/.test(sql),
    )
    expect(queries.length).toBeGreaterThan(20)
    const scans = queries.flatMap((sql) =>
      planOf(sql)
        // An index that holds the unread chats alone is read from its start: that costs what is counted
        .filter(
          (line) =>
            /^SCAN (u|c|n|support_\w+)\b/.test(line) && !/USING (COVERING )?INDEX support_chats_unread/.test(line),
        )
        .filter((line) => !/USING (COVERING )?INDEX support_(notifications|staff_mails)_due/.test(line))
        .map((line) => `${line}: ${sql}`),
    )
    close()
    expect(scans).toEqual([])
  })

  it('finds the webhooks of a chat by the chat, and not among all that are due', async () => {
    const { statements, planOf, close } = await statementsOfStore()
    const ofChat = statements.filter((sql) => /support_webhooks[^()]* WHERE chat_id = /s.test(sql))
    expect(ofChat.length).toBeGreaterThan(3)
    const others = ofChat.flatMap((sql) =>
      planOf(sql).filter((line) => line.includes('support_webhooks') && !/\((chat_id|id)=\?/.test(line)),
    )
    close()
    expect(others).toEqual([])
  })

  it('reads the active chats of one assignee in their order from the indexes of unread and read ones', async () => {
    const { statements, planOf, close } = await statementsOfStore()
    const pages = statements.filter((sql) => sql.includes('c.assignee_id IS ?4'))
    const plans = pages.map((sql) => planOf(sql).join('; '))
    close()
    expect(plans).toHaveLength(1)
    for (const plan of plans) {
      for (const kind of ['unread', 'read'])
        expect(plan).toMatch(`SEARCH c USING COVERING INDEX support_chats_${kind} (assignee_id=? AND`)
      expect(plan).not.toMatch(/TEMP B-TREE/)
    }
  })

  it('reads the archived chats of one assignee in their order from an index of them', async () => {
    const { statements, planOf, close } = await statementsOfStore()
    const pages = statements.filter((sql) => sql.includes('coalesce(c.assignee_id'))
    const plans = pages.map((sql) => planOf(sql).join('; '))
    close()
    expect(plans).toHaveLength(1)
    for (const plan of plans) {
      expect(plan).toMatch(/^SEARCH c USING INDEX support_chats_assignee_archived \(<expr>=\?/)
      expect(plan).not.toMatch(/TEMP B-TREE/)
    }
  })

  it('finds the places of the active list in the indexes alone, by the assignee and the time', async () => {
    const { statements, planOf, close } = await statementsOfStore()
    const pages = statements.filter((sql) => sql.includes('AS MATERIALIZED') && !sql.includes('?4'))
    const lines = pages.flatMap((sql) => planOf(sql)).filter((line) => /^S\w+ c\b/.test(line))
    close()
    // Of rows, and of no more than names
    expect(pages).toHaveLength(2)
    const places = lines.filter((line) => !line.includes('PRIMARY KEY (id=?)'))
    // Two indexes: the first assignee, the next one, the end of a page of each, and the page
    expect(places).toHaveLength(2 * 8)
    for (const line of places)
      expect(line).toMatch(
        /^SEARCH c USING COVERING INDEX support_chats_(un)?read \(assignee_id(>\?|=\? AND .*last_message_at)/,
      )
  })

  it('counts unread chats in an index of them alone', async () => {
    const { statements, planOf, close } = await statementsOfStore()
    const counts = statements.filter((sql) => /SELECT 1 FROM support_chats .*LIMIT \+\?\)$/s.test(sql))
    const plans = counts.map((sql) => planOf(sql).join('; '))
    close()
    expect(plans).toHaveLength(1)
    expect(plans[0]).toMatch(/SCAN c USING COVERING INDEX support_chats_unread/)
  })

  it('plans no statement anew for each value of its limit', async () => {
    const { statements, close } = await statementsOfStore()
    close()
    expect(statements.filter((sql) => sql.includes('LIMIT +?')).length).toBeGreaterThan(10)
    expect(statements.filter((sql) => /LIMIT\s*[?:@$]/.test(sql))).toEqual([])
  })

  it('would notice a scan', async () => {
    const file = fresh()
    await (await sqliteStore(file)).close()
    const db = new DatabaseSync(file)
    const plan = db.prepare("EXPLAIN QUERY PLAN SELECT * FROM support_messages WHERE content LIKE '%x%'").all()
    db.close()
    expect(String(plan[0]?.['detail'])).toMatch(/^SCAN support_messages/)
  })

  it('sorts neither the archive nor a page of messages', async () => {
    const file = fresh()
    await (await sqliteStore(file)).close()
    const db = new DatabaseSync(file)
    const plan = (sql: string) =>
      db
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map((row) => String(row['detail']))
        .join('\n')
    expect(
      plan(`SELECT c.id FROM support_chats c WHERE c.archived_at IS NOT NULL AND c.last_message_at IS NOT NULL
        AND (c.last_message_at, c.id) < ('~', '') ORDER BY c.last_message_at DESC, c.id DESC LIMIT 50`),
    ).not.toMatch(/TEMP B-TREE/)
    expect(plan('SELECT * FROM support_messages WHERE chat_id = 1 AND seq > 2 ORDER BY seq LIMIT 50')).not.toMatch(
      /TEMP B-TREE/,
    )
    db.close()
  })
})
