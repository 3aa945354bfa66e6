import { afterAll, describe, expect } from 'vitest'
import { postgresStore } from '../../../src/stores/postgres.ts'
import { awayConformance } from '../../../src/testing/database-conformance/away.ts'
import { freshDatabase } from '../../support/databases.ts'
import { holdChatOnPostgres, startPostgres } from '../../support/databases/postgres.ts'

const database = await freshDatabase('postgres')
const url = database?.url ?? ''
afterAll(() => database?.drop())

describe.skipIf(!database)('on a real PostgreSQL', () => {
  awayConformance('postgres', {
    open: (prefix) => postgresStore(url, { prefix }),
    openUrl: (other) => postgresStore(other),
    holdChat: (prefix, chatId) => holdChatOnPostgres(url, prefix, chatId),
    startServer: async () => (await startPostgres()) ?? expect.fail('There are no programs of PostgreSQL here'),
  })
})
