// A database of a node that dies at one of its writes: as that is sent, or when it was done and before its answer came. Afterwards nothing is
// answered any more.
import { MongoNetworkError, type Db } from 'mongodb'
import { interceptedDb } from './intercepted-db.ts'

const WRITES: ReadonlySet<string> = new Set([
  'bulkWrite',
  'deleteMany',
  'deleteOne',
  'findOneAndDelete',
  'findOneAndUpdate',
  'insertMany',
  'insertOne',
  'replaceOne',
  'updateMany',
  'updateOne',
])

export type Death = 'before' | 'after'

export interface DyingNode {
  db: Pick<Db, 'databaseName' | 'command' | 'collection'>
  /** It lives on, unless it dies at the n-th write from now on */
  dieAt(n: number, death: Death): void
  isDead(): boolean
}

export function dyingNode(db: Db): DyingNode {
  let left = Infinity
  let death: Death = 'before'
  let isDead = false
  const gone = (): never => {
    throw new MongoNetworkError('The node has died')
  }
  async function write(run: () => unknown): Promise<unknown> {
    if (--left > 0) return run()
    isDead = true
    if (death === 'after') await run()
    return gone()
  }
  return {
    db: interceptedDb(db, ({ name, run }) => {
      if (isDead) return gone()
      return WRITES.has(name) ? write(run) : run()
    }),
    dieAt(n, how) {
      left = n
      death = how
      isDead = false
    },
    isDead: () => isDead,
  }
}
