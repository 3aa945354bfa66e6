// Real servers of MongoDB's protocol for tests. Where one comes from, in this order: DESKBELL_TEST_MONGODB (the URL of somebody who may
// create databases), `mongod` on the PATH, FerretDB where Go is on the machine. Without any, suites are skipped and say so; under CI,
// or with DESKBELL_TEST_ALL=1, that is a failure.
import type { Document } from 'mongodb'
import { freshDatabase, mustHaveAll, serverOfRun, type EngineName, type TestDatabase } from './databases.ts'
import { onMongodb } from './databases/mongodb.ts'

export interface MongoTestDatabase extends TestDatabase {
  /** FerretDB cannot do all that MongoDB can: test/support/ferretdb/README.md */
  isFerretdb: boolean
}

let made = 0

/** A new, empty database; undefined when there is no such server here */
export async function freshMongodb(): Promise<MongoTestDatabase | undefined> {
  const server = process.env['DESKBELL_TEST_MONGODB'] ?? (await serverOfRun('mongodb'))
  if (server === '') {
    const missing = 'No MongoDB for tests: set DESKBELL_TEST_MONGODB, or install mongod, or Go, which builds FerretDB'
    if (mustHaveAll()) throw new Error(missing)
    console.warn(`${missing}. Its suites are skipped.`)
    return undefined
  }
  const url = new URL(server)
  // The accounts of a server are mostly in `admin`, and are looked for in the database of the URL
  if (url.username !== '' && !url.searchParams.has('authSource'))
    url.searchParams.set('authSource', url.pathname.slice(1) || 'admin')
  url.pathname = `/deskbell_${process.pid}_${Date.now().toString(36)}_${made++}`
  const { ferretdbVersion } = await onMongodb<Document>(url.href, (db) => db.command({ buildInfo: 1 }))
  return {
    url: url.href,
    isFerretdb: ferretdbVersion !== undefined,
    drop: async () => void (await onMongodb(url.href, (db) => db.dropDatabase())),
  }
}

export type ServerEngine = EngineName | 'mongodb'

/** A new, empty database of any server; undefined when there is no such server here */
export const freshOn = (engine: ServerEngine): Promise<TestDatabase | undefined> =>
  engine === 'mongodb' ? freshMongodb() : freshDatabase(engine)
