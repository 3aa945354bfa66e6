import type { Store } from '../server/ports/store.ts'
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

export type { SqliteConnection }

export interface SqliteOptions {
  /** Put before each table's name; without, they are support_users, support_chats … */
  prefix?: string
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
export async function sqliteStore(database: string | SqliteConnection, { prefix }: SqliteOptions = {}): Promise<Store> {
  checkNaming({ prefix })
  if (typeof database !== 'string') return storeOf(await openOnHost(database, prefix), () => undefined)
  const connection = openFile(database)
  try {
    const db = new Database(connection, { prefix })
    await migrate(db)
    waitForNobody(connection)
    return storeOf(db, () => connection.close())
  } catch (error) {
    connection.close()
    throw error
  }
}

/** The SQL that `sqliteStore` would run first, to bring the tables up to date; nothing when they are */
export async function sqliteMigrations(
  database: string | SqliteConnection,
  { prefix }: SqliteOptions = {},
): Promise<string[]> {
  checkNaming({ prefix })
  return planMigrations(database, prefix)
}

const storeOf = (db: Database, close: () => void): Store => ({
  ...people(db),
  ...chats(db),
  ...messages(db),
  ...notifications(db),
  ...notificationAccount(db),
  ...mails(db),
  ...revocations(db),
  ...incarnation(db),
  migrate: () => migrate(db),
  close: async () => close(),
})
