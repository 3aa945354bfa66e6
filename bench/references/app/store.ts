// What the apps need of their database.
import type { Message } from '../message.ts'
import { openPostgresStore } from './store-postgres.ts'
import { openSqliteStore } from './store-sqlite.ts'

export interface Person {
  id: number | string
  email: string
  role: 'user' | 'admin'
}

export interface Chat {
  id: string
  user_id: number | string
  [column: string]: unknown
}

export interface ReferenceStore {
  person(id: string): Promise<Person | undefined>
  chat(id: string): Promise<Chat | undefined>
  /** With its messages; made when there is none */
  chatOf(person: Person): Promise<Chat>
  addMessage(chatId: string, content: string, sender: Person['role']): Promise<Message>
}

/** @param database `sqlite:FILE` or a URL of PostgreSQL */
export const openStore = (database: string): ReferenceStore =>
  database.startsWith('sqlite:') ? openSqliteStore(database.slice('sqlite:'.length)) : openPostgresStore(database)
