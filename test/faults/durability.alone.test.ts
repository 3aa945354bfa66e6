// What was acknowledged is stored: the server, or the server of its database, is killed at random moments under twenty writers, who
// note what they were told.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startMongodb } from '../support/databases/mongodb.ts'
import { startMysql } from '../support/databases/mysql.ts'
import { startPostgres } from '../support/databases/postgres.ts'
import { pause } from '../support/desk.ts'
import { freshOn, type ServerEngine } from '../support/mongodb.ts'
import { ServerProcess } from '../support/server-process.ts'
import { Writers } from './durability/writers.ts'
import { mongodbTruth, mysqlTruth, postgresTruth, sqliteTruth, TRUTHS, type Truth } from './model/truth.ts'

const WRITERS = 20
const KILLS = Number(process.env['FAULT_KILLS'] ?? 8)
/** There a kill takes longer, and the code of a node is the same */
const SERVER_KILLS = Math.ceil(KILLS / 3)
/** Until everybody is answered by a node that found its database anew (ms) */
const SOON = 20_000
/** On MongoDB, an operation that the driver has lost ends after 15 seconds, and FerretDB is slow for so many writers */
const SOON_ON_MONGODB = 60_000

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

interface Place {
  url: string
  truth: () => Promise<Truth>
}

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'deskbell-faults-'))
  ends.push(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

async function serve(url: string): Promise<ServerProcess> {
  const server = await ServerProcess.start({ DATA_DIR: folder(), DATABASE_URL: url, BUS_URL: 'off' })
  ends.push(() => server.stop())
  return server
}

async function onSqlite(): Promise<Place> {
  const file = join(folder(), 'chat.db')
  return { url: `sqlite:${file}`, truth: async () => sqliteTruth(file) }
}

const onServer = (engine: ServerEngine) => async (): Promise<Place | undefined> => {
  const database = await freshOn(engine)
  if (!database) return undefined
  ends.push(() => database.drop())
  return { url: database.url, truth: () => TRUTHS[engine](database.url) }
}

async function check(writers: Writers, open: () => Promise<Truth>): Promise<void> {
  const truth = await open()
  await writers.check(truth)
  await truth.close()
}

/** All of them are at it; then at any moment */
async function anyMoment(writers: Writers): Promise<void> {
  await writers.allGoOn(0, SOON)
  await pause(Math.random() * 400)
}

describe('a node that is killed', () => {
  it.for([
    { name: 'SQLite', kills: KILLS, place: onSqlite },
    { name: 'PostgreSQL', kills: SERVER_KILLS, place: onServer('postgres') },
    { name: 'MariaDB', kills: SERVER_KILLS, place: onServer('mysql') },
    { name: 'MongoDB', kills: SERVER_KILLS, place: onServer('mongodb') },
  ])(
    `has stored on $name all that it acknowledged, over $kills kills under ${WRITERS} writers`,
    async ({ kills, place }, { skip }) => {
      const at = await place()
      if (!at) return skip('it is not on this machine')
      const server = await serve(at.url)
      const writers = await Writers.hire(server, WRITERS)
      ends.push(() => writers.close())
      for (let kill = 0; kill < kills; kill++) {
        writers.start()
        await anyMoment(writers)
        await server.kill()
        await server.start()
        await check(writers, at.truth)
      }
      expect(writers.refusals).toEqual(new Set())
    },
  )
})

describe('a database server that is killed', () => {
  it.for([
    { name: 'PostgreSQL', start: startPostgres, truthOf: postgresTruth, soon: SOON },
    { name: 'MariaDB', start: startMysql, truthOf: mysqlTruth, soon: SOON },
    { name: 'MongoDB', start: startMongodb, truthOf: mongodbTruth, soon: SOON_ON_MONGODB },
  ])(
    `has stored all that a node of $name acknowledged, and the node goes on by itself, over ${SERVER_KILLS} kills`,
    async ({ start, truthOf, soon }, { skip }) => {
      const database = await start()
      if (!database) return skip('it is not on this machine')
      ends.push(() => database.remove())
      const server = await serve(database.url)
      const { pid } = server
      const writers = await Writers.hire(server, WRITERS)
      ends.push(() => writers.close())
      writers.start()
      for (let kill = 0; kill < SERVER_KILLS; kill++) {
        await anyMoment(writers)
        await database.halt('SIGKILL')
        await database.start()
        await check(writers, () => truthOf(database.url))
        // What was on its way when it died, whatever became of it, is confirmed too, and the next one
        await writers.allGoOn(3, soon)
      }
      await check(writers, () => truthOf(database.url))
      expect([server.pid, server.isRunning]).toEqual([pid, true])
      // Nobody was told that it is their own fault
      expect(writers.refusals).toEqual(new Set(['unavailable']))
    },
  )
})
