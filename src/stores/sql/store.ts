import type { Store } from '../../server/ports/store/store.ts'
import { append } from './append.ts'
import { chats } from './chats.ts'
import { SqlDatabase } from './database.ts'
import { orUnavailable } from './driver.ts'
import type { Engine } from './engine.ts'
import { incarnation } from './incarnation.ts'
import { list } from './list.ts'
import { mails } from './mails.ts'
import { migrate, type MigrationHost } from './migrator.ts'
import type { Naming } from './naming.ts'
import { notificationAccount } from './notification-account.ts'
import { notifications } from './notifications.ts'
import { people } from './people.ts'
import { reading } from './reading.ts'
import { revocations } from './revocations.ts'

/**
 * The store over an engine, its tables up to date.
 * @param more what this engine can do and not every one
 */
export async function openStore(
  engine: Engine,
  host: MigrationHost,
  naming: Naming,
  more?: (database: SqlDatabase) => Partial<Store>,
): Promise<Store> {
  const database = new SqlDatabase(engine, host.lines, naming)
  const bringUpToDate = (): Promise<void> => orUnavailable(engine, migrate(host))
  try {
    await bringUpToDate()
    return {
      ...people(database),
      ...chats(database),
      ...list(database),
      ...append(database),
      ...reading(database),
      ...notifications(database),
      ...notificationAccount(database),
      ...mails(database),
      ...revocations(database),
      ...(await incarnation(database)),
      ...more?.(database),
      migrate: bringUpToDate,
      close: () => host.lines.close(),
    }
  } catch (error) {
    await host.lines.close()
    throw error
  }
}
