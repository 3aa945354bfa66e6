import { afterAll, describe } from 'vitest'
import { freshDatabase } from '../../test/support/databases.ts'
import { onMysql } from '../../test/support/databases/mariadb.ts'
import { storeConformance } from '../testing/store-conformance.ts'
import { mysqlStore } from './mysql.ts'

const database = await freshDatabase('mysql')
const url = database?.url ?? ''
afterAll(() => database?.drop())

describe.skipIf(!database)('on a real MariaDB', () => {
  storeConformance('mysql', async () => {
    const store = await mysqlStore(url)
    for (const table of ['mails', 'revocations', 'notifications', 'messages', 'chats', 'users']) {
      await onMysql(url, `DELETE FROM support_${table}`)
    }
    return store
  })
})
