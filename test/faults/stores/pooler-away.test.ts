// A PostgreSQL that goes away behind its pooler, which stays.
import { afterAll, describe, expect } from 'vitest'
import { postgresStore } from '../../../src/stores/postgres.ts'
import { awayConformance } from '../../../src/testing/database-conformance/away.ts'
import type { MortalServer } from '../../../src/testing/database-conformance/kit.ts'
import { freshDatabase } from '../../support/databases.ts'
import { pgbouncerBefore, startPgbouncer } from '../../support/databases/pgbouncer.ts'
import { holdChatOnPostgres, startPostgres } from '../../support/databases/postgres.ts'

const database = await freshDatabase('postgres')
const pooler = database && (await pgbouncerBefore(database))
afterAll(async () => {
  await pooler?.remove()
  await database?.drop()
})

/** By default the pooler keeps requests waiting longer than the store waits, and looks for the database only now and then */
const IMPATIENT = ['query_wait_timeout = 1', 'server_login_retry = 1']

async function startServer(): Promise<MortalServer> {
  const server = (await startPostgres()) ?? expect.fail('There are no programs of PostgreSQL here')
  const front = (await startPgbouncer(server.url, ...IMPATIENT)) ?? expect.fail('There is no PgBouncer here')
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

describe.skipIf(!pooler)('behind a real PgBouncer', () => {
  awayConformance('pooled', {
    open: (prefix) => postgresStore(pooler?.url ?? '', { prefix, prepare: false }),
    openUrl: (other) => postgresStore(other, { prepare: false }),
    holdChat: (prefix, chatId) => holdChatOnPostgres(database?.url ?? '', prefix, chatId),
    startServer,
  })
})
