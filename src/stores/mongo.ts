import type { Db } from 'mongodb'
import type { Store } from '../server/ports/store/store.ts'

export interface MongoOptions {
  /** Put before each collection's name. Default: none; collections are support_users, support_chats … */
  prefix?: string
}

/**
 * MongoDB through the host's `MongoClient` (`mongodb` 6 or newer), which the host closes. It needs no transactions, so no replica set either:
 * what must change together is one document. Staff cannot search messages. Brings its indexes up to date first; any number of nodes may start
 * at once.
 *
 * @throws StoreUnavailable when the database cannot be reached
 * @throws Error when it was written by a newer version, or an option is not valid
 * @example const deskbell = createDeskbell({ store: await mongoStore(client.db('app'), { prefix: 'desk_' }), … })
 */
export async function mongoStore(db: Db, options: MongoOptions = {}): Promise<Store> {
  const { openStore } = await import('./mongo/store.ts')
  return openStore(await databaseOf(db, options))
}

/** What `mongoStore` would do first, to bring the indexes up to date, as one would type it in a shell; nothing when they are */
export async function mongoMigrations(db: Db, options: MongoOptions = {}): Promise<string[]> {
  const { planMigrations } = await import('./mongo/migrator.ts')
  const database = await databaseOf(db, options)
  return database.run(() => planMigrations(database))
}

// Loaded when it is used
async function databaseOf(db: Db, { prefix }: MongoOptions) {
  const [{ checkNaming }, { MongoDatabase }] = await Promise.all([
    import('./sql/naming.ts'),
    import('./mongo/database.ts'),
  ])
  checkNaming({ prefix })
  return new MongoDatabase(db, prefix)
}
