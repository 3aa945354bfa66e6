// One process of a serverless host: it answers one request, as the route of examples/next-serverless does, and is killed.
import { Pool } from 'pg'
import { createDeskbell, postgresStore, pusherPublisher, smtpMailer } from '../../../src/entries/node.ts'
import type { FunctionSettings, GivenRequest, Told } from './platform.ts'

const settings = JSON.parse(process.env['FUNCTION'] ?? '') as FunctionSettings
const tell = (told: Told): void => void process.send?.(told)

async function answer({ method, url, headers, body }: GivenRequest): Promise<void> {
  // Short processes are many: each takes one connection
  const pool = new Pool({ connectionString: settings.database, max: 1 })
  const deskbell = createDeskbell({
    store: await postgresStore(pool, { prepare: false }),
    mailer: smtpMailer({ url: settings.smtp, from: { name: 'Acme', address: 'support@acme.example' } }),
    secret: settings.secret,
    publicUrl: 'https://app.example/support',
    notifyAfter: settings.notifyAfter,
    publisher: pusherPublisher(settings.pusher),
    webhooks: [{ ...settings.webhook, allowPrivateHost: true }],
    serverless: { jobsSecret: settings.jobsSecret },
    onError: (error) => console.error(error),
  })
  const rest: Promise<unknown>[] = []
  const response = await deskbell.fetch(new Request(url, { method, headers, body }), {
    waitUntil: (work: Promise<unknown>) => rest.push(work),
  })
  tell({ answer: { status: response.status, headers: [...response.headers], body: await response.text() } })
  await Promise.all(rest)
  tell({ isSettled: true })
}

process.on('message', (request) => {
  answer(request as GivenRequest).catch((error: unknown) => {
    console.error(error)
    process.exit(1)
  })
})
// Nobody is left to answer
process.on('disconnect', () => process.exit(1))
tell({ isReady: true })
