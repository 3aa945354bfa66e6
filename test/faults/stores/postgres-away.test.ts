import { Client } from 'pg'
import { afterAll, describe, expect } from 'vitest'
import { postgresStore } from '../../../src/stores/postgres.ts'
import { awayConformance } from '../../../src/testing/database-conformance/away.ts'
import { freshDatabase } from '../../support/databases.ts'
import { startPostgres } from '../../support/databases/postgres.ts'

const database = await freshDatabase('postgres')
const url = database?.url ?? ''
afterAll(() => database?.drop())

describe.skipIf(!database)('on a real PostgreSQL', () => {
  awayConformance('postgres', {
    open: (prefix) => postgresStore(url, { prefix }),
    openUrl: (other) => postgresStore(other),
    async holdChat(prefix, chatId) {
      const client = new Client({ connectionString: url })
      await client.connect()
      await client.query('BEGIN')
      await client.query(`SELECT 1 FROM ${prefix}support_chats WHERE id = $1 FOR UPDATE`, [chatId])
      return () => client.end()
    },
    startServer: async () => (await startPostgres()) ?? expect.fail('There are no programs of PostgreSQL here'),
  })
})
