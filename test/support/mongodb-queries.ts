// What a client asks a server of MongoDB's protocol, and whether an index answers it. Read off the commands, because FerretDB does not explain
// how MongoDB would go about a query.
import { MongoClient, type CommandStartedEvent, type Db, type Document } from 'mongodb'
import { afterAll } from 'vitest'
import type { TestDatabase } from './databases.ts'

/** Queries that find a few documents, and need no index for it */
export const FEW: ReadonlySet<string> = new Set([
  // Those of one member of staff are sorted when they are found
  'push_subscriptions {"staff_id":"…"} {"renewed_at":-1,"_id":1}',
  // Empty without search, and with it there is an index: mongodb-search.test.ts
  'search {"chat_id":"…"} {}',
])

interface Query {
  collection: string
  filter: Document
  sort: Document
}
type Keys = Record<string, 1 | -1>

export interface RecordedQueries {
  /** Those that would read a whole collection to find some of it, or sort what they found */
  withoutIndex(db: Db): Promise<string[]>
}

/**
 * Connects a suite with its database, and records what the client asks. After the suite, the client is closed and the database dropped.
 * @param database undefined: there is none, and the suite is skipped
 */
export function connect(database: TestDatabase | undefined): { client: MongoClient; queries: RecordedQueries } {
  const client = new MongoClient(database?.url ?? 'mongodb://unused', { monitorCommands: true })
  afterAll(async () => {
    await client.close()
    await database?.drop()
  })
  return { client, queries: recordQueries(client) }
}

/** Records each query, update and removal, once for each shape */
function recordQueries(client: MongoClient): RecordedQueries {
  const queries = new Map<string, Query>()
  client.on('commandStarted', ({ commandName, command }: CommandStartedEvent) => {
    for (const query of queriesOf(commandName, command as Document)) queries.set(nameOf(query), query)
  })
  return {
    async withoutIndex(db) {
      const names = new Set([...queries.values()].map(({ collection }) => collection))
      const indexes = new Map<string, Keys[]>()
      for (const name of names)
        if ((await db.listCollections({ name }).toArray()).length > 0)
          indexes.set(
            name,
            (await db.collection(name).indexes()).map(({ key }) => key as Keys),
          )
      // A collection that is not there is read in no time
      const slow = [...queries].filter(([, query]) => !isIndexed(query, indexes.get(query.collection) ?? [{}]))
      return [...new Set(slow.map(([name]) => name))].sort()
    },
  }
}

function queriesOf(name: string, command: Document): Query[] {
  const collection = String(command[name])
  const one = (filter: unknown, sort: unknown = {}): Query => ({
    collection,
    filter: (filter ?? {}) as Document,
    // The driver has a sort as a Map, which keeps its order
    sort: sort instanceof Map ? (Object.fromEntries(sort) as Document) : ((sort ?? {}) as Document),
  })
  const parts = (list: unknown): Query[] => (list as { q: Document }[]).map(({ q }) => one(q))
  if (name === 'find') return [one(command['filter'], command['sort'])]
  if (name === 'distinct') return [one(command['query'])]
  if (name === 'findAndModify') return [one(command['query'], command['sort'])]
  if (name === 'update') return parts(command['updates'])
  if (name === 'delete') return parts(command['deletes'])
  if (name === 'aggregate') return [one((command['pipeline'] as Document[])[0]?.['$match'])]
  return []
}

/** As it is told of in a failure: without the prefix of a test's collections, and without values */
const nameOf = ({ collection, filter, sort }: Query): string =>
  `${collection.replace(/^.*support_/, '')} ${JSON.stringify(shapeOf(filter))} ${JSON.stringify(sort)}`

function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.every((one) => typeof one === 'object') ? value.map(shapeOf) : ['…']
  if (value === null || typeof value !== 'object') return value === null ? null : '…'
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shapeOf(one)]))
}

const isEquality = (condition: unknown): boolean =>
  condition === null || typeof condition !== 'object' || Object.keys(condition).every((key) => key === '$in')

/** Whether it finds the beginning of what is asked for, in the order that is asked for: forwards, or backwards */
function answers(index: Keys, { filter, sort }: Query): boolean {
  const keys = Object.keys(index)
  const firstOpen = keys.findIndex((key) => !(key in filter && isEquality(filter[key])))
  const fixed = firstOpen === -1 ? keys.length : firstOpen
  const wanted = Object.entries(sort)
  if (wanted.length === 0) return fixed > 0 || (keys[0] ?? '') in filter
  const following = keys.slice(fixed, fixed + wanted.length)
  const directions = new Set(wanted.map(([key, direction]) => index[key] === direction))
  return following.join() === wanted.map(([key]) => key).join() && directions.size === 1
}

function isIndexed(query: Query, indexes: Keys[]): boolean {
  const { filter, sort } = query
  // Few documents, which are named; or all of them, in any order
  if (('_id' in filter && isEquality(filter['_id'])) || Object.keys({ ...filter, ...sort }).length === 0) return true
  if (indexes.some((index) => answers(index, query))) return true
  const either = filter['$or'] as Document[] | undefined
  return either !== undefined && either.every((one) => isIndexed({ ...query, filter: one }, indexes))
}
