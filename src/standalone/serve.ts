// The stand-alone server: the library, composed by the settings of the environment.
import { Hono } from 'hono'
import { createDeskbell, type Deskbell } from '../adapters/node.ts'
import { mailboxMailer } from '../mailers/mailbox.ts'
import type { DeskbellError } from '../protocol/errors.ts'
import { errorPages } from '../server/http/error-page.ts'
import { homeUrl } from '../server/http/home-url.ts'
import { Mount, readBasePath } from '../server/http/mount.ts'
import { Origins } from '../server/http/origins.ts'
import { reported } from '../server/http/problem.ts'
import { server as serverWords } from '../server/locales/en.ts'
import type { Bus } from '../server/ports/bus.ts'
import type { Store } from '../server/ports/store/store.ts'
import { systemClock } from '../server/ports/clock.ts'
import { connectSources } from '../server/realtime/publishing/connect-sources.ts'
import { atMost } from '../server/stop/at-most.ts'
import { STOP } from '../server/stop/budget.ts'
import { callers } from './accounts/callers.ts'
import { Cookie } from './accounts/cookies.ts'
import { lazy } from './accounts/lazy.ts'
import { mountAccounts } from './accounts/mount.ts'
import { StaffAddresses } from './accounts/staff-addresses.ts'
import { linkTo } from './accounts/links.ts'
import { openAccounts } from './accounts/open.ts'
import { staffRecipients } from './accounts/staff-recipients.ts'
import { blobsOf } from './blobs.ts'
import { openBus } from './bus.ts'
import { openDatabase } from './database.ts'
import { mountDemo } from './demo/page.ts'
import { describe } from './describe-error.ts'
import { mountDoctor } from './doctor-route.ts'
import { listen, openDoor, portOf, type Door } from './door.ts'
import { errorLog, logObserver } from './log-observer.ts'
import { createLog, type Log } from './log.ts'
import { standalone as words } from './locales/en.ts'
import { mailerOf } from './mailer.ts'
import { mountMailbox } from './mailbox-page.ts'
import type { Metrics } from './metrics.ts'
import { observers } from './observers.ts'
import { mountMetrics, mountReadiness } from './operations.ts'
import { publisherOf } from './publisher.ts'
import { Health } from './readiness.ts'
import { SettingsError, type Settings } from './settings.ts'
import { mountSignIn, Tickets } from './sign-in.ts'
import { loggableSettings } from './loggable-settings.ts'
import { VERSION } from './version.ts'

/** Milliseconds: the provider is asked once a day whether somebody still works here */
const OIDC_SESSION_FOR = 12 * 3_600_000

export interface Running {
  /** Where it answers on this machine */
  url: string
  /** A sign-in link for the dashboard, good once; null in production */
  signInUrl: string | null
  /** Where the first account is made; null when there is one, or staff have no accounts here */
  firstOwnerUrl: string | null
  /** Resolves with the reason when the server cannot go on and must be stopped */
  mustStop: Promise<string>
  /** Ends connections in an orderly way and closes the database */
  stop(): Promise<void>
}

/** @throws SettingsError when the database or the bus cannot be opened, the port is taken, or a package is missing */
export async function serve(
  settings: Settings,
  log: Log = createLog({ level: settings.logLevel, readable: !settings.production }),
): Promise<Running> {
  if (settings.oidc) needsOpenidClient()
  const mustStop = Promise.withResolvers<string>()
  const health = new Health({
    onDatabase: (error) =>
      error ? log.error({ err: describe(error) }, 'The database is away') : log.info('The database is back'),
    onRestored: () => mustStop.resolve('The database was put back to an earlier state while this server ran'),
  })
  // The server answers before the database is open, so that /readyz says `starting` and not nothing
  const door = openDoor(health)
  await listen(door.server, settings)
  try {
    const store = await openDatabase(settings.databaseUrl, settings)
    const bus = await busFor(settings, store)
    const port = portOf(door.server, settings)
    // PORT=0 lets the system choose, and it just has
    const publicUrl = settings.publicUrl.replace(/:0$/, `:${port}`)
    // Loaded only where it is on
    const metrics = settings.metrics.on ? (await import('./metrics.ts')).createMetrics(VERSION) : null
    const parts = { store, bus, health, log, metrics }
    const { app, deskbell, signInPath, accounts } = compose({ ...settings, publicUrl }, parts)
    door.serve(app, deskbell)
    health.started(store)
    const url = `http://localhost:${port}`
    const started = { version: VERSION, url, node: process.version, ...loggableSettings(settings) }
    if (settings.production) log.info(started, 'Started')
    const firstOwner = (await (await accounts?.())?.firstOwnerToken()) ?? null
    const firstOwnerUrl = firstOwner && linkTo(publicUrl, 'join', firstOwner)
    if (settings.production && firstOwnerUrl)
      log.info({ link: firstOwnerUrl }, 'Nobody has an account yet: the link makes the first')
    return {
      url,
      signInUrl: signInPath === null ? null : url + signInPath,
      firstOwnerUrl,
      mustStop: mustStop.promise,
      async stop() {
        health.draining = true
        await stop(door, deskbell, health, { store, bus })
        if (settings.production) log.info('Stopped')
      },
    }
  } catch (error) {
    door.server.close()
    door.server.closeAllConnections()
    throw error
  }
}

/** It is loaded when somebody signs in with the provider, which would be late to say that it is not there */
function needsOpenidClient(): void {
  try {
    import.meta.resolve('openid-client')
  } catch {
    throw new SettingsError('OIDC_ISSUER needs a package that is not installed: npm install openid-client')
  }
}

/** What is closed after the chat */
interface Backing {
  store: Store
  bus: Bus | null
}

async function busFor({ busUrl }: Settings, store: Store): Promise<Bus | null> {
  try {
    return busUrl === null ? null : await openBus(busUrl, store.epoch, { evenAway: true })
  } catch (error) {
    await store.close()
    throw error
  }
}

interface Parts extends Backing {
  health: Health
  log: Log
  /** Null: nobody reads them */
  metrics: Metrics | null
}

function compose(settings: Settings, { store, bus, health, log, metrics }: Parts) {
  const { publicUrl, production } = settings
  const tickets = new Tickets()
  const report = errorLog(log)
  const observer = observers([logObserver(log), ...(metrics ? [metrics.observer] : [])])
  const sessions = new Cookie('session', publicUrl)
  // Where the operator names another place to sign in, nobody has an account here
  const hasAccounts = settings.signInUrl === null
  const sessionFor = settings.oidc ? OIDC_SESSION_FOR : undefined
  const accounts = lazy(() =>
    openAccounts({
      store,
      secret: settings.secret,
      revoke: (whom) => deskbell.revoke(whom),
      left: (id) => deskbell.removeStaff(id),
      sessionFor,
    }),
  )
  const recipients = ({ to, team }: { to: string[]; team: boolean }) =>
    staffRecipients({
      addresses: to,
      team,
      members: async () => (hasAccounts ? (await accounts()).list() : []),
    })
  const callerOf = callers({ sessions, tokens: () => deskbell.tokens, accounts: hasAccounts ? accounts : null })
  const isMailbox = settings.mailUrl === 'mailbox:'
  const mailer = isMailbox ? mailboxMailer(store) : mailerOf(settings.mailUrl, { from: settings.mailFrom })
  const publisher = settings.publishUrl === null ? null : publisherOf(settings.publishUrl)
  const deskbell: Deskbell = createDeskbell({
    store,
    secret: settings.secret,
    authenticate: async (request) => (await callerOf(request))?.identity ?? null,
    mailer,
    publicUrl,
    signInUrl: settings.signInUrl ?? undefined,
    visitors: settings.visitors,
    allowedOrigins: settings.allowedOrigins,
    notifyAfter: settings.notifyAfter,
    hours: settings.hours,
    retainArchivedDays: settings.retainArchivedDays,
    pusherKey: settings.pusherKey ?? undefined,
    appName: settings.appName,
    mail: settings.mailLook,
    mailReplies: settings.mailReplies ?? undefined,
    assignOnReply: settings.assignOnReply,
    rating: settings.rating,
    ...(settings.staffMails && {
      staffMails: { to: recipients(settings.staffMails), after: settings.staffMails.after },
    }),
    push: settings.pushContact === null ? false : { contact: settings.pushContact },
    mailEvents: settings.mailEvents,
    // Where no more are taken, those that are there have to open, and to be deleted
    attachments: { blobs: blobsOf(settings), maxBytes: settings.attachmentLimit ?? 0 },
    webhooks: settings.webhooks,
    rateLimit: settings.rateLimit,
    trustProxy: settings.trustProxy,
    bus,
    publisher,
    publish: settings.publish,
    observer,
    onError: report,
  })

  // Proxies pass the path of PUBLIC_URL on, or cut it off
  const mount = new Mount(readBasePath(new URL(publicUrl).pathname), report)
  const getPath = (request: Request): string => {
    const path = mount.pathOf(request, {})
    return mount.below(path) ?? path
  }
  const app = new Hono({ getPath })
  app.onError((error) => reported(error, report))
  app.use(
    errorPages({
      words: serverWords,
      appName: settings.appName,
      publicUrl,
      home: homeUrl(publicUrl, settings.allowedOrigins),
    }),
  )
  mountReadiness(app, health)
  mountDoctor(app, deskbell.tokens, store, settings.trustProxy)
  if (metrics) {
    const sources = {
      load: () => deskbell.load(),
      nextNotification: () => store.nextNotification('reply'),
      ready: async () => (await health.state()) === 'ok',
    }
    mountMetrics(app, metrics, sources, settings.metrics.token)
  }
  const shared = {
    sessions,
    callerOf,
    hasAccounts,
    accounts,
    publicUrl,
    trustProxy: settings.trustProxy,
    refused: ({ code }: DeskbellError) => observer.refused(code, undefined),
  }
  mountSignIn(app, { ...shared, words, deskbell, tickets })
  mountAccounts(app, {
    ...shared,
    getPath,
    printsTicket: !production,
    secondFactor: new Cookie('second_factor', publicUrl),
    knownBrowser: new Cookie('known_browser', publicUrl),
    journey: new Cookie('oidc', publicUrl),
    passwords: settings.passwords,
    oidc: settings.oidc,
    origins: new Origins([publicUrl]),
    clock: systemClock,
    appName: settings.appName,
    look: settings.mailLook,
    staffMailsAfter: settings.staffMails?.after ?? null,
    addresses: new StaffAddresses({ store, secret: settings.secret, clock: systemClock }),
    // In production nobody looks into the mailbox, and links must not lie there
    mailer: isMailbox && production ? null : mailer,
    showsLinks: isMailbox,
    report,
  })
  app.get('/', (c) => c.redirect(production ? 'dashboard' : 'demo'))
  if (!production) {
    mountDemo(app, { words, tokens: deskbell.tokens, publicUrl, sources: connectSources(publisher) })
    mountMailbox(app, words, store, settings)
  }
  app.all('*', (c) => deskbell.fetch(c.req.raw, c.env))
  return {
    app,
    deskbell,
    accounts: hasAccounts ? accounts : null,
    signInPath: production ? null : `/dashboard?ticket=${tickets.issue()}`,
  }
}

async function stop(
  { server, requests }: Door,
  deskbell: Deskbell,
  health: Health,
  { store, bus }: Backing,
): Promise<void> {
  // The chat's timers do not keep the process alive, and neither do closed sockets
  const alive = setInterval(() => undefined, 1_000)
  // The server still answers while it says goodbye, and /readyz says `draining`
  const closing = deskbell.close({ drainMs: STOP.goodbyes })
  await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, STOP.goodbyes))])
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeIdleConnections()
  await closing
  await requests.close(STOP.answers, systemClock)
  // What was answered goes out whole; a peer that does not take it is cut off
  const tidy = setInterval(() => server.closeIdleConnections(), 20)
  await atMost(STOP.answers, systemClock, closed)
  clearInterval(tidy)
  server.closeAllConnections()
  await closed
  await health.stop()
  await bus?.close()
  await store.close()
  clearInterval(alive)
}
