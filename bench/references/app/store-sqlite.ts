// One transaction per message, on SQLite.
import { randomUUID } from 'node:crypto'
import { newMessage } from '../message.ts'
import { INSERT_MESSAGE, openSqlite, TOUCH_CHAT } from '../sqlite.ts'
import type { Chat, Person, ReferenceStore } from './store.ts'

export function openSqliteStore(file: string): ReferenceStore {
  const database = openSqlite(file)
  const person = database.prepare('SELECT id, email, role FROM users WHERE id = ?')
  const chat = database.prepare('SELECT * FROM support_chats WHERE id = ?')
  const chatOf = database.prepare('SELECT * FROM support_chats WHERE user_id = ?')
  const addChat = database.prepare('INSERT INTO support_chats (id, user_id, created_at) VALUES (?, ?, ?)')
  const messages = database.prepare(
    'SELECT id, content, sender_type, read_at, created_at FROM support_messages WHERE chat_id = ? ORDER BY created_at',
  )
  const begin = database.prepare('BEGIN')
  const insert = database.prepare(INSERT_MESSAGE)
  const touch = database.prepare(TOUCH_CHAT)
  const commit = database.prepare('COMMIT')
  return {
    person: async (id) => person.get(id) as Person | undefined,
    chat: async (id) => chat.get(id) as Chat | undefined,
    async chatOf({ id }) {
      if (!chatOf.get(id)) addChat.run(randomUUID(), id, new Date().toISOString())
      const found = chatOf.get(id) as Chat
      return { ...found, messages: messages.all(found.id) }
    },
    async addMessage(chatId, content, sender) {
      const message = newMessage(content, sender)
      begin.run()
      insert.run(message.id, chatId, content, sender, message.created_at)
      touch.run(message.created_at, chatId)
      commit.run()
      return message
    },
  }
}
