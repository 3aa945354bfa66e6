// A Node server that has everything the package comes with; it is compiled, not run.
import { createServer } from 'node:http'
import { DatabaseSync } from 'node:sqlite'
import {
  createDeskbell,
  DeskbellError,
  mailboxMailer,
  mysqlStore,
  natsBus,
  postgresBus,
  postgresMigrations,
  postgresStore,
  redisBus,
  smtpMailer,
  sqliteStore,
  type Bus,
  type Deskbell,
  type Store,
} from 'deskbell'

export const stores: Promise<Store>[] = [
  sqliteStore('chat.db', { fullTextSearch: true }),
  sqliteStore(new DatabaseSync('app.db'), { prefix: 'chat_' }),
  postgresStore('postgres://localhost/app', { schema: 'support' }),
  mysqlStore('mysql://localhost/app', { prefix: 'chat_' }),
]
export const buses: Bus[] = [
  redisBus('redis://localhost', { channel: 'chat' }),
  natsBus('nats://localhost'),
  postgresBus('postgres://localhost/app'),
]
export const plan: Promise<string[]> = postgresMigrations('postgres://localhost/app')

const store = await sqliteStore(':memory:')
const options = { store, secret: 'x'.repeat(32), publicUrl: 'https://example.com', rateLimit: null }
export const read: Deskbell = createDeskbell({ ...options, mailer: mailboxMailer(store) })
const deskbell = createDeskbell({
  ...options,
  mailer: smtpMailer({ url: 'smtp://localhost', from: { name: 'Support', address: 'support@example.com' } }),
  onError: (error) => console.error(error instanceof DeskbellError ? error.code : error),
})
createServer(deskbell.listener).on('upgrade', deskbell.upgrade).listen(3000)
