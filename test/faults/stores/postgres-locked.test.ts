import { Client } from 'pg'
import { afterAll, expect, it } from 'vitest'
import { postgresStore } from '../../../src/stores/postgres.ts'
import { freshDatabase } from '../../support/databases.ts'

const database = await freshDatabase('postgres')
const url = database?.url ?? ''
afterAll(() => database?.drop())

/** Not within a transaction, which would see the same picture again and again */
async function waitingForLocks(): Promise<number> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
  )
  await client.end()
  return rows[0]?.n ?? NaN
}

it.skipIf(!database)(
  'what waits too long for a table that an operator locked is given up on the server as well',
  async () => {
    const store = await postgresStore(url, { prefix: 'locked_' })
    const operator = new Client({ connectionString: url })
    await operator.connect()
    await operator.query('BEGIN; LOCK TABLE locked_support_chats')
    const asked = Array.from({ length: 5 }, () => store.findChat('01950000-0000-7000-8000-000000000001'))
    const outcomes = Promise.allSettled(asked)
    await expect.poll(() => waitingForLocks()).toBe(5)
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'StoreUnavailable' } })
    await expect.poll(() => waitingForLocks()).toBe(0)
    await operator.query('ROLLBACK')
    await operator.end()
    expect(await store.findChat('01950000-0000-7000-8000-000000000001')).toBeUndefined()
    await store.close()
  },
)
