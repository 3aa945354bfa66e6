import { createDeskbell, mailboxMailer, postgresStore, pusherPublisher, smtpMailer, type Deskbell } from 'deskbell'
import { Pool } from 'pg'
import { personOf } from './session'

const { env } = process
const publicUrl = env.PUBLIC_URL ?? `http://localhost:${env.PORT ?? 3000}/support`

function publisher() {
  const app = { appId: env.PUSHER_APP_ID ?? '', key: env.PUSHER_KEY ?? '', secret: env.PUSHER_SECRET ?? '' }
  const cluster = env.PUSHER_CLUSTER ?? 'eu'
  // A server of your own with Pusher's protocol, such as soketi
  const { PUSHER_HOST: host, PUSHER_PORT: port = 443 } = env
  return pusherPublisher(
    host ? { ...app, host, port: Number(port), useTLS: Number(port) === 443 } : { ...app, cluster },
  )
}

async function start(): Promise<Deskbell> {
  // There may be many processes, so each takes one connection
  const pool = new Pool({ connectionString: env.DATABASE_URL, max: 1 })
  // A connection that broke while the process was frozen is replaced on the next query
  pool.on('error', () => undefined)
  const store = await postgresStore(pool, { prepare: env.DATABASE_POOLER !== 'on' })
  return createDeskbell({
    store,
    // Without MAIL_URL, e-mails are kept in the database
    mailer: env.MAIL_URL
      ? smtpMailer({ url: env.MAIL_URL, from: { name: 'Support', address: env.MAIL_FROM ?? 'support@example.com' } })
      : mailboxMailer(store),
    secret: env.DESKBELL_SECRET ?? 'only for this example, 32 characters',
    publicUrl,
    authenticate: (request) => personOf(request.headers.get('cookie')),
    publisher: publisher(),
    // Limits per address need it: the host's proxy puts the sender's address into X-Forwarded-For
    trustProxy: 1,
    serverless: { jobsSecret: env.CRON_SECRET },
  })
}

// Started by the first request of a process, and kept for the next ones. After a failed start, the next request tries again
const kept = globalThis as { deskbell?: Promise<Deskbell> | undefined }
export const deskbell = (): Promise<Deskbell> =>
  (kept.deskbell ??= start().catch((error: unknown) => {
    kept.deskbell = undefined
    throw error
  }))
