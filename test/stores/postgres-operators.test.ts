// What operators do to a PostgreSQL under a running node, or before the first one.
import { afterAll, describe, expect, it } from 'vitest'
import { freshDatabase } from '../support/databases.ts'
import { onPostgres } from '../support/databases/postgres.ts'
import type { Store } from '../../src/server/ports/store/store.ts'
import { postgresStore } from '../../src/stores/postgres.ts'

const database = await freshDatabase('postgres')
const url = database?.url ?? ''
const role = `deskbell_${process.pid}`
const asRole = (): string => Object.assign(new URL(url), { username: role, password: 'secret' }).href
const stores: Store[] = []
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()))
  await database?.drop()
})

async function open(...asked: Parameters<typeof postgresStore>): Promise<Store> {
  const store = await postgresStore(...asked)
  stores.push(store)
  return store
}

describe.skipIf(!database)('postgres: operators', () => {
  it('may set another isolation for the database, also while ten nodes start at once', async () => {
    await onPostgres(
      url,
      `ALTER DATABASE "${new URL(url).pathname.slice(1)}" SET default_transaction_isolation = 'serializable'`,
    )
    const nodes = await Promise.all(Array.from({ length: 10 }, () => open(url, { prefix: 'isolated_' })))
    expect(new Set(nodes.map((node) => node.epoch)).size).toBe(1)
  })

  it('may make the schema, and give no right to make another; and take the login away for a while', async () => {
    await onPostgres(url, `CREATE ROLE ${role} LOGIN PASSWORD 'secret'`)
    try {
      await onPostgres(url, `CREATE SCHEMA theirs AUTHORIZATION ${role}`)
      const store = await postgresStore(asRole(), { schema: 'theirs' })
      await onPostgres(url, `ALTER ROLE ${role} NOLOGIN`)
      await onPostgres(url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${role}'`)
      await expect
        .poll(() => store.ping().catch((error: unknown) => error))
        .toMatchObject({
          name: 'StoreUnavailable',
          message: expect.stringContaining('not permitted to log in') as string,
        })
      await onPostgres(url, `ALTER ROLE ${role} LOGIN`)
      expect(await store.ping()).toMatchObject({ epoch: store.epoch })
      await store.close()
    } finally {
      await onPostgres(url, `DROP SCHEMA IF EXISTS theirs CASCADE; DROP OWNED BY ${role}; DROP ROLE ${role}`)
    }
  })
})
