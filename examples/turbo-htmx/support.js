import { createDeskbell, mailboxMailer, sqliteStore } from 'deskbell'
import { personOf } from './session.js'

export const port = Number(process.env.PORT ?? 3000)

const store = await sqliteStore('deskbell.db')

export const deskbell = createDeskbell({
  store,
  // Keeps e-mails in the database; smtpMailer sends them
  mailer: mailboxMailer(store),
  secret: process.env.DESKBELL_SECRET ?? 'only for this example, 32 characters',
  publicUrl: `http://localhost:${port}/support`,
  authenticate: (request) => personOf(request.headers.get('cookie')),
})
