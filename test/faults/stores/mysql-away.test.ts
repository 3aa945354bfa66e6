import { afterAll, describe, expect } from 'vitest'
import { mysqlStore } from '../../../src/stores/mysql.ts'
import { awayConformance } from '../../../src/testing/database-conformance/away.ts'
import { freshDatabase } from '../../support/databases.ts'
import { holdChatOnMysql, startMysql } from '../../support/databases/mysql.ts'

const database = await freshDatabase('mysql')
const url = database?.url ?? ''
afterAll(() => database?.drop())

describe.skipIf(!database)('on a real MySQL or MariaDB', () => {
  awayConformance('mysql', {
    open: (prefix) => mysqlStore(url, { prefix }),
    openUrl: (other) => mysqlStore(other),
    holdChat: (prefix, chatId) => holdChatOnMysql(url, prefix, chatId),
    startServer: async () => (await startMysql()) ?? expect.fail('There are no programs of MySQL or MariaDB here'),
  })
})
