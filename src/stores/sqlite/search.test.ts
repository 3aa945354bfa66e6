import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { SQLITE_DRIVERS, sqliteHosts } from '../../../test/support/sqlite-hosts.ts'
import { message, newChat } from '../../testing/database-conformance/kit.ts'
import { searchConformance } from '../../testing/search-conformance.ts'
import { sqliteMigrations, sqliteStore } from '../sqlite.ts'

const dir = mkdtempSync(join(tmpdir(), 'deskbell-search-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
let files = 0
const newFile = (): string => join(dir, `${files++}.db`)

const ON = { fullTextSearch: true }

searchConformance('sqlite', () => sqliteStore(':memory:', ON))
const hosts = sqliteHosts()
for (const driver of SQLITE_DRIVERS) {
  searchConformance(`${driver.name} of a host`, () =>
    sqliteStore(hosts.connect(driver, hosts.fresh()), { ...ON, prefix: 'app_' }),
  )
}

describe('sqlite: the index of search', () => {
  it('is made when it is asked for, of messages that are there already, and not before', async () => {
    const file = newFile()
    const before = await sqliteStore(file)
    expect(before.searchMessages).toBeUndefined()
    const chat = await newChat(before, 'u')
    await before.appendMessages(Array.from({ length: 50 }, (_, n) => message(chat, { content: `Old question ${n}` })))
    expect(await sqliteMigrations(file)).toEqual([])
    expect((await sqliteMigrations(file, ON)).join()).toMatch(/create virtual table support_messages_words/)
    const store = await sqliteStore(file, ON)
    expect(await sqliteMigrations(file, ON)).toEqual([])
    const page = await store.searchMessages?.({ text: '"question 49"', limit: 5 })
    expect(page?.found).toMatchObject([{ user_id: 'u', message: { seq: 50 } }])
    await store.migrate()
    // Who was not asked to search keeps the index all the same
    await before.appendMessages([message(chat, { content: 'From elsewhere' })])
    expect((await store.searchMessages?.({ text: 'elsewhere', limit: 5 }))?.found).toHaveLength(1)
    await Promise.all([before.close(), store.close()])
    const off = await sqliteStore(file)
    await off.appendMessages([message(chat, { content: 'While it was off' })])
    await off.close()
    const again = await sqliteStore(file, ON)
    expect((await again.searchMessages?.({ text: 'while', limit: 5 }))?.found).toHaveLength(1)
    await again.close()
  })

  it('is in the plan of a database that is not there yet, which can be run by hand', async () => {
    const file = newFile()
    const plan = await sqliteMigrations(file, { prefix: 'hand_', ...ON })
    const db = new DatabaseSync(file)
    for (const statement of plan) db.exec(statement)
    db.close()
    expect(await sqliteMigrations(file, { prefix: 'hand_', ...ON })).toEqual([])
    const store = await sqliteStore(file, { prefix: 'hand_', ...ON })
    await store.appendMessages([message(await newChat(store, 'u'), { content: 'by hand' })])
    expect((await store.searchMessages?.({ text: 'hand', limit: 5 }))?.found).toHaveLength(1)
    await store.close()
  })

  it('has no word of a batch that was taken back', async () => {
    const store = await sqliteStore(newFile(), ON)
    const chat = await newChat(store, 'u')
    const twice = message(chat, { content: 'once only' })
    await store.appendMessages([twice])
    await expect(store.appendMessages([message(chat, { content: 'undone' }), twice])).rejects.toThrow(/UNIQUE/)
    expect((await store.searchMessages?.({ text: 'undone', limit: 5 }))?.found).toEqual([])
    await store.appendMessages([message(chat, { content: 'once more' })])
    expect((await store.searchMessages?.({ text: 'once more', limit: 5 }))?.found).toMatchObject([
      { message: { seq: 2 } },
    ])
    await store.close()
  })

  it('looks at a bounded number of matches, and says how far back', async () => {
    const store = await sqliteStore(newFile(), ON)
    const quiet = await newChat(store, 'quiet')
    await store.appendMessages([message(quiet, { content: 'hello' })])
    const busy = await newChat(store, 'busy')
    await store.appendMessages(Array.from({ length: 1_500 }, () => message(busy, { content: 'hello' })))
    const first = await store.searchMessages?.({ text: 'hello', limit: 5 })
    expect(first).toMatchObject({ found: [{ user_id: 'busy' }], searched_to: expect.any(String) as string })
    const second = await store.searchMessages?.({ text: 'hello', limit: 5, cursor: first?.next ?? expect.fail() })
    expect(second).toMatchObject({ found: [{ user_id: 'busy' }, { user_id: 'quiet' }], next: null, searched_to: null })
    await store.close()
  })
})
