import type { Store } from '../server/ports/store/store.ts'
import { checkDatabase } from './check-database.ts'
import { checkNaming } from './sql/naming.ts'
import { activities } from './sqlite/activities.ts'
import { answers } from './sqlite/answers.ts'
import { attachments } from './sqlite/attachments.ts'
import { chats } from './sqlite/chats.ts'
import { colleagues } from './sqlite/colleagues.ts'
import type { SqliteConnection } from './sqlite/connection.ts'
import { Database } from './sqlite/database.ts'
import { allowances } from './sqlite/allowances.ts'
import { deliveries } from './sqlite/deliveries.ts'
import { beginToServe, openFile } from './sqlite/file.ts'
import { openOnHost, TAKES } from './sqlite/host.ts'
import { mails } from './sqlite/mails.ts'
import { messages } from './sqlite/messages.ts'
import { migrate, planMigrations } from './sqlite/migrator.ts'
import { notifications } from './sqlite/notifications.ts'
import { operations } from './sqlite/operations.ts'
import { people } from './sqlite/people.ts'
import { personalData } from './sqlite/personal-data.ts'
import { numbers } from './sqlite/numbers.ts'
import { ratings } from './sqlite/ratings.ts'
import { replies } from './sqlite/replies.ts'
import { retention } from './sqlite/retention.ts'
import { revocations } from './sqlite/revocations.ts'
import { search } from './sqlite/search.ts'
import { tags } from './sqlite/tags.ts'
import { visitors } from './sqlite/visitors.ts'
import { webhooks } from './sqlite/webhooks.ts'

export type { SqliteConnection }

export interface SqliteOptions {
  /** Put before each table's name. Default: none; tables are support_users, support_chats … */
  prefix?: string | undefined
  /**
   * Staff can search messages. It needs an index, which is made at the first start with this option; meanwhile (six seconds for a
   * million messages, measured) nobody can write. Needs FTS5, which `node:sqlite` and better-sqlite3 have. Default: false
   */
  fullTextSearch?: boolean | undefined
}

/**
 * SQLite: WAL with `synchronous=FULL`, so that acknowledged messages survive a power cut. Statements run on the calling thread; group
 * commit makes that one fsync for everything that came in meanwhile. Brings its tables up to date first.
 *
 * @param database path of a file, created when missing; `:memory:` for a database that ends with the process; or a connection of the
 *   host's, which the host closes: a `DatabaseSync` of `node:sqlite` or a `Database` of better-sqlite3. `SqliteConnection` says
 *   what it has to fulfil
 * @throws StoreUnavailable when the host has a transaction open, or the database is locked, for more than five seconds
 * @throws Error when the file cannot be opened, is not a database, or was written by a newer version; when an option is not valid, or
 *   the connection that was handed in could lose acknowledged messages
 * @example const deskbell = createDeskbell({ store: await sqliteStore('deskbell.db'), … })
 */
export async function sqliteStore(
  database: string | SqliteConnection,
  { prefix, fullTextSearch = false }: SqliteOptions = {},
): Promise<Store> {
  checkDatabase(database, { takes: TAKES, method: 'prepare' })
  checkNaming({ prefix })
  if (typeof database !== 'string') {
    return storeOf(await openOnHost(database, prefix, fullTextSearch), fullTextSearch, () => undefined)
  }
  const connection = openFile(database)
  try {
    const db = new Database(connection, { prefix })
    await migrate(db, fullTextSearch)
    beginToServe(connection)
    return storeOf(db, fullTextSearch, () => connection.close())
  } catch (error) {
    connection.close()
    throw error
  }
}

/** The SQL that `sqliteStore` would run first, to bring the tables up to date; nothing when they are */
export async function sqliteMigrations(
  database: string | SqliteConnection,
  { prefix, fullTextSearch = false }: SqliteOptions = {},
): Promise<string[]> {
  checkNaming({ prefix })
  return planMigrations(database, prefix, fullTextSearch)
}

function storeOf(db: Database, fullTextSearch: boolean, closeConnection: () => void): Store {
  return {
    ...people(db),
    ...chats(db),
    ...messages(db),
    ...activities(db),
    ...colleagues(db),
    ...attachments(db),
    ...notifications(db),
    ...retention(db),
    ...revocations(db),
    ...replies(db),
    ...numbers(db),
    ...ratings(db),
    ...answers(db),
    ...mails(db),
    ...deliveries(db),
    ...allowances(db),
    ...webhooks(db),
    ...personalData(db),
    ...visitors(db),
    ...tags(db),
    ...operations(db),
    ...(fullTextSearch ? search(db) : {}),
    accounts: async () => (await import('./sqlite/accounts.ts')).accounts(db),
    push: async () => (await import('./sqlite/push.ts')).push(db),
    migrate: () => migrate(db, fullTextSearch),
    async close() {
      if (db.close()) closeConnection()
    },
  }
}
