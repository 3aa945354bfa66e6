// What the database says, read past the server with queries of its own.
import { DatabaseSync } from 'node:sqlite'
import { MongoClient } from 'mongodb'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { expect } from 'vitest'

export interface LoggedMessage {
  seq: number
  content: string
  sender_type: 'user' | 'admin'
  isRead: boolean
}

export interface LoggedActivity {
  seq: number
  client_id: string | null
  note: string | null
}

export interface LoggedChat {
  isArchived: boolean
  isBlocked: boolean
  assignee: string | null
}

export interface Truth {
  messages(chatId: string): Promise<LoggedMessage[]>
  /** By seq. `client_id`: that its writer's client gave it; `note`: what it says, of notes alone */
  activity(chatId: string): Promise<LoggedActivity[]>
  chat(chatId: string): Promise<LoggedChat>
  close(): Promise<void>
}

const MESSAGES = 'SELECT seq, content, sender_type, read_at FROM support_messages WHERE chat_id = ? ORDER BY seq'
const ACTIVITY = 'SELECT seq, client_id, kind, body FROM support_activities WHERE chat_id = ? ORDER BY seq'
const CHAT = 'SELECT archived_at, blocked_at, assignee_id FROM support_chats WHERE id = ?'

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
      note: row['kind'] === 'note' ? (JSON.parse(String(row['body'])) as { content: string }).content : null,
    })),
  async chat(chatId) {
    const [row = {}] = await query(CHAT, chatId)
    return {
      isArchived: row['archived_at'] !== null,
      isBlocked: row['blocked_at'] !== null,
      assignee: row['assignee_id'] as string | null,
    }
  },
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

type ChatOfTruth = Record<'archived_at' | 'blocked_at' | 'assignee_id', string | null> & { _id: string } & Record<
    'messages' | 'activities',
    Row[]
  >

export async function mongodbTruth(url: string): Promise<Truth> {
  const client = await new MongoClient(url).connect()
  const chats = client.db().collection<ChatOfTruth>('support_chats')
  /** The newest are in the chat, older ones in a collection, where they were before they left the chat */
  async function listed(chatId: string, name: 'messages' | 'activities'): Promise<Row[]> {
    const chat = await chats.findOne({ _id: chatId })
    const moved = await client.db().collection(`support_${name}`).find({ chat_id: chatId }).toArray()
    const bySeq = new Map([...moved, ...(chat?.[name] ?? [])].map((row: Row) => [Number(row['seq']), row]))
    return [...bySeq.values()].sort((a, b) => Number(a['seq']) - Number(b['seq']))
  }
  return {
    messages: async (chatId) => (await listed(chatId, 'messages')).map(logged),
    activity: async (chatId) =>
      (await listed(chatId, 'activities')).map((row) => ({
        seq: Number(row['seq']),
        client_id: row['client_id'] as string | null,
        note: row['kind'] === 'note' ? (JSON.parse(String(row['body'])) as { content: string }).content : null,
      })),
    async chat(chatId) {
      const chat = (await chats.findOne({ _id: chatId })) ?? expect.fail('There is no such chat')
      return {
        isArchived: chat.archived_at !== null,
        isBlocked: chat.blocked_at !== null,
        assignee: chat.assignee_id,
      }
    },
    close: () => client.close(),
  }
}

export const TRUTHS = { postgres: postgresTruth, mysql: mysqlTruth, mongodb: mongodbTruth }
