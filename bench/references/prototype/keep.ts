// Where the prototype keeps messages: nowhere, or in one commit for everything that waits.
import { createConnection } from 'mysql2/promise'
import { Client } from 'pg'
import type { Posted } from '../message.ts'
import { INSERT_MESSAGE, openSqlite, TOUCH_CHAT } from '../sqlite.ts'
import type { Keep } from './server.ts'

export const keepNothing: Keep = (posted, publish) => publish(posted)

/** One transaction for all messages of a turn of the event loop */
export function keepInSqlite(file: string): Keep {
  const database = openSqlite(file)
  const insert = database.prepare(INSERT_MESSAGE)
  const touch = database.prepare(TOUCH_CHAT)
  const begin = database.prepare('BEGIN')
  const commit = database.prepare('COMMIT')
  let waiting: Posted[] = []

  function write(batch: Posted[]): void {
    begin.run()
    for (const { chatId, message } of batch) {
      insert.run(message.id, chatId, message.content, message.sender_type, message.created_at)
      touch.run(message.created_at, chatId)
    }
    commit.run()
  }
  return (posted, publish) => {
    if (waiting.push(posted) > 1) return
    setImmediate(() => {
      const batch = waiting
      waiting = []
      write(batch)
      batch.forEach(publish)
    })
  }
}

const WRITE_BATCH = `
  WITH m AS (
    INSERT INTO support_messages (id, chat_id, content, sender_type, created_at)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[]) RETURNING chat_id, created_at)
  UPDATE support_chats c SET last_message_at = x.at, archived = false
  FROM (SELECT chat_id, max(created_at) at FROM m GROUP BY 1) x WHERE c.id = x.chat_id`

/** All messages that came while the last were written, together */
function keepTogether(write: (batch: Posted[]) => Promise<unknown>): Keep {
  let waiting: Posted[] = []
  let isBusy = false

  async function flush(publish: (posted: Posted) => void): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      await write(batch)
      batch.forEach(publish)
    }
    isBusy = false
  }
  return (posted, publish) => {
    waiting.push(posted)
    if (isBusy) return
    isBusy = true
    setImmediate(() => void flush(publish))
  }
}

/** One statement, on one connection */
export async function keepInPostgres(url: string): Promise<Keep> {
  const client = new Client({ connectionString: url })
  await client.connect()
  return keepTogether((batch) => {
    const values = [
      batch.map(({ message }) => message.id),
      batch.map(({ chatId }) => chatId),
      batch.map(({ message }) => message.content),
      batch.map(({ message }) => message.sender_type),
      batch.map(({ message }) => message.created_at),
    ]
    return client.query({ name: 'write', text: WRITE_BATCH, values })
  })
}

const INSERT_ALL = 'INSERT INTO support_messages (id, chat_id, content, sender_type, created_at) VALUES ?'
const TOUCH_ALL = 'UPDATE support_chats SET last_message_at = ?, archived = false WHERE id IN (?)'

/** A transaction of two statements, in one round trip, on one connection. All chats of a batch get the time of its last message. */
export async function keepInMysql(uri: string): Promise<Keep> {
  const connection = await createConnection({ uri, multipleStatements: true })
  return keepTogether((batch) => {
    const rows = batch.map(({ chatId, message: { id, content, sender_type, created_at } }) => [
      id,
      chatId,
      content,
      sender_type,
      timeOf(created_at),
    ])
    const last = timeOf(batch.at(-1)?.message.created_at ?? '')
    const chats = batch.map(({ chatId }) => chatId)
    return connection.query(`BEGIN; ${INSERT_ALL}; ${TOUCH_ALL}; COMMIT`, [rows, last, chats])
  })
}

const timeOf = (iso: string): string => iso.slice(0, -1)
