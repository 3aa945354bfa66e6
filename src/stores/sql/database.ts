import { Kysely, type Transaction } from 'kysely'
import { StoreUnavailable } from '../../server/ports/store.ts'
import { LinesDriver } from './driver.ts'
import type { Engine } from './engine.ts'
import type { Lines } from './line.ts'
import { NamesPlugin, type Naming } from './names.ts'
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

/** What an id of ours looks like. Whatever else a request names is unknown, and engines with a type for it need not be asked. */
export const isUuid = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)

/** ISO 8601 in UTC with milliseconds, as times of the port are */
export const isTime = (text: string): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) && !Number.isNaN(Date.parse(text))

/** Requests may name any whole number, columns of seq have four bytes */
export const asSeq = (n: number): number => Math.max(0, Math.min(n, 2_147_483_647))
