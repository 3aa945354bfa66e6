// The whole store on PostgreSQL behind a pooler in transaction mode: the same statements as without one, so that `npm test` need not
// ask all of them twice.
import { afterAll, describe } from 'vitest'
import { postgresStore } from '../../../src/stores/postgres.ts'
import { storeConformance } from '../../../src/testing/store-conformance.ts'
import { freshDatabase } from '../../support/databases.ts'
import { EMPTY_ALL } from '../../support/databases/empty.ts'
import { pgbouncerBefore } from '../../support/databases/pgbouncer.ts'
import { onPostgres } from '../../support/databases/postgres.ts'

const database = await freshDatabase('postgres')
const pooler = database && (await pgbouncerBefore(database))
afterAll(async () => {
  await pooler?.remove()
  await database?.drop()
})

describe.skipIf(!pooler)('behind a real PgBouncer', () => {
  storeConformance('pooled', async () => {
    const store = await postgresStore(pooler?.url ?? '', { prepare: false })
    await onPostgres(database?.url ?? '', EMPTY_ALL)
    return store
  })
})
