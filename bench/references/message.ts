// A message as the references store it and tell of it.
import { randomUUID } from 'node:crypto'

export interface Message {
  id: string
  content: string
  sender_type: 'user' | 'admin'
  read_at: null
  created_at: string
}

export interface Posted {
  chatId: string
  message: Message
}

export const newMessage = (content: string, sender_type: 'user' | 'admin'): Message => ({
  id: randomUUID(),
  content,
  sender_type,
  read_at: null,
  created_at: new Date().toISOString(),
})
