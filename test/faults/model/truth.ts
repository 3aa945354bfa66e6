// What the database says, read past the server with SQL of its own.
import { DatabaseSync } from 'node:sqlite'

export interface LoggedMessage {
  id: string
  seq: number
  content: string
  sender_type: 'user' | 'admin'
  sender_id: string
  read_at: string | null
}

export interface Truth {
  messages(chatId: string): LoggedMessage[]
  archived(chatId: string): boolean
  close(): void
}

export function sqliteTruth(file: string): Truth {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
  const messages = db.prepare(
    'SELECT id, seq, content, sender_type, sender_id, read_at FROM support_messages WHERE chat_id = ? ORDER BY seq',
  )
  const archived = db.prepare('SELECT archived_at IS NOT NULL AS archived FROM support_chats WHERE id = ?')
  return {
    messages: (chatId) => messages.all(chatId) as unknown as LoggedMessage[],
    archived: (chatId) => archived.get(chatId)?.['archived'] === 1,
    close: () => db.close(),
  }
}
