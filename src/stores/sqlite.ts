import type { Store } from '../server/ports/store/store.ts'
import { checkNaming } from './sql/naming.ts'
import { chats } from './sqlite/chats.ts'
import type { SqliteConnection } from './sqlite/connection.ts'
import { Database } from './sqlite/database.ts'
import { openFile, waitForNobody } from './sqlite/file.ts'
import { openOnHost } from './sqlite/host.ts'
import { incarnation } from './sqlite/incarnation.ts'
import { mails } from './sqlite/mails.ts'
import { messages } from './sqlite/messages.ts'
import { migrate, planMigrations } from './sqlite/migrate.ts'
import { notificationAccount } from './sqlite/notification-account.ts'
import { notifications } from './sqlite/notifications.ts'
import { people } from './sqlite/people.ts'
import { revocations } from './sqlite/revocations.ts'
import { messageSearch } from './sqlite/search.ts'

export type { SqliteConnection }

export interface SqliteOptions {
  /** Put before each table's name; without, they are support_users, support_chats … */
  prefix?: string
  /**
   * Staff can search what was written. It costs an index, which is made at the first start with it; while that lasts (six seconds for
   * a million messages, measured), nobody writes. Needs FTS5, which `node:sqlite` and better-sqlite3 have. Default: false
   */
  fullTextSearch?: boolean
}

/**
 * SQLite: WAL with `synchronous=FULL`, so that what was acknowledged survives a power cut. Statements run on the calling thread;
 * group commit makes that one fsync for everything that came in meanwhile. Brings its tables up to date first.
 *
 * @param database path of a file, made when absent; `:memory:` for one that ends with the process; or a connection of the host's,
 *   which stays the host's to close: a `DatabaseSync` of `node:sqlite` or a `Database` of better-sqlite3. What must be true of it
 *   stands beside `SqliteConnection`
 * @throws StoreUnavailable when the connection is taken, or the database locked, for more than five seconds
 * @throws Error when the file cannot be opened, is no database, or was written by a newer version; when an option cannot be right, or
 *   what was handed in cannot keep what is acknowledged
 * @example const deskbell = createDeskbell({ store: await sqliteStore('deskbell.db'), … })
 */
export async function sqliteStore(
  database: string | SqliteConnection,
  { prefix, fullTextSearch = false }: SqliteOptions = {},
): Promise<Store> {
  checkNaming({ prefix })
  if (typeof database !== 'string') {
    return storeOf(await openOnHost(database, prefix, fullTextSearch), fullTextSearch, () => undefined)
  }
  const connection = openFile(database)
  try {
    const db = new Database(connection, { prefix })
    await migrate(db, fullTextSearch)
    waitForNobody(connection)
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

const storeOf = (db: Database, fullTextSearch: boolean, close: () => void): Store => ({
  ...people(db),
  ...chats(db),
  ...messages(db),
  ...notifications(db),
  ...notificationAccount(db),
  ...mails(db),
  ...revocations(db),
  ...incarnation(db),
  ...(fullTextSearch ? messageSearch(db) : {}),
  migrate: () => migrate(db, fullTextSearch),
  close: async () => close(),
})
