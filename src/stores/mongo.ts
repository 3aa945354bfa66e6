import type { Db } from 'mongodb'
import type { Store } from '../server/ports/store/store.ts'
import { checkDatabase, type Accepted } from './check-database.ts'

const ACCEPTED: Accepted = {
  takes: 'mongoStore takes a URL such as mongodb://localhost/app, or a database such as client.db()',
  method: 'collection',
  urls: ['mongodb://', 'mongodb+srv://'],
}

/** What is asked of `mongodb`'s `Db`. It is described by its shape, since a host hands in one of its own version */
export interface MongoDb {
  readonly databaseName: string
  collection(name: string): object
  command(command: object): Promise<object>
}

export interface MongoOptions {
  /** Put before each collection's name. Default: none; collections are support_users, support_chats … */
  prefix?: string | undefined
  /** Staff can search messages (default: false). Each message then costs one more document, and the words of those that are there are gathered first */
  fullTextSearch?: boolean | undefined
}

/**
 * MongoDB through its official driver (`mongodb` 6 or newer). It needs no transactions, so no replica set either: what must change together is
 * one document. Brings its validators and indexes up to date first; any number of nodes may start at once. Run on FerretDB 1.24, and not yet on MongoDB's own server.
 *
 * @param database a URL, or a database of the host's `MongoClient`, which the host closes
 * @throws StoreUnavailable when the database cannot be reached
 * @throws Error when it was written by a newer version, or an option is not valid
 * @example const deskbell = createDeskbell({ store: await mongoStore(client.db('app'), { prefix: 'desk_' }), … })
 */
export async function mongoStore(database: string | MongoDb, options: MongoOptions = {}): Promise<Store> {
  checkDatabase(database, ACCEPTED)
  const { openStore } = await import('./mongo/store.ts')
  const { db, client } = await opened(database, options)
  try {
    const store = await openStore(db)
    if (!client) return store
    const close = async (): Promise<void> => {
      await store.close()
      await client.close()
    }
    return { ...store, close }
  } catch (error) {
    await client?.close()
    throw error
  }
}

/** What `mongoStore` would do first, to bring validators and indexes up to date, as one would type it in a shell; nothing when they are */
export async function mongoMigrations(database: string | MongoDb, options: MongoOptions = {}): Promise<string[]> {
  checkDatabase(database, ACCEPTED)
  const { planMigrations } = await import('./mongo/migrator.ts')
  const { db, client } = await opened(database, options)
  try {
    return await db.run(() => planMigrations(db))
  } finally {
    await client?.close()
  }
}

// Loaded when it is used
async function opened(database: string | MongoDb, { prefix, fullTextSearch = false }: MongoOptions) {
  const [{ checkNaming }, { MongoDatabase }, { connectMongo }, { explained }] = await Promise.all([
    import('./sql/naming.ts'),
    import('./mongo/database.ts'),
    import('./mongo/client.ts'),
    import('./mongo/errors.ts'),
  ])
  checkNaming({ prefix })
  const naming = { ...(prefix !== undefined && { prefix }), fullTextSearch }
  if (typeof database !== 'string') return { db: new MongoDatabase(database as Db, naming) }
  const own = await connectMongo(database).catch((error: unknown) => {
    throw explained(error)
  })
  return { db: new MongoDatabase(own.client.db(), { ...naming, renew: () => own.renew() }), client: own }
}
