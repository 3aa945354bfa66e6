// What the database says, read past the server with SQL of its own.
import { DatabaseSync } from 'node:sqlite'
import mysql from 'mysql2/promise'
import pg from 'pg'

export interface LoggedMessage {
  seq: number
  content: string
  sender_type: 'user' | 'admin'
  isRead: boolean
}

export interface Truth {
  messages(chatId: string): Promise<LoggedMessage[]>
  /** The ids that the clients of its writers gave the activity, by seq */
  activity(chatId: string): Promise<{ seq: number; client_id: string | null }[]>
  archived(chatId: string): Promise<boolean>
  close(): Promise<void>
}

const MESSAGES = 'SELECT seq, content, sender_type, read_at FROM support_messages WHERE chat_id = ? ORDER BY seq'
const ACTIVITY = 'SELECT seq, client_id FROM support_activities WHERE chat_id = ? ORDER BY seq'
const ARCHIVED = 'SELECT archived_at FROM support_chats WHERE id = ?'

type Row = Record<string, unknown>
const logged = (row: Row): LoggedMessage => ({
  seq: Number(row['seq']),
  content: String(row['content']),
  sender_type: row['sender_type'] === 'admin' ? 'admin' : 'user',
  isRead: row['read_at'] !== null,
})

/** @param query runs SQL with one `?` */
const truthBy = (query: (sql: string, value: string) => Promise<Row[]>, close: () => Promise<void>): Truth => ({
  messages: async (chatId) => (await query(MESSAGES, chatId)).map(logged),
  activity: async (chatId) =>
    (await query(ACTIVITY, chatId)).map((row) => ({
      seq: Number(row['seq']),
      client_id: row['client_id'] as string | null,
    })),
  archived: async (chatId) => (await query(ARCHIVED, chatId)).some((row) => row['archived_at'] !== null),
  close,
})

export function sqliteTruth(file: string): Truth {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
  return truthBy(
    async (sql, value) => db.prepare(sql).all(value),
    async () => db.close(),
  )
}

export async function postgresTruth(url: string): Promise<Truth> {
  const client = new pg.Client(url)
  await client.connect()
  return truthBy(
    async (sql, value) => (await client.query<Row>(sql.replace('?', '$1'), [value])).rows,
    () => client.end(),
  )
}

export async function mysqlTruth(url: string): Promise<Truth> {
  const connection = await mysql.createConnection(url)
  return truthBy(
    async (sql, value) => (await connection.query<mysql.RowDataPacket[]>(sql, [value]))[0],
    () => connection.end(),
  )
}
