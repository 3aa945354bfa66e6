// What a run left in the database, read past the server: every target stores messages in a table `support_messages`, and on MongoDB the newest
// are in the documents of their chats.
import { DatabaseSync } from 'node:sqlite'
import { MongoClient } from 'mongodb'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { Client } from 'pg'

/** `sqlite:FILE`, or a URL of PostgreSQL, MariaDB or MongoDB */
export type StoredIn = string

/** @returns `sender:number` of each row of this run, as often as it is there */
export async function storedNumbers(storedIn: StoredIn, mark: string): Promise<string[]> {
  const contents = await contentsOf(storedIn, mark)
  return contents.map((content) => content.slice(mark.length, content.indexOf('#', mark.length)))
}

const contentsOf = async (storedIn: StoredIn, mark: string): Promise<string[]> =>
  storedIn.startsWith('sqlite:')
    ? fromSqlite(storedIn.slice('sqlite:'.length), mark)
    : storedIn.startsWith('mongodb:')
      ? fromMongodb(storedIn, mark)
      : storedIn.startsWith('mysql:')
        ? fromMysql(storedIn, mark)
        : fromPostgres(storedIn, mark)

const OF_RUN = `SELECT content FROM support_messages WHERE substr(content, 1, `

function fromSqlite(file: string, mark: string): string[] {
  const database = new DatabaseSync(file)
  const rows = database.prepare(`${OF_RUN}?) = ?`).all(mark.length, mark) as { content: string }[]
  database.close()
  return rows.map(({ content }) => content)
}

async function fromPostgres(url: string, mark: string): Promise<string[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ content: string }>(`${OF_RUN}${mark.length}) = $1`, [mark])
    return rows.map(({ content }) => content)
  } finally {
    await client.end()
  }
}

async function fromMysql(url: string, mark: string): Promise<string[]> {
  const connection = await createConnection(url)
  try {
    const [rows] = await connection.query<(RowDataPacket & { content: string })[]>(`${OF_RUN}?) = ?`, [
      mark.length,
      mark,
    ])
    return rows.map(({ content }) => content)
  } finally {
    await connection.end()
  }
}

async function fromMongodb(url: string, mark: string): Promise<string[]> {
  const client = await new MongoClient(url).connect()
  try {
    // The chats first: what leaves one was in the collection before
    const chats = client.db().collection<{ messages: { id: string; content: string }[] }>('support_chats')
    const newest = (
      await chats.find().project<{ messages: { id: string; content: string }[] }>({ messages: 1 }).toArray()
    ).flatMap(({ messages }) => messages)
    const moved = await client.db().collection<{ id: string; content: string }>('support_messages').find().toArray()
    const byId = new Map([...moved, ...newest].map(({ id, content }) => [id, content]))
    return [...byId.values()].filter((content) => content.startsWith(mark))
  } finally {
    await client.close()
  }
}
