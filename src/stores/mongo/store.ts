import type { Store } from '../../server/ports/store/store.ts'
import { activities } from './activities.ts'
import { allowances } from './allowances.ts'
import { answers } from './answers.ts'
import { attachments } from './attachments.ts'
import { chats } from './chats.ts'
import { doWhatIsLeft } from './chat-writer.ts'
import { colleagues } from './colleagues.ts'
import type { MongoDatabase } from './database.ts'
import { deliveries } from './deliveries.ts'
import { mails } from './mails.ts'
import { messages } from './messages.ts'
import { migrate } from './migrator.ts'
import { notifications } from './notifications.ts'
import { numbers } from './numbers.ts'
import { operations } from './operations.ts'
import { people } from './people.ts'
import { personalData } from './personal-data.ts'
import { ratings } from './ratings.ts'
import { replies } from './replies.ts'
import { retention } from './retention.ts'
import { revocations } from './revocations.ts'
import { search } from './search/search.ts'
import { tags } from './tags.ts'
import { visitors } from './visitors.ts'
import { webhooks } from './webhooks.ts'

/** The store over a database, with its indexes up to date */
export async function openStore(db: MongoDatabase): Promise<Store> {
  const bringUpToDate = () => db.run(() => migrate(db))
  await bringUpToDate()
  const { epoch, ...rest } = await db.run(async () => {
    await doWhatIsLeft(db)
    return { ...(await operations(db)), ...(db.isSearched && (await search(db))) }
  })
  const facets = guarded(db, {
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
    ...rest,
  })
  return {
    ...facets,
    epoch,
    accounts: async () => guarded(db, (await import('./accounts.ts')).accounts(db)),
    push: async () => guarded(db, (await import('./push.ts')).push(db)),
    migrate: bringUpToDate,
    close: () => db.close(),
  }
}

/** Every method refuses once the store is closed, and says which of the driver's errors pass */
function guarded<Facets extends object>(db: MongoDatabase, facets: Facets): Facets {
  const methods = Object.entries(facets as Record<string, (...values: unknown[]) => Promise<unknown>>)
  return Object.fromEntries(
    methods.map(([name, method]) => [name, (...values: unknown[]) => db.run(() => method(...values))]),
  ) as Facets
}
