// PostgreSQL behind a pooler in transaction mode, where nothing of a connection is anybody's for longer than a transaction. That the whole
// store keeps its promises there is proven in test/faults/stores/pooler.test.ts.
import { Client } from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { freshDatabase } from '../support/databases.ts'
import { pgbouncerBefore } from '../support/databases/pgbouncer.ts'
import { onPostgres } from '../support/databases/postgres.ts'
import { concurrentConformance } from '../../src/testing/database-conformance/concurrent.ts'
import { migratingConformance } from '../../src/testing/database-conformance/migrating.ts'
import { postgresMigrations, postgresStore } from '../../src/stores/postgres.ts'

const database = await freshDatabase('postgres')
const pooler = database && (await pgbouncerBefore(database))
const direct = database?.url ?? ''
const url = pooler?.url ?? ''
afterAll(async () => {
  await pooler?.remove()
  await database?.drop()
})

const kit = {
  open: (prefix: string) => postgresStore(url, { prefix, prepare: false }),
  plan: (prefix: string) => postgresMigrations(url, { prefix, prepare: false }),
  run: (sql: string) => onPostgres(direct, sql),
}

describe.skipIf(!pooler)('behind a real PgBouncer', () => {
  migratingConformance('pooled', kit)
  concurrentConformance('pooled', kit)

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
