// What a Node developer would write from the specification today: Express 5 and Socket.IO 4.
import { createServer } from 'node:http'
import { Server, type DefaultEventsMap } from 'socket.io'
import { authenticate, mayFollow, openApp, store } from '../app/app.ts'
import type { Person } from '../app/store.ts'

const server = createServer(openApp())

type Acknowledge = ((answer: object) => void) | undefined
interface Asked {
  subscribe: (message: { chat_id?: string } | undefined, acknowledge: Acknowledge) => void
  send_message: (message: { chat_id?: string; content?: unknown } | undefined, acknowledge: Acknowledge) => void
}
const io = new Server<Asked, DefaultEventsMap, DefaultEventsMap, { person: Person }>(server)

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
      if (!(await mayFollow(person, chat_id))) return acknowledge?.({ error: 'rejected' })
      await socket.join(`chat:${chat_id}`)
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
