// A database of a node that dies at one of its writes: as that is sent, or when it was done and before its answer came. Afterwards nothing is
// answered any more.
import { MongoNetworkError, type Db } from 'mongodb'

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
  async function write(work: () => Promise<unknown>): Promise<unknown> {
    if (--left > 0) return work()
    isDead = true
    if (death === 'after') await work()
    return gone()
  }
  const dying = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return (...values: unknown[]): unknown => {
          if (isDead) return gone()
          const work = () => Reflect.apply(value, target, values) as Promise<unknown>
          return WRITES.has(String(name)) ? write(work) : work()
        }
      },
    })
  return {
    db: {
      databaseName: db.databaseName,
      command: (...values: Parameters<Db['command']>) => dying(db).command(...values),
      collection: ((...values: Parameters<Db['collection']>) => dying(db.collection(...values))) as Db['collection'],
    },
    dieAt(n, how) {
      left = n
      death = how
      isDead = false
    },
    isDead: () => isDead,
  }
}
