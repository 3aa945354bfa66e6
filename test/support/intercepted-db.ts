// A database of MongoDB's whose operations a test comes between: it may wait, do something before, or fail in their place.
import type { Collection, Db } from 'mongodb'

/** One operation on a collection: its name, what it was given, and how to do it */
export interface Operation {
  collection: string
  name: string
  values: unknown[]
  run: () => unknown
}

/** What a store asks of its database. @param around does each operation in its own way, or just runs it */
export function interceptedDb(
  db: Db,
  around: (operation: Operation) => unknown,
): Pick<Db, 'databaseName' | 'command' | 'collection'> {
  const intercepted = <Part extends Db | Collection>(part: Part, collection: string): Part =>
    new Proxy(part, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key)
        if (typeof value !== 'function') return value
        return (...values: unknown[]): unknown =>
          around({ collection, name: String(key), values, run: () => Reflect.apply(value, target, values) as unknown })
      },
    })
  return {
    databaseName: db.databaseName,
    command: (...values: Parameters<Db['command']>) => intercepted(db, '').command(...values),
    collection: ((...values: Parameters<Db['collection']>) =>
      intercepted(db.collection(...values), values[0])) as Db['collection'],
  }
}
