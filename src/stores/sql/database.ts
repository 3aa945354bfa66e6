import { Kysely, type Transaction } from 'kysely'
import { StoreUnavailable } from '../../server/ports/store/store-unavailable.ts'
import { LinesDriver } from './driver.ts'
import type { Engine } from './engine.ts'
import type { Lines } from './line.ts'
import { NamesPlugin } from './names.ts'
import type { Naming } from './naming.ts'
import type { Tables } from './tables.ts'

/** How often a transaction that was given up in favour of another is tried again */
const TRIES = 6

export class SqlDatabase {
  readonly db: Kysely<Tables>
  readonly engine: Engine

  constructor(engine: Engine, lines: Lines, naming: Naming) {
    this.engine = engine
    this.db = new Kysely<Tables>({
      dialect: {
        createAdapter: () => engine.createAdapter(),
        createQueryCompiler: () => engine.createQueryCompiler(),
        createDriver: () => new LinesDriver(lines, engine),
        createIntrospector: () => {
          throw new Error('Not supported')
        },
      },
      plugins: naming.prefix === undefined && naming.schema === undefined ? [] : [new NamesPlugin(naming)],
    })
  }

  /** All of `work`, or nothing; more than once when others were in its way, so it must not touch anything but the database */
  readonly transaction = <T>(work: (trx: Transaction<Tables>) => Promise<T>): Promise<T> =>
    this.insist(() => this.db.transaction().execute(work))

  /** For a single statement that writes */
  readonly insist = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let tries = 1; ; tries++) {
      try {
        return await work()
      } catch (error) {
        const isConflict = error instanceof StoreUnavailable && this.engine.isConflict(error.cause)
        if (!isConflict || tries >= TRIES) throw error
        // Not all at the same time again
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * tries))
      }
    }
  }
}
