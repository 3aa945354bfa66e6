// The stand-alone server: one composition of the library, with the environment's settings.
import { createServer, type Server } from 'node:http'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { createDeskbell, mailboxMailer, peerOf, smtpMailer, sqliteStore, type Deskbell } from '../adapters/node.ts'
import type { Store } from '../server/ports/store.ts'
import { mountDemo } from './demo/page.ts'
import { mountMailbox } from './mailbox-page.ts'
import { SettingsError, type Settings } from './settings.ts'
import { mountSignIn, staffOf, Tickets } from './sign-in.ts'

export interface Running {
  /** Where it answers on this machine */
  url: string
  /** A sign-in link for the dashboard, good once; null in production */
  signInUrl: string | null
  /** Ends connections in an orderly way and closes the database */
  stop(): Promise<void>
}

/** Spread the goodbyes over this long (ms), so that clients do not all come back at once */
const DRAIN = 1_000

/** @throws SettingsError when the database cannot be opened or the port is taken */
export async function serve(settings: Settings): Promise<Running> {
  const { publicUrl, production } = settings
  const store = await openStore(settings.databaseFile)
  const tickets = new Tickets()
  const deskbell: Deskbell = createDeskbell({
    store,
    secret: settings.secret,
    authenticate: (request) => staffOf(request, deskbell.tokens),
    mailer: settings.mailUrl === 'mailbox:' ? mailboxMailer(store) : smtpMailer(settings.mailUrl, settings.mailFrom),
    publicUrl,
    allowedOrigins: settings.allowedOrigins,
    notifyAfter: settings.notifyAfter,
    appName: settings.appName,
    rateLimit: settings.rateLimit,
    trustProxy: settings.trustProxy,
  })

  const app = new Hono()
  mountSignIn(app, deskbell, tickets, publicUrl)
  app.get('/', (c) => c.redirect(production ? 'dashboard' : 'demo'))
  if (!production) {
    mountDemo(app, deskbell.tokens, publicUrl)
    mountMailbox(app, store)
  }
  app.all('*', (c) => deskbell.fetch(c.req.raw, peerOf(c.env as HttpBindings)))

  const server = createServer(
    // How often Node looks for slow senders; by default every 30 s, which would double the times below
    { connectionsCheckingInterval: 1_000 },
    getRequestListener(app.fetch, { overrideGlobalObjects: false }),
  )
  // Slow senders of headers and bodies are let go: they cost a socket, not a worker
  server.headersTimeout = 15_000
  server.requestTimeout = 30_000
  server.on('upgrade', deskbell.upgrade)
  try {
    await listen(server, settings)
  } catch (error) {
    await store.close()
    throw error
  }
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : settings.port
  const url = `http://localhost:${port}`
  return {
    url,
    signInUrl: production ? null : `${url}/dashboard?ticket=${tickets.issue()}`,
    stop: () => stop(server, deskbell, store),
  }
}

async function openStore(file: string): Promise<Store> {
  try {
    return await sqliteStore(file)
  } catch (error) {
    throw new SettingsError(`The database ${file} cannot be opened: ${(error as Error).message}`)
  }
}

function listen(server: Server, { port, host }: Settings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is taken; set PORT to another' : `cannot be used: ${error.message}`
      reject(new SettingsError(`Port ${port} ${why}`))
    })
    server.listen(port, host, resolve)
  })
}

async function stop(server: Server, deskbell: Deskbell, store: Store): Promise<void> {
  // Timers of the chat keep no process alive, and neither do sockets that are gone
  const alive = setInterval(() => undefined, 1_000)
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeIdleConnections()
  await deskbell.close(DRAIN)
  server.closeAllConnections()
  await closed
  await store.close()
  clearInterval(alive)
}
