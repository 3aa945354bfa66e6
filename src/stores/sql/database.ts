import { Kysely, type Transaction } from 'kysely'
import { StoreUnavailable } from '../../server/ports/store/store-unavailable.ts'
import type { ConnectionPool } from './connection-pool.ts'
import { PoolDriver } from './driver.ts'
import type { Engine } from './engine.ts'
import { NamesPlugin } from './names.ts'
import type { Naming } from './naming.ts'
import { RememberedChats } from './remembered-chats.ts'
import type { Tables } from './tables.ts'

/** How often a transaction is tried that was aborted in favour of another */
const TRIES = 6

export class SqlDatabase {
  readonly db: Kysely<Tables>
  readonly engine: Engine
  /** Messages are indexed for a search as they are appended, where the engine does not do that by itself */
  readonly isIndexing: boolean
  readonly remembered = new RememberedChats()

  constructor(engine: Engine, pool: ConnectionPool, naming: Naming, isIndexing = false) {
    this.engine = engine
    this.isIndexing = isIndexing
    this.db = new Kysely<Tables>({
      dialect: {
        createAdapter: () => engine.createAdapter(),
        createQueryCompiler: () => engine.createQueryCompiler(),
        createDriver: () => new PoolDriver(pool, engine),
        createIntrospector: () => {
          throw new Error('Not supported')
        },
      },
      plugins: naming.prefix === undefined && naming.schema === undefined ? [] : [new NamesPlugin(naming)],
    })
  }

  /** All of `work`, or nothing. `work` runs again after a conflict, so it must not change anything but the database. */
  readonly transaction = <T>(work: (trx: Transaction<Tables>) => Promise<T>): Promise<T> =>
    this.insist(() => this.db.transaction().execute(work))

  /** Several steps on one connection, which a close of the store waits for. `work` runs again after a conflict, as in `transaction`. */
  readonly connected = <T>(work: (connection: Kysely<Tables>) => Promise<T>): Promise<T> =>
    this.insist(() => this.db.connection().execute(work))

  /** Repeats `work` after a conflict. For single statements that write. */
  readonly insist = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let tries = 1; ; tries++) {
      try {
        return await work()
      } catch (error) {
        const isConflict =
          error instanceof StoreUnavailable && error.cause !== undefined && this.engine.isConflict(error.cause)
        if (!isConflict || tries >= TRIES) throw error
        // So that those in conflict do not meet again
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * tries))
      }
    }
  }
}
