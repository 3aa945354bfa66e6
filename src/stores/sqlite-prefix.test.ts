// The prefix is put before whatever begins with `support_` in SQL written by hand. That must be the names of tables, and all of them.
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { message, newChat } from '../testing/database-conformance/kit.ts'
import { sqliteStore, type SqliteConnection } from './sqlite.ts'

const names = (connection: DatabaseSync, what: string): string[] =>
  connection
    .prepare(`SELECT name FROM ${what}`)
    .all()
    .map((row) => String(row['name']))

/** A host's connection, and every statement that was prepared or run on it */
function watched(): { connection: DatabaseSync; handedIn: SqliteConnection; statements: string[] } {
  const connection = new DatabaseSync(':memory:')
  const statements: string[] = []
  const handedIn: SqliteConnection = {
    get isTransaction() {
      return connection.isTransaction
    },
    prepare: (sql) => (statements.push(sql), connection.prepare(sql)),
    exec: (sql) => (statements.push(sql), connection.exec(sql)),
  }
  return { connection, handedIn, statements }
}

it('stands before every table and index, in every statement', async () => {
  const { connection, handedIn, statements } = watched()
  const store = await sqliteStore(handedIn, { prefix: 'zz_' })
  await store.migrate()
  const made = names(connection, 'sqlite_schema')
  expect(made.length).toBeGreaterThan(15)
  expect(made.filter((name) => !/^(zz_support_|sqlite_autoindex_zz_support_)/.test(name))).toEqual([])
  const ours = statements.filter((sql) => sql.includes('support_'))
  expect(ours.length).toBeGreaterThan(60)
  expect(ours.filter((sql) => sql.replaceAll('zz_support_', '').includes('support_'))).toEqual([])
})

it('would change no column and no value: none is called like that', async () => {
  const { connection, handedIn, statements } = watched()
  await sqliteStore(handedIn)
  const columns = names(connection, 'sqlite_schema').flatMap((table) =>
    names(connection, `pragma_table_info('${table}')`),
  )
  expect(columns.length).toBeGreaterThan(50)
  expect(columns.filter((name) => name.startsWith('support_'))).toEqual([])
  const values = statements.flatMap((sql) => sql.match(/'[^']*'/g) ?? [])
  expect(values.length).toBeGreaterThan(30)
  // Of the one table whose name is asked for
  expect(new Set(values.filter((value) => value.includes('support_')))).toEqual(new Set(["'support_migrations'"]))
})

it('keeps installations apart that share a connection, and a host’s table of our name alone', async () => {
  const connection = new DatabaseSync(':memory:')
  connection.exec("CREATE TABLE support_users (mine TEXT); INSERT INTO support_users VALUES ('the host’s')")
  const [a, b] = [await sqliteStore(connection, { prefix: 'a_' }), await sqliteStore(connection, { prefix: 'b_' })]
  const chat = await newChat(a, 'u')
  await Promise.all([a.appendMessages([message(chat)]), b.savePeople([], '2026-03-02T09:00:00.000Z')])
  expect(await b.findChat(chat)).toBeUndefined()
  expect((await a.findChat(chat))?.last_seq).toBe(1)
  expect(a.epoch).not.toBe(b.epoch)
  expect(connection.prepare('SELECT * FROM support_users').all()).toEqual([{ mine: 'the host’s' }])
})
