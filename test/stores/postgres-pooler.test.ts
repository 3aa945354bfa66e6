// PostgreSQL behind a pooler in transaction mode, where nothing of a connection is anybody's for longer than a transaction.
import { Client } from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { freshDatabase } from '../support/databases.ts'
import { pgbouncerBefore, startPgbouncer } from '../support/databases/pgbouncer.ts'
import { onPostgres, startPostgres } from '../support/databases/postgres.ts'
import { awayConformance } from '../../src/testing/database-conformance/away.ts'
import { concurrentConformance } from '../../src/testing/database-conformance/concurrent.ts'
import type { DatabaseKit, MortalServer } from '../../src/testing/database-conformance/kit.ts'
import { migratingConformance } from '../../src/testing/database-conformance/migrating.ts'
import { storeConformance } from '../../src/testing/store-conformance.ts'
import { postgresMigrations, postgresStore } from '../../src/stores/postgres.ts'

const database = await freshDatabase('postgres')
const pooler = database && (await pgbouncerBefore(database))
const direct = database?.url ?? ''
const url = pooler?.url ?? ''
afterAll(async () => {
  await pooler?.remove()
  await database?.drop()
})

const TABLES = ['users', 'chats', 'messages', 'notifications', 'mails', 'revocations'].map((t) => `support_${t}`)

/** Else what asks waits for us to lose patience, and once the database is back nobody looks for a while */
const AWAY = ['query_wait_timeout = 1', 'server_login_retry = 1']

/** A database that goes away behind its pooler, which stays */
async function startServer(): Promise<MortalServer> {
  const server = (await startPostgres()) ?? expect.fail('There are no programs of PostgreSQL here')
  const front = (await startPgbouncer(server.url, ...AWAY)) ?? expect.fail('There is no PgBouncer here')
  return {
    url: front.url,
    halt: (signal) => server.halt(signal),
    start: () => server.start(),
    async remove() {
      await front.remove()
      await server.remove()
    },
  }
}

const kit: DatabaseKit = {
  open: (prefix) => postgresStore(url, { prefix, prepare: false }),
  openUrl: (other) => postgresStore(other, { prepare: false }),
  plan: (prefix) => postgresMigrations(url, { prefix, prepare: false }),
  run: (sql) => onPostgres(direct, sql),
  openCounted: () => expect.fail('Round trips are counted without a pooler'),
  async holdChat(prefix, chatId) {
    const client = new Client({ connectionString: direct })
    await client.connect()
    await client.query('BEGIN')
    await client.query(`SELECT 1 FROM ${prefix}support_chats WHERE id = $1 FOR UPDATE`, [chatId])
    return () => client.end()
  },
  startServer,
}

describe.skipIf(!pooler)('behind a real PgBouncer', () => {
  storeConformance('pooled', async () => {
    const store = await postgresStore(url, { prepare: false })
    await onPostgres(direct, `TRUNCATE ${TABLES.join()}`)
    return store
  })
  migratingConformance('pooled', kit)
  concurrentConformance('pooled', kit)
  awayConformance('pooled', kit)

  it('leaves nothing of its own on the connections that it had', async () => {
    const store = await kit.open('clean_')
    await Promise.all(Array.from({ length: 20 }, () => store.ping()))
    const client = new Client({ connectionString: url })
    await client.connect()
    for (let i = 0; i < 20; i++) {
      const { rows } = await client.query(
        `SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock,
          (SELECT count(*)::int FROM pg_prepared_statements) AS prepared`,
      )
      expect(rows).toEqual([{ statement: '0', lock: '0', prepared: 0 }])
    }
    await client.end()
    await store.close()
  })
})
