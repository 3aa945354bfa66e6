// A backup, or somebody's forgotten transaction, has read a table when a new version wants to change it.
import mysql from 'mysql2/promise'
import { Client } from 'pg'
import { afterEach, expect, it } from 'vitest'
import { message, newChat } from '../../../src/testing/database-conformance/kit.ts'
import { addColumn } from '../../../src/stores/sql/migrations/add-column.ts'
import { MIGRATIONS, type Migration } from '../../../src/stores/sql/migrations/migrations.ts'
import { migrate, type MigrationHost } from '../../../src/stores/sql/migrator.ts'
import { mysqlStore } from '../../../src/stores/mysql.ts'
import { brandOf, mysqlMigration } from '../../../src/stores/mysql/migration.ts'
import { connectMysql, mysqlConnectionPool } from '../../../src/stores/mysql/pool.ts'
import { postgresStore } from '../../../src/stores/postgres.ts'
import { postgresMigration } from '../../../src/stores/postgres/migration.ts'
import { connectPostgres, postgresConnectionPool } from '../../../src/stores/postgres/pool.ts'
import { freshDatabase, type EngineName } from '../../support/databases.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const later: Migration = (engine) => [
  addColumn(engine, { table: 'support_chats', name: 'later', type: engine.types.integer }),
]
const NEXT = [...MIGRATIONS, later]

/** @returns ends the transaction */
async function readOnPostgres(url: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query('BEGIN')
  await client.query('SELECT 1 FROM support_chats')
  return () => client.end()
}
/** @returns ends the transaction */
async function readOnMysql(url: string): Promise<() => Promise<void>> {
  const client = await mysql.createConnection(url)
  await client.query('START TRANSACTION')
  await client.query('SELECT 1 FROM support_chats')
  return () => client.end()
}

async function hostOnMysql(url: string): Promise<MigrationHost> {
  const pool = mysqlConnectionPool(await connectMysql(url), true)
  return mysqlMigration(pool, await brandOf(pool), {})
}
const hostOnPostgres = async (url: string): Promise<MigrationHost> =>
  postgresMigration(postgresConnectionPool(await connectPostgres(url), true, true), {}, false)

it.each([
  { engine: 'postgres', open: postgresStore, hostOn: hostOnPostgres, read: readOnPostgres, tool: 'pg_stat_activity' },
  { engine: 'mysql', open: mysqlStore, hostOn: hostOnMysql, read: readOnMysql, tool: 'PROCESSLIST' },
] satisfies { engine: EngineName; [part: string]: unknown }[])(
  'a transaction that goes on reading a table of $engine keeps no message from being stored, and the migration says why it gave up',
  async ({ engine, open, hostOn, read, tool }) => {
    const database = await freshDatabase(engine)
    if (!database) return
    ends.push(() => database.drop())
    const store = await open(database.url)
    ends.push(() => store.close())
    const host = await hostOn(database.url)
    ends.push(() => host.pool.close())
    const chat = await newChat(store, 'u')
    await store.appendMessages([message(chat)])
    const endTransaction = await read(database.url)

    let isOver = false
    const migrated = migrate(host, NEXT).finally(() => (isOver = true))
    const refusal = expect(migrated).rejects.toMatchObject({
      name: 'StoreUnavailable',
      message: expect.stringMatching(`used them for half a minute.*${tool}`) as string,
    })
    while (!isOver) expect(await store.appendMessages([message(chat)])).toMatchObject([{ kind: 'stored' }])
    await refusal

    await endTransaction()
    await migrate(host, NEXT)
    expect(await store.appendMessages([message(chat)])).toMatchObject([{ kind: 'stored' }])
  },
)
