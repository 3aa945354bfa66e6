import { createDeskbell, mailboxMailer, sqliteStore, type Deskbell } from 'deskbell'
import { personOf } from './session'

async function start(): Promise<Deskbell> {
  const store = await sqliteStore('deskbell.db')
  return createDeskbell({
    store,
    // Keeps e-mails in the database; smtpMailer sends them
    mailer: mailboxMailer(store),
    secret: process.env.DESKBELL_SECRET ?? 'only for this example, 32 characters',
    publicUrl: `http://localhost:${process.env.PORT ?? 3000}/support`,
    authenticate: (request) => personOf(request.headers.get('cookie')),
  })
}

// Started by the first request, not by the build, and kept when the development server reloads modules
const kept = globalThis as { deskbell?: Promise<Deskbell> }
export const deskbell = (): Promise<Deskbell> => (kept.deskbell ??= start())
