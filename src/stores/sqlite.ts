import type { Store } from '../server/ports/store.ts'
import { chats } from './sqlite/chats.ts'
import { Database } from './sqlite/database.ts'
import { incarnation } from './sqlite/incarnation.ts'
import { mails } from './sqlite/mails.ts'
import { messages } from './sqlite/messages.ts'
import { notificationAccount } from './sqlite/notification-account.ts'
import { notifications } from './sqlite/notifications.ts'
import { people } from './sqlite/people.ts'
import { revocations } from './sqlite/revocations.ts'
import { migrate, planMigrations } from './sqlite/migrate.ts'

/**
 * SQLite through `node:sqlite`: WAL with `synchronous=FULL`, so that what was acknowledged survives a power cut.
 * Statements run on the calling thread; group commit makes that one fsync for everything that came in meanwhile.
 *
 * @param file path of the database, made when absent; `:memory:` for one that ends with the process
 * @throws when the file cannot be opened, is no database, or was written by a newer version
 * @example const deskbell = await createDeskbell({ store: await sqliteStore('deskbell.db'), … })
 */
export async function sqliteStore(file: string): Promise<Store> {
  const db = new Database(file)
  await migrate(db.raw)
  db.serve()
  const own = incarnation(db)
  return {
    ...people(db),
    ...chats(db),
    ...messages(db),
    ...notifications(db),
    ...notificationAccount(db),
    ...mails(db),
    ...revocations(db),
    ...own,
    migrate: () => migrate(db.raw),
    close: async () => db.raw.close(),
  }
}

/** The SQL that `sqliteStore` would run first, to bring the tables up to date; nothing when they are */
export const sqliteMigrations = (file: string): Promise<string[]> => planMigrations(file)
