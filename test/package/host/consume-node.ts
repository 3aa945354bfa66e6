// A Node server that has everything the package comes with; it is compiled, not run.
import { createServer } from 'node:http'
import { DatabaseSync } from 'node:sqlite'
import {
  createDeskbell,
  DeskbellError,
  mailboxMailer,
  mongoMigrations,
  mongoStore,
  mysqlStore,
  natsBus,
  postgresBus,
  postgresMigrations,
  postgresStore,
  redisBus,
  smtpMailer,
  sqliteStore,
  type Bus,
  type ChatPage,
  type Deskbell,
  type Store,
} from 'deskbell'

export const stores: Promise<Store>[] = [
  sqliteStore('chat.db', { fullTextSearch: true }),
  sqliteStore(new DatabaseSync('app.db'), { prefix: 'chat_' }),
  postgresStore('postgres://localhost/app', { schema: 'support' }),
  mysqlStore('mysql://localhost/app', { prefix: 'chat_' }),
  mongoStore('mongodb://localhost/app', { prefix: 'chat_' }),
]
export const buses: Bus[] = [
  redisBus('redis://localhost', { channel: 'chat' }),
  natsBus('nats://localhost'),
  postgresBus('postgres://localhost/app'),
]
export const plans: Promise<string[]>[] = [
  postgresMigrations('postgres://localhost/app'),
  mongoMigrations('mongodb://localhost/app'),
]

const store = await sqliteStore(':memory:')
const options = { store, secret: 'x'.repeat(32), publicUrl: 'https://example.com', rateLimit: null }
export const read: Deskbell = createDeskbell({ ...options, mailer: mailboxMailer(store) })
const deskbell = createDeskbell({
  ...options,
  mailer: smtpMailer({ url: 'smtp://localhost', from: { name: 'Support', address: 'support@example.com' } }),
  onError: (error) => console.error(error instanceof DeskbellError ? error.code : error),
})
export const stopListening = deskbell.on('message', async ({ chat, message }) => {
  const { content, sender_type } = message
  if (sender_type === 'user') await deskbell.chats.markRead({ userId: chat.user_id, as: { id: content.slice(0, 9) } })
})
deskbell.on('archived', ({ at, chat }) => console.log(at.slice(0, 10), chat.id))
export async function greet(user: { id: number; email: string | null; name?: string }): Promise<string> {
  await deskbell.chats.open(user)
  const { message } = await deskbell.chats.send({ userId: user.id, as: { id: 'anna', name: 'Anna' }, content: 'Hello' })
  const { chats, next }: ChatPage = await deskbell.chats.list({ limit: 5 })
  return `${message.seq} ${chats.map((chat) => chat.user_name ?? chat.user_id).join()} ${next ?? ''}`
}
createServer(deskbell.listener).on('upgrade', deskbell.upgrade).listen(3000)
