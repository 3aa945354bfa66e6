// One server per engine and test run, started when the first test file asks for it. It belongs to the process that vitest runs
// in, test files to others: so they ask over HTTP.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import { startMongodb } from './mongodb.ts'
import { startMysql } from './mysql.ts'
import { sweep } from './ownership.ts'
import { startPostgres } from './postgres.ts'
import type { DatabaseServer } from './process.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where to ask for the URL of a server: `/postgres`, `/mysql`, `/mongodb` */
    databases: string
  }
}

const START: Record<string, () => Promise<DatabaseServer | undefined>> = {
  '/postgres': () => startPostgres({ isDurable: false }),
  '/mysql': () => startMysql({ isDurable: false }),
  '/mongodb': () => startMongodb({ isDurable: false }),
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweep()
  const started = new Map<string, Promise<DatabaseServer | undefined>>()
  const desk = createServer((request, response) => {
    const path = request.url ?? ''
    const start = START[path]
    if (!start) return void response.writeHead(404).end()
    let server = started.get(path)
    if (!server) started.set(path, (server = start()))
    server.then(
      (found) => response.end(found?.url ?? ''),
      (error: Error) => response.writeHead(500).end(error.message),
    )
  }).listen(0, '127.0.0.1')
  // A busy client may use a connection at the moment in which the server finds it idle for too long
  desk.keepAliveTimeout = 0
  await once(desk, 'listening')
  project.provide('databases', `http://127.0.0.1:${(desk.address() as AddressInfo).port}`)
  return async () => {
    desk.close()
    for (const server of await Promise.allSettled(started.values())) {
      if (server.status === 'fulfilled') await server.value?.remove()
    }
  }
}
