// What a Node developer would write from the specification today: Express 5 and Socket.IO 4. DATABASE is `sqlite:FILE` or a URL of
// PostgreSQL; PORT. A token stands in for a session: `user-1`.
import { createServer } from 'node:http'
import express, { type Request } from 'express'
import { Server, type DefaultEventsMap } from 'socket.io'
import type { Person } from './store.ts'
import { openPostgresStore } from './store-postgres.ts'
import { openSqliteStore } from './store-sqlite.ts'

const database = process.env['DATABASE'] ?? ''
const store = database.startsWith('sqlite:')
  ? openSqliteStore(database.slice('sqlite:'.length))
  : openPostgresStore(database)
const app = express()
const server = createServer(app)

type Acknowledge = ((answer: object) => void) | undefined
interface Asked {
  subscribe: (message: { chat_id?: string } | undefined, acknowledge: Acknowledge) => void
  send_message: (message: { chat_id?: string; content?: unknown } | undefined, acknowledge: Acknowledge) => void
}
const io = new Server<Asked, DefaultEventsMap, DefaultEventsMap, { person: Person }>(server)

async function authenticate(token: unknown): Promise<Person> {
  const id = /^(?:user|admin)-(\d+)$/.exec(String(token))?.[1]
  const person = id === undefined ? undefined : await store.person(id)
  if (!person) throw new Error('unauthorized')
  return person
}
const bearer = (request: Request): string => request.get('authorization')?.replace(/^Bearer /, '') ?? ''

app.get('/support_chat', async (request, response) => {
  const person = await authenticate(bearer(request)).catch(() => undefined)
  if (!person) return response.status(401).json({ error: 'unauthorized' })
  response.json(await store.chatOf(person))
})

io.use((socket, next) => {
  authenticate(socket.handshake.auth['token']).then((person) => {
    socket.data.person = person
    next()
  }, next)
})

io.on('connection', (socket) => {
  const { person } = socket.data
  const isStaff = person.role === 'admin'
  if (isStaff) void socket.join('admins')

  socket.on('subscribe', async ({ chat_id = '' } = {}, acknowledge) => {
    try {
      const chat = await store.chat(chat_id)
      const isTheirs = isStaff || String(chat?.user_id) === String(person.id)
      if (!chat || !isTheirs) return acknowledge?.({ error: 'rejected' })
      await socket.join(`chat:${chat.id}`)
      acknowledge?.({ ok: true })
    } catch (error) {
      acknowledge?.({ error: String(error) })
    }
  })

  socket.on('send_message', async ({ chat_id = '', content } = {}, acknowledge) => {
    try {
      if (!socket.rooms.has(`chat:${chat_id}`)) return acknowledge?.({ error: 'not subscribed' })
      if (typeof content !== 'string' || content.trim() === '') return acknowledge?.({ error: 'content is required' })
      const message = await store.addMessage(chat_id, content, person.role)
      io.to(`chat:${chat_id}`).emit('new_message', { type: 'new_message', message })
      const notification = { type: 'new_user_message', chat_id, user_email: person.email, message }
      if (!isStaff) io.to('admins').emit('new_user_message', notification)
      acknowledge?.({ ok: true })
    } catch (error) {
      acknowledge?.({ error: String(error) })
    }
  })
})

server.listen(Number(process.env['PORT']), '127.0.0.1', () => console.log('listening'))
process.on('SIGTERM', () => process.exit(0))
