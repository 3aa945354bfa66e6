// The library, composed by the settings of the environment: the chat, and the pages and routes that the stand-alone server adds to it.
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
import { callers } from './accounts/callers.ts'
import { Cookie } from './accounts/cookies.ts'
import { lazy } from './accounts/lazy.ts'
import { mountAccounts } from './accounts/mount.ts'
import { StaffAddresses } from './accounts/staff-addresses.ts'
import { openAccounts } from './accounts/open.ts'
import { staffRecipients } from './accounts/staff-recipients.ts'
import { blobsOf } from './blobs.ts'
import { mountDemo } from './demo/page.ts'
import { mountDoctor } from './doctor-route.ts'
import { errorLog, logObserver } from './log-observer.ts'
import type { Log } from './log.ts'
import { standalone as words } from './locales/en.ts'
import { mailerOf } from './mailer.ts'
import { mountMailbox } from './mailbox-page.ts'
import type { Metrics } from './metrics.ts'
import { observers } from './observers.ts'
import { mountMetrics, mountReadiness } from './operations.ts'
import { publisherOf } from './publisher.ts'
import type { Health } from './readiness.ts'
import type { Settings } from './settings.ts'
import { mountSignIn, Tickets } from './sign-in.ts'

/** Milliseconds: the provider is asked once a day whether somebody still works here */
const OIDC_SESSION_FOR = 12 * 3_600_000

/** What is closed after the chat */
export interface Backing {
  store: Store
  bus: Bus | null
}

interface Parts extends Backing {
  health: Health
  log: Log
  /** Null: nobody reads them */
  metrics: Metrics | null
}

/** The server's pages and routes around the chat, as the settings ask for them */
export function compose(settings: Settings, { store, bus, health, log, metrics }: Parts) {
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
