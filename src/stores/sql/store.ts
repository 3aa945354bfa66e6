import type { SearchStore } from '../../server/ports/store/search.ts'
import type { Store } from '../../server/ports/store/store.ts'
import { activities } from './activities.ts'
import { answers } from './answers.ts'
import { attachments } from './attachments.ts'
import { chats } from './chats.ts'
import { colleagues } from './colleagues.ts'
import { SqlDatabase } from './database.ts'
import type { Engine } from './engine.ts'
import { allowances } from './allowances.ts'
import { deliveries } from './deliveries.ts'
import { orUnavailable } from './errors.ts'
import { mails } from './mails.ts'
import { messages } from './messages.ts'
import { migrate, type MigrationHost } from './migrator.ts'
import type { Naming } from './naming.ts'
import { notifications } from './notifications.ts'
import { operations } from './operations.ts'
import { people } from './people.ts'
import { personalData } from './personal-data.ts'
import { numbers } from './numbers.ts'
import { ratings } from './ratings.ts'
import { replies } from './replies.ts'
import { retention } from './retention.ts'
import { revocations } from './revocations.ts'
import { tags } from './tags.ts'
import { visitors } from './visitors.ts'
import { webhooks } from './webhooks.ts'

/**
 * The store over an engine, with its tables up to date. Closes the pool when it fails.
 * @param search only where the engine can search and was asked to
 */
export async function openStore(
  engine: Engine,
  host: MigrationHost,
  naming: Naming,
  search?: (database: SqlDatabase) => SearchStore | Promise<SearchStore>,
): Promise<Store> {
  const database = new SqlDatabase(engine, host.pool, naming, search !== undefined)
  const bringUpToDate = (): Promise<void> => orUnavailable(engine, migrate(host))
  try {
    await bringUpToDate()
    return {
      ...people(database),
      ...chats(database),
      ...messages(database),
      ...activities(database),
      ...colleagues(database),
      ...attachments(database),
      ...notifications(database),
      ...retention(database),
      ...revocations(database),
      ...replies(database),
      ...numbers(database),
      ...ratings(database),
      ...answers(database),
      ...mails(database),
      ...deliveries(database),
      ...allowances(database),
      ...webhooks(database),
      ...personalData(database),
      ...visitors(database),
      ...tags(database),
      ...(await operations(database)),
      ...(await search?.(database)),
      accounts: async () => (await import('./accounts.ts')).accounts(database),
      push: async () => (await import('./push.ts')).push(database),
      migrate: bringUpToDate,
      close: () => host.pool.close(),
    }
  } catch (error) {
    await host.pool.close()
    throw error
  }
}
