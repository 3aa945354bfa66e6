import { Client, Pool } from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { freshDatabase } from '../support/databases.ts'
import { EMPTY_ALL } from '../support/databases/empty.ts'
import { holdChatOnPostgres, onPostgres } from '../support/databases/postgres.ts'
import { databaseConformance } from '../../src/testing/database-conformance.ts'
import { plansConformance, type Statement } from '../../src/testing/database-conformance/plans.ts'
import { storeConformance } from '../../src/testing/store-conformance.ts'
import { postgresMigrations, postgresStore, type PostgresPool } from '../../src/stores/postgres.ts'

const database = await freshDatabase('postgres')
const url = database?.url ?? ''
const pools: Pool[] = []
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()))
  await database?.drop()
})

function hostPool(config: object = {}): Pool {
  const pool = new Pool({ connectionString: url, ...config })
  pools.push(pool)
  // Dropping the database ends what is left of it
  pool.on('error', () => undefined)
  return pool
}

describe.skipIf(!database)('on a real PostgreSQL', () => {
  storeConformance('postgres', async () => {
    const store = await postgresStore(url)
    await onPostgres(url, EMPTY_ALL)
    return store
  })

  databaseConformance('postgres', {
    open: (prefix) => postgresStore(url, { prefix }),
    plan: (prefix) => postgresMigrations(url, { prefix }),
    run: (sql) => onPostgres(url, sql),
    holdChat: (prefix, chatId) => holdChatOnPostgres(url, prefix, chatId),
    async openCounted(prefix) {
      const pool = pools[0] ?? hostPool()
      let count = 0
      const counting: PostgresPool = {
        end: () => expect.fail('It is not ours'),
        async connect() {
          const client = await pool.connect()
          return {
            query: (query) => (count++, client.query(query)),
            release: (destroy) => client.release(destroy),
            on: (event, listener) => client.on(event, listener),
            off: (event, listener) => client.off(event, listener),
          }
        },
      }
      return { store: await postgresStore(counting, { prefix }), count: () => count }
    },
  })

  plansConformance(
    'postgres',
    {
      run: (sql) => onPostgres(url, sql),
      async openWatched(prefix) {
        const pool = hostPool()
        const statements: Statement[] = []
        const watched: PostgresPool = {
          end: () => expect.fail('It is not ours'),
          async connect() {
            const client = await pool.connect()
            return {
              query(query) {
                if (query.values) statements.push({ text: query.text, values: query.values })
                return client.query(query)
              },
              release: (destroy) => client.release(destroy),
              on: (event, listener) => client.on(event, listener),
              off: (event, listener) => client.off(event, listener),
            }
          },
        }
        return { store: await postgresStore(watched, { prefix }), statements }
      },
      async scans({ text, values }) {
        const isList = text.includes('order by "c"."last_message_at"')
        const client = new Client({ connectionString: url })
        await client.connect()
        // Planned with its values, as the first five times, and without, as afterwards
        await client.query('SET plan_cache_mode = force_generic_plan')
        await client.query(`PREPARE asked AS ${text}`)
        const nothing = values.length === 0 ? '' : `(${values.map(() => 'NULL').join()})`
        const plans = [
          await client.query<Record<'QUERY PLAN', string>>(`EXPLAIN ${text}`, values),
          await client.query<Record<'QUERY PLAN', string>>(`EXPLAIN EXECUTE asked${nothing}`),
        ]
        await client.end()
        return plans
          .flatMap((plan) => plan.rows.map((row) => row['QUERY PLAN']))
          .filter((line) => /Seq Scan on t/.test(line) || (/Sort {2}/.test(line) && isList))
      },
    },
    'postgres',
  )

  describe('postgres: a host’s own', () => {
    it('schema is made when it is absent, and holds everything', async () => {
      const nodes = await Promise.all(Array.from({ length: 5 }, () => postgresStore(url, { schema: 'support' })))
      const store = nodes[0] ?? expect.fail()
      await store.savePeople([{ id: 'u', email: 'u@example.com', name: null }], '2026-03-02T09:00:00.000Z')
      await store.savePeople([{ id: 'u', email: 'v@example.com', name: null }], '2026-03-02T09:00:00.000Z')
      expect(await store.findPerson('u')).toMatchObject({ email: 'v@example.com' })
      await onPostgres(url, 'SELECT * FROM support.support_users, support.support_migrations')
      expect(await postgresMigrations(url, { schema: 'support' })).toEqual([])
      await expect(postgresStore(url, { schema: 'a"b' })).rejects.toThrow(/schema/)
      await Promise.all(nodes.map((node) => node.close()))
    })

    it('pool may live in another time zone and read types in its own way', async () => {
      const pool = hostPool({
        options: '-c TimeZone=Asia/Kolkata -c DateStyle=ISO,DMY -c IntervalStyle=iso_8601',
        types: { getTypeParser: () => () => 'the host’s' },
      })
      const store = await postgresStore(pool, { prefix: 'zone_' })
      const time = '2026-03-02T23:30:00.007Z'
      await store.savePeople([{ id: 'u', email: 'u@example.com', name: null }], time)
      expect(await store.findPerson('u')).toMatchObject({ first_seen_at: time, last_seen_at: time })
      await store.close()
      expect((await pool.query('SELECT 1')).rowCount).toBe(1)
    })

    it('pool behind a pooler can do without prepared statements', async () => {
      const store = await postgresStore(hostPool(), { prefix: 'bare_', prepare: false })
      await store.savePeople([{ id: 'u', email: 'u@example.com', name: null }], '2026-03-02T09:00:00.000Z')
      expect(await store.findPerson('u')).toMatchObject({ id: 'u' })
    })

    it('database may be read-only for a while', async () => {
      const pool = hostPool({ max: 1 })
      const store = await postgresStore(pool, { prefix: 'calm_' })
      await pool.query('SET default_transaction_read_only = on')
      await expect(store.renewEpoch()).rejects.toMatchObject({ name: 'StoreUnavailable' })
      await pool.query('SET default_transaction_read_only = off')
      await store.renewEpoch()
    })
  })
})
