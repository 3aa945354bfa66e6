// Databases of any size for the growth benchmark: a file, or a server of our own. Each fills itself.
import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Store } from '../../src/server/ports/store/store.ts'
import { mongoStore } from '../../src/stores/mongo.ts'
import { mysqlStore } from '../../src/stores/mysql.ts'
import { postgresStore } from '../../src/stores/postgres.ts'
import { sqliteStore } from '../../src/stores/sqlite.ts'
import { bulkSeed, type EngineName } from '../../src/testing/bulk-seed.ts'
import { startMongodb } from '../../test/support/databases/mongodb.ts'
import { onMysql, startMysql } from '../../test/support/databases/mysql.ts'
import { onPostgres, startPostgres } from '../../test/support/databases/postgres.ts'
import { seedMongodb } from './mongodb-seed.ts'

export interface GrowthDatabases {
  /** A store with so many chats in it */
  seeded(chats: number): Promise<Store>
  stop(): Promise<void>
}

export type GrowthEngine = EngineName | 'mongodb'

export const startGrowth = (engine: GrowthEngine): Promise<GrowthDatabases> =>
  engine === 'sqlite'
    ? Promise.resolve(sqliteFiles())
    : engine === 'postgres'
      ? server(engine, startPostgres, postgresStore, onPostgres)
      : engine === 'mysql'
        ? server(engine, startMysql, mysqlStore, onMysql)
        : mongodb()

function sqliteFiles(): GrowthDatabases {
  const dir = mkdtempSync(join(tmpdir(), 'deskbell-growth-'))
  return {
    async seeded(chats) {
      const file = join(dir, `${chats}.db`)
      await (await sqliteStore(file)).close()
      const db = new DatabaseSync(file)
      db.exec('PRAGMA synchronous = OFF; BEGIN')
      for (const statement of bulkSeed('sqlite', chats)) db.exec(statement)
      db.exec('COMMIT')
      db.close()
      return sqliteStore(file)
    },
    stop: async () => rmSync(dir, { recursive: true, force: true }),
  }
}

async function server(
  engine: 'postgres' | 'mysql',
  start: typeof startPostgres,
  open: (url: string) => Promise<Store>,
  run: (url: string, sql: string) => Promise<void>,
): Promise<GrowthDatabases> {
  const running = await start()
  if (!running) throw new Error(`There are no programs of ${engine} here`)
  return {
    async seeded(chats) {
      const name = `growth_${chats}`
      await run(running.url, `CREATE DATABASE ${name}`)
      const url = new URL(running.url)
      url.pathname = `/${name}`
      await (await open(url.href)).close()
      for (const statement of bulkSeed(engine, chats)) await run(url.href, statement)
      return open(url.href)
    },
    stop: () => running.remove(),
  }
}

async function mongodb(): Promise<GrowthDatabases> {
  const running = await startMongodb({ isDurable: false })
  if (!running) throw new Error('There is neither mongod nor Go, which builds FerretDB')
  return {
    async seeded(chats) {
      const url = new URL(running.url)
      url.pathname = `/growth_${chats}`
      await seedMongodb(url.href, chats)
      return mongoStore(url.href)
    },
    stop: () => running.remove(),
  }
}
