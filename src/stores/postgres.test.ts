import { afterAll, describe } from 'vitest'
import { freshDatabase } from '../../test/support/databases.ts'
import { storeConformance } from '../testing/store-conformance.ts'
import { postgresStore } from './postgres.ts'
import { onPostgres } from '../../test/support/databases/postgres.ts'

const database = await freshDatabase('postgres')
const url = database?.url ?? ''
afterAll(() => database?.drop())

const TABLES = ['users', 'chats', 'messages', 'notifications', 'mails', 'revocations'].map((t) => `support_${t}`)

describe.skipIf(!database)('on a real PostgreSQL', () => {
  storeConformance('postgres', async () => {
    const store = await postgresStore(url)
    await onPostgres(url, `TRUNCATE ${TABLES.join()}`)
    return store
  })
})
