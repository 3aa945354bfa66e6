// One transaction per message, on PostgreSQL, over a pool of the driver's default of 10 connections.
import { Pool } from 'pg'
import type { Message } from '../message.ts'
import type { Chat, Person, ReferenceStore } from './store.ts'

const MESSAGE = 'id, content, sender_type, read_at, created_at'
const TOUCH = 'UPDATE support_chats SET last_message_at = $2, archived = false WHERE id = $1'
const INSERT = `INSERT INTO support_messages (chat_id, content, sender_type) VALUES ($1, $2, $3) RETURNING ${MESSAGE}`
const ADD_CHAT = `
  INSERT INTO support_chats (user_id) VALUES ($1) ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id RETURNING *`

export function openPostgresStore(url: string): ReferenceStore {
  const pool = new Pool({ connectionString: url })
  const one = async <Row extends object>(sql: string, values: unknown[]): Promise<Row | undefined> =>
    (await pool.query<Row>(sql, values)).rows[0]
  return {
    person: (id) => one<Person>('SELECT id, email, role FROM users WHERE id = $1', [id]),
    chat: (id) => one<Chat>('SELECT * FROM support_chats WHERE id = $1', [id]),
    async chatOf({ id }) {
      const chat =
        (await one<Chat>('SELECT * FROM support_chats WHERE user_id = $1', [id])) ?? (await one<Chat>(ADD_CHAT, [id]))
      if (!chat) throw new Error(`No chat of ${id}`)
      const sql = `SELECT ${MESSAGE} FROM support_messages WHERE chat_id = $1 ORDER BY created_at`
      return { ...chat, messages: (await pool.query(sql, [chat.id])).rows }
    },
    async addMessage(chatId, content, sender) {
      const client = await pool.connect()
      try {
        await client.query('BEGIN')
        const { rows } = await client.query<Message>(INSERT, [chatId, content, sender])
        const [message] = rows
        if (!message) throw new Error('Nothing was inserted')
        await client.query(TOUCH, [chatId, message.created_at])
        await client.query('COMMIT')
        return message
      } catch (error) {
        await client.query('ROLLBACK')
        throw error
      } finally {
        client.release()
      }
    },
  }
}
