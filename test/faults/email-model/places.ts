// Where the lives of e-mails are led: an empty database for each, one after the other where making one takes long.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { mongoStore, mysqlStore, postgresStore, sqliteStore, type Store } from '../../../src/entries/node.ts'
import { freshDatabase, type EngineName } from '../../support/databases.ts'
import { freshMongodb } from '../../support/mongodb.ts'

export interface Place {
  /** One more connection to it */
  open(): Promise<Store>
  /** Nobody is connected any more */
  leave(): Promise<void>
}

/** Places one after the other */
export interface Lane {
  enter(): Place
  end(): Promise<void>
}

/** References before what they refer to */
const TABLES = [
  'mails',
  'attachments',
  'notifications',
  'activities',
  'tags',
  'staff_mails',
  'messages',
  'chats',
  'users',
].map((name) => `support_${name}`)

export async function sqliteLane(): Promise<Lane> {
  const enter = (): Place => {
    const dir = mkdtempSync(join(tmpdir(), 'deskbell-email-'))
    return {
      open: () => sqliteStore(join(dir, 'chat.db')),
      leave: async () => rmSync(dir, { recursive: true, force: true }),
    }
  }
  return { enter, end: async () => undefined }
}

export const postgresLane = (): Promise<Lane | undefined> =>
  serverLane('postgres', postgresStore, async (url) => {
    const client = new pg.Client(url)
    await client.connect()
    return { run: (sql) => client.query(sql), end: () => client.end() }
  })

export const mysqlLane = (): Promise<Lane | undefined> =>
  serverLane('mysql', mysqlStore, async (url) => {
    const connection = await mysql.createConnection(url)
    return { run: (sql) => connection.query(sql), end: () => connection.end() }
  })

async function serverLane(
  engine: EngineName,
  open: (url: string) => Promise<Store>,
  connect: (url: string) => Promise<{ run: (sql: string) => Promise<unknown>; end: () => Promise<void> }>,
): Promise<Lane | undefined> {
  const database = await freshDatabase(engine)
  if (!database) return undefined
  const { run, end } = await connect(database.url)
  const place: Place = {
    open: () => open(database.url),
    async leave() {
      for (const table of TABLES) await run(`DELETE FROM ${table}`)
    },
  }
  return {
    enter: () => place,
    async end() {
      await end()
      await database.drop()
    },
  }
}

export async function mongodbLane(): Promise<Lane | undefined> {
  const database = await freshMongodb()
  if (!database) return undefined
  const client = await new MongoClient(database.url).connect()
  const place: Place = {
    open: () => mongoStore(database.url),
    async leave() {
      for (const { name } of await client.db().listCollections().toArray())
        if (name !== 'support_meta') await client.db().collection(name).deleteMany({})
    },
  }
  return {
    enter: () => place,
    async end() {
      await client.close()
      await database.drop()
    },
  }
}
