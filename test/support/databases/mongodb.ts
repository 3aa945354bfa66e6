// A server of MongoDB's protocol of one's own, on a free port and a temporary folder: `mongod` where it is on the machine, else FerretDB
// where Go is.
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { MongoClient, type Db } from 'mongodb'
import { freePort } from '../ports.ts'
import { buildFerretdb, ferretdbProgram } from './ferretdb.ts'
import { CONNECT_TIME, findProgram, quickPlace, runServer, temporaryFolder, type DatabaseServer } from './process.ts'

export const findMongod = (): string | undefined => findProgram(['mongod'])

/** Whether one can be started, without building FerretDB first: where tests have the URL of a server, it is not built */
export function canStartMongodb(): boolean {
  const ferretdb = ferretdbProgram()
  return findMongod() !== undefined || (ferretdb !== undefined && existsSync(ferretdb))
}

/**
 * Undefined when there is neither.
 * @param isDurable false: what was acknowledged need not outlive the machine, only the process, and FerretDB does not wait for the disk
 */
export async function startMongodb({ isDurable = true } = {}): Promise<DatabaseServer | undefined> {
  const mongod = findMongod()
  const command = mongod ?? (await buildFerretdb())
  if (command === undefined) return undefined
  const dir = temporaryFolder('mongodb', undefined, isDurable ? undefined : quickPlace())
  const data = join(dir, 'data')
  mkdirSync(data)
  const port = await freePort()
  const url = `mongodb://127.0.0.1:${port}/test`
  const args = mongod
    ? ['--dbpath', data, '--port', `${port}`, '--bind_ip', '127.0.0.1', '--nounixsocket']
    : [`127.0.0.1:${port}`, data, ...(isDurable ? [] : ['_pragma=synchronous(off)'])]
  return runServer({
    command,
    args,
    dir,
    user: undefined,
    url,
    stopSignal: 'SIGTERM',
    ping: async () => void (await onMongodb(url, (db) => db.command({ ping: 1 }))),
  })
}

/** Works in the database that the URL names, with a client for this alone */
export async function onMongodb<Result>(url: string, work: (db: Db) => Promise<Result>): Promise<Result> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: CONNECT_TIME })
  try {
    return await work(client.db())
  } finally {
    await client.close()
  }
}
