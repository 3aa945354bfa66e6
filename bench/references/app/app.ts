// What the apps of Node developers have in common: a token stands in for a session (`user-1`), and `GET /support_chat` answers with a
// user's chat. DATABASE is `sqlite:FILE` or a URL of PostgreSQL.
import express, { type Express, type Request } from 'express'
import { openStore, type Person } from './store.ts'

export const store = openStore(process.env['DATABASE'] ?? '')

export async function authenticate(token: unknown): Promise<Person> {
  const id = /^(?:user|admin)-(\d+)$/.exec(String(token))?.[1]
  const person = id === undefined ? undefined : await store.person(id)
  if (!person) throw new Error('unauthorized')
  return person
}

/** A user has their own chat, staff have all. */
export async function mayFollow(person: Person, chatId: string): Promise<boolean> {
  const chat = await store.chat(chatId)
  return chat !== undefined && (person.role === 'admin' || String(chat.user_id) === String(person.id))
}

export const bearer = (request: Request): string => request.get('authorization')?.replace(/^Bearer /, '') ?? ''

export function openApp(): Express {
  const app = express()
  app.get('/support_chat', async (request, response) => {
    const person = await authenticate(bearer(request)).catch(() => undefined)
    if (!person) return response.status(401).json({ error: 'unauthorized' })
    response.json(await store.chatOf(person))
  })
  return app
}
