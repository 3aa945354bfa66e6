// The whole chat, put together: the only place that knows every room.
import { chatRoutes } from './chats/routes.ts'
import type { Core } from './core.ts'
import { clientAddress, type Peer } from './http/address.ts'
import { ADDRESS_LIMITS, AddressLimits } from './http/address-limits.ts'
import { httpApp } from './http/app.ts'
import { authenticator } from './http/authenticate.ts'
import { Origins } from './http/origins.ts'
import { PAGES_CSS } from './http/pages-css.ts'
import { ConnectionCounts } from './http/connection-counts.ts'
import { RateLimit } from './http/rate-limit.ts'
import { server as english } from './locales/en.ts'
import { ChatEvents } from './events/chat-events.ts'
import { hostListener } from './events/host-listener.ts'
import { MessageWriter } from './messages/append.ts'
import { messageRoutes } from './messages/routes.ts'
import { searchRoutes } from './messages/search.ts'
import { compose } from './notifications/compose.ts'
import { Notifier } from './notifications/notifier.ts'
import { mountUnsubscribe } from './notifications/unsubscribe.ts'
import type { DeskbellOptions } from './options.ts'
import { revocable, Revocations, type Whom } from './people/revocations.ts'
import { AUDIENCE, MIN_SECRET, tokens as createTokens, type Tokens } from './people/token.ts'
import { Visits } from './people/visits.ts'
import { systemClock } from './ports/clock.ts'
import type { Load } from './ports/observer.ts'
import { MAX_PERSON_CONNECTIONS } from './realtime/connections/admission.ts'
import { Connections } from './realtime/connections/connections.ts'
import { sseRoutes } from './realtime/dialects/sse-routes.ts'
import type { Accepted } from './realtime/connections/dialect.ts'
import { handshake } from './realtime/connections/handshake.ts'
import { cable } from './realtime/dialects/cable.ts'
import { plain } from './realtime/dialects/plain.ts'
import { Hub } from './realtime/streams/hub.ts'
import { observedBus } from './realtime/nodes/observed-bus.ts'
import { atMost } from './stop/at-most.ts'
import { STOP } from './stop/budget.ts'
import { Gate } from './stop/gate.ts'
import { gatedStore } from './stop/gated-store.ts'

/** What no client comes near: a dashboard that reopens a hundred chats at once is well below */
const COMMANDS = { perSecond: 50, burst: 1_000 }

/** A running chat, independent of any runtime; `adapters/` put it on one. */
export interface DeskbellCore {
  /** @param peer what the runtime knows of the other end; without an address, nothing is limited by it */
  fetch: (request: Request, peer?: Peer) => Promise<Response>
  /** Every route that `fetch` has, `*` and `ALL` for what stands for several; whoever checks them all misses none */
  routes: { method: string; path: string }[]
  /** Decides about an Upgrade request: a Response refuses it */
  handshake(request: Request, peer?: Peer): Promise<Response | Accepted>
  /** Signs and checks tokens with the shared secret; refuses those that were revoked */
  tokens: Tokens
  /**
   * Ends whatever a person was given until now (or one session, a token's `jti`): tokens are refused, and sockets closed within
   * 5 s on every node that shares the database. Whom the host's own `authenticate` names is let in again when it names them again.
   * @example await deskbell.revoke({ id: user.id, role: 'user' }) // they changed their password
   */
  revoke(whom: Whom): Promise<void>
  /** How busy it is */
  load(): Load
  /**
   * Tells clients to come back later, finishes what was accepted, and stops. New requests are answered with 503 and `Retry-After`.
   * Once it resolves, nothing uses the store any more, which stays open: it is the caller's to close. Never rejects; at most 7 s
   * longer than `drainMs`. A second call waits for the same end.
   * @param options `drainMs`: milliseconds over which clients are told to leave, so that they do not all return at once. Default: 0
   */
  close(options?: { drainMs?: number }): Promise<void>
}

/** @throws Error when an option cannot be right */
export function createDeskbellCore(options: DeskbellOptions): DeskbellCore {
  const { mailer, secret, publicUrl, observer } = options
  if (secret.length < MIN_SECRET) throw new Error(`secret needs at least ${MIN_SECRET} characters`)
  const {
    basePath = '',
    appName = 'Deskbell',
    words = english,
    notifyAfter = 300_000,
    trustProxy = 0,
    onError: report = console.error,
  } = options
  const requests = new Gate()
  const storeGate = new Gate()
  const store = gatedStore(options.store, storeGate)
  // What a host does with an error must not become one of ours
  const onError = (error: unknown): void => {
    // A stop gave up whatever still runs: its failure is no fault
    if (storeGate.isClosed) return
    try {
      report(error)
    } catch (another) {
      console.error(another)
    }
  }
  const clock = options.clock ?? systemClock
  const rate = options.rateLimit === undefined ? { perSecond: 10, burst: 300 } : options.rateLimit

  const limits = options.addressLimits === undefined ? rate && ADDRESS_LIMITS : options.addressLimits
  const perPerson = options.personConnections === undefined ? rate && MAX_PERSON_CONNECTIONS : options.personConnections
  const addresses = limits && new AddressLimits(limits, clock, onError)
  const connections = new Connections(clock)
  const revocations = new Revocations({
    store,
    clock,
    onError,
    onLearned: (subjects) => connections.disconnectRevoked((identity) => revocations.covers(identity), subjects),
  })
  const tokens = revocable(createTokens(secret), revocations)
  const origins = new Origins([publicUrl, ...(options.allowedOrigins ?? [])])
  const authenticate = authenticator({ tokens, revocations, host: options.authenticate, addresses, observer })
  const events = new ChatEvents(onError)
  const hub = new Hub({ store, clock, onError, observer, bus: observedBus(options.bus ?? null, observer) })

  const notifier = new Notifier({
    store,
    clock,
    mailer,
    notifyAfter,
    onError,
    observer,
    async compose(due) {
      // A page that somebody else made up must not get into our mail
      const page = due.page_url && origins.allows(new URL(due.page_url).origin) ? due.page_url : publicUrl
      const chatUrl = new URL(page)
      chatUrl.hash = 'deskbell-open'
      const token = await tokens.sign({ sub: due.person.id }, AUDIENCE.unsubscribe)
      const unsubscribeUrl = `${publicUrl}/unsubscribe?token=${token}`
      return compose(due, { words, appName, chatUrl: chatUrl.href, unsubscribeUrl })
    },
  })
  const writer = new MessageWriter({
    store,
    clock,
    notifyAfter,
    onError,
    observer,
    events,
  })
  events.subscribe((batch) => hub.receive(batch))
  events.subscribe((batch) => notifier.receive(batch))
  if (options.onEvent) events.subscribe(hostListener(options.onEvent, onError))
  const visits = new Visits(store, clock, onError)
  const core: Core = {
    store,
    clock,
    hub,
    events,
    writer,
    visits,
    tokens,
    rateLimit: rate && new RateLimit(rate, clock),
    commandLimit: rate && new RateLimit(COMMANDS, clock),
    revocations,
    addresses,
    personConnections: perPerson === null ? null : new ConnectionCounts(perPerson),
    observer,
  }

  const app = httpApp({
    routes: [...chatRoutes(core), ...messageRoutes(core), ...searchRoutes(core), ...sseRoutes(core, connections)],
    authenticate,
    origins,
    basePath,
    requests,
    commandLimit: core.commandLimit,
    onError,
    open(open) {
      // Whether this process serves. A database that is away is no reason to end it
      open.get('/healthz', (c) => c.text('ok'))
      open.get('/pages.css', (c) => c.body(PAGES_CSS, 200, { 'content-type': 'text/css; charset=utf-8' }))
      mountUnsubscribe(open, { words, store, tokens, clock })
      // Its links are relative to the mount, so it lives at one address
      open.get('/dashboard/', (c) => c.redirect('../dashboard', 301))
      open.get('*', async (c, next) => {
        const asset = await options.assets?.(c.req.path.slice(basePath.length), c.req.raw)
        return asset ?? next()
      })
    },
  })

  let closing: Promise<void> | undefined
  async function close(drainMs: number): Promise<void> {
    // Those who are still here may send until it is their turn to go
    await connections.drain(drainMs)
    await requests.close(STOP.requests, clock)
    const work = Promise.all([writer.close(), notifier.close(), visits.close(), revocations.close()])
    await atMost(STOP.work, clock, work)
    hub.close()
    await storeGate.close(STOP.storeCalls, clock)
    mailer.close?.()
  }

  return {
    fetch: async (request, peer = {}) => app.fetch(request, { address: clientAddress(request, peer, trustProxy) }),
    routes: app.routes.map(({ method, path }) => ({ method, path })),
    handshake: (request, peer = {}) => {
      const address = clientAddress(request, peer, trustProxy)
      return handshake(request, address, {
        core,
        dialects: [cable, plain],
        authenticate,
        origins,
        connections,
        basePath,
        onError,
      })
    },
    tokens,
    revoke: (whom) => revocations.revoke(whom),
    load: () => ({
      connections: { ...connections.open },
      frames: connections.frames,
      waiting: writer.waiting,
      mails: notifier.onTheirWay,
      draining: connections.draining,
    }),
    close: ({ drainMs = 0 } = {}) => (closing ??= close(drainMs)),
  }
}
