// The stand-alone server, from its start to its end.
import type { Deskbell } from '../adapters/node.ts'
import type { Bus } from '../server/ports/bus.ts'
import type { Store } from '../server/ports/store/store.ts'
import { systemClock } from '../server/ports/clock.ts'
import { atMost } from '../server/stop/at-most.ts'
import { STOP } from '../server/stop/budget.ts'
import { linkTo } from './accounts/links.ts'
import { openBus } from './bus.ts'
import { openDatabase } from './database.ts'
import { describe } from './describe-error.ts'
import { listen, openDoor, portOf, type Door } from './door.ts'
import { createLog, type Log } from './log.ts'
import { Health } from './readiness.ts'
import { SettingsError, type Settings } from './settings.ts'
import { loggableSettings } from './loggable-settings.ts'
import { VERSION } from './version.ts'
import { compose, type Backing } from './compose.ts'

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
      log.info({ link: firstOwnerUrl }, 'Nobody has an account yet: the link creates the first one')
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

async function busFor({ busUrl }: Settings, store: Store): Promise<Bus | null> {
  try {
    return busUrl === null ? null : await openBus(busUrl, store.epoch, { evenAway: true })
  } catch (error) {
    await store.close()
    throw error
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
