// Puts the whole chat together. Only this file knows all parts.
import { hostChats } from './chats/host-chats.ts'
import { chatRoutes } from './chats/routes.ts'
import type { Core } from './core.ts'
import type { DeskbellCore } from './deskbell-core.ts'
import { errorReporter } from './error-reporter.ts'
import { ChatEvents } from './events/chat-events.ts'
import { HostListeners } from './events/host-listeners.ts'
import { clientAddress } from './http/address.ts'
import { AddressLimits } from './http/address-limits.ts'
import { httpApp } from './http/app.ts'
import { homeUrl } from './http/home-url.ts'
import { authenticator } from './http/authenticate.ts'
import { ConnectionCounts } from './http/connection-counts.ts'
import { Mount } from './http/mount.ts'
import { Origins } from './http/origins.ts'
import { publicRoutes } from './http/public-routes.ts'
import { RateLimit } from './http/rate-limit.ts'
import { routing } from './http/routing.ts'
import { utf8Stream } from './http/utf8-stream.ts'
import { refusalMails } from './mail-replies/refusal-mail.ts'
import { replyAddresses as createReplyAddresses } from './mail-replies/reply-address.ts'
import { inboundRoutes } from './mail-replies/routes.ts'
import { MessageWriter } from './messages/append.ts'
import { messageRoutes } from './messages/routes.ts'
import { searchRoutes } from './messages/search.ts'
import { mailComposer } from './notifications/mail-composer.ts'
import { ProviderPause } from './notifications/provider-pause.ts'
import { Notifier } from './notifications/notifier.ts'
import { staffMailComposer } from './notifications/staff-mails.ts'
import { apiRoutes } from './openapi/api-routes.ts'
import type { DeskbellOptions } from './options.ts'
import { erasePerson } from './people/erase.ts'
import { exportPerson } from './people/export.ts'
import { announceDescribed } from './people/announce-described.ts'
import { secretsOf } from './people/keys.ts'
import { hostPerson } from './people/host-person.ts'
import { erasedChats, revocable, Revocations, subjectOf } from './people/revocations.ts'
import { tokens as createTokens } from './people/token.ts'
import { unusableDetails } from './people/unusable-details.ts'
import { visitorRoutes } from './people/routes.ts'
import { VisitorLimits } from './people/visitor-limits.ts'
import { VisitorSweep } from './people/visitor-sweep.ts'
import { Visits } from './people/visits.ts'
import { isoTime } from './ports/clock.ts'
import { Connections } from './realtime/connections/connections.ts'
import { HostUsers } from './people/host-users.ts'
import { SessionChecks } from './realtime/connections/session-checks.ts'
import { handshake } from './realtime/connections/handshake.ts'
import { cable } from './realtime/dialects/cable.ts'
import { plain } from './realtime/dialects/plain.ts'
import { sseRoutes } from './realtime/dialects/sse-routes.ts'
import { observedBus } from './realtime/nodes/observed-bus.ts'
import { Hub } from './realtime/streams/hub.ts'
import { settle } from './settled-options.ts'
import { atMost } from './stop/at-most.ts'
import { STOP } from './stop/budget.ts'
import { Gate } from './stop/gate.ts'
import { gatedStore } from './stop/gated-store.ts'
import { outboxOf } from './webhooks/endpoint.ts'
import { webhookRoutes } from './webhooks/routes.ts'
import { Webhooks } from './webhooks/webhooks.ts'

/** Far above what clients do: a dashboard that reopens a hundred chats at once stays well below */
const COMMANDS = { perSecond: 50, burst: 1_000 }
/** The protocols that clients use over WebSockets */
const DIALECTS = [cable, plain]

/** @throws Error when an option is invalid */
export function createDeskbellCore(options: DeskbellOptions): DeskbellCore {
  const settled = settle(options)
  const { clock, mailer, basePath, rateLimit, addressLimits, personConnections, observer } = settled

  const requests = new Gate()
  const storeCalls = new Gate()
  const store = gatedStore(settled.store, storeCalls)
  const onError = errorReporter(settled.onError, () => storeCalls.isClosed)
  const parts = { store, clock, onError, observer }

  const addresses = addressLimits && new AddressLimits(addressLimits, clock, onError)
  const connections = new Connections(clock, (connection, session) => void sessionChecks?.check(connection, session))
  const revocations = new Revocations({
    ...parts,
    onLearned(subjects) {
      connections.disconnectRevoked((identity) => revocations.covers(identity), subjects)
      for (const chatId of erasedChats(subjects)) hub.erased(chatId)
    },
  })
  const onUnusable = unusableDetails(clock, onError)
  const tokens = revocable(createTokens(settled.secret, onUnusable), revocations)
  const origins = new Origins([settled.publicUrl, ...settled.allowedOrigins])
  const person = settled.authenticate && hostPerson({ authenticate: settled.authenticate, onUnusable, clock })
  const visitors = settled.visitors ? { limits: addressLimits && new VisitorLimits(clock) } : undefined
  const authenticate = authenticator({
    tokens,
    revocations,
    hostPerson: person,
    visitors,
    addresses,
    observer,
    onError,
  })

  const events = new ChatEvents(onError)
  const hub = new Hub({ ...parts, bus: observedBus(settled.bus, observer) })
  const onDescribed = (userIds: string[]) => void announceDescribed(parts, userIds, (chatId) => hub.described(chatId))
  const { users } = settled
  const hostUsers = users ? new HostUsers({ ...parts, users, onUnusable, onDescribed }) : null
  const home = homeUrl(settled.publicUrl, settled.allowedOrigins)
  const { mailReplies } = settled
  const replyAddresses = mailReplies ? createReplyAddresses(mailReplies.domain, secretsOf(settled.secret)) : null
  const mails = { ...settled, ...parts, hostUsers, pause: new ProviderPause(clock) }
  const notifiers = [
    new Notifier({
      ...mails,
      kind: 'reply',
      compose: mailComposer({ ...mails, home, origins, tokens, replyAddresses }),
    }),
  ]
  const { staffMails } = settled
  if (staffMails) {
    const compose = staffMailComposer({ ...mails, to: staffMails.to })
    const holds = (): number => hub.staffPresence.holds()
    notifiers.push(new Notifier({ ...mails, kind: 'waiting', notifyAfter: staffMails.after, compose, holds }))
  }
  events.subscribe((batch) => hub.receive(batch))
  for (const one of notifiers) events.subscribe((batch) => one.receive(batch))
  if (hostUsers) events.subscribe((batch) => hostUsers.repliedTo(batch))
  const listeners = new HostListeners(onError)
  events.subscribe(listeners.receive)
  const outbox = outboxOf(settled.webhooks)
  const webhooks = new Webhooks({ ...parts, endpoints: settled.webhooks, post: settled.postWebhook })
  events.subscribe((batch) => webhooks.receive(batch))
  const mailAfter = { admin: settled.notifyAfter, user: staffMails && staffMails.after }
  const writer = new MessageWriter({ ...parts, notifyAfter: mailAfter, events, outbox })
  const visits = new Visits({ ...parts, hostUsers, onDescribed })
  const sweep =
    settled.visitors &&
    new VisitorSweep({
      ...parts,
      ...settled.visitors,
      onErased(chatId) {
        hub.erased(chatId)
        hub.hintErased(chatId)
      },
    })
  const sessionChecks = person && new SessionChecks({ hostPerson: person, visits, clock, onError })

  const core: Core = {
    store,
    clock,
    hub,
    events,
    writer,
    visits,
    tokens,
    visitors,
    hostUsers,
    rateLimit: rateLimit && new RateLimit(rateLimit, clock),
    commandLimit: rateLimit && new RateLimit(COMMANDS, clock),
    revocations,
    addresses,
    personConnections: personConnections === null ? null : new ConnectionCounts(personConnections),
    observer,
    outbox,
    webhooks,
  }
  const routes = [
    ...chatRoutes(core),
    ...messageRoutes(core),
    ...visitorRoutes(core),
    ...searchRoutes(core),
    ...webhookRoutes(core),
    ...sseRoutes(core, connections),
  ]
  const open = publicRoutes({ ...settled, home, store, tokens })
  if (mailReplies && replyAddresses) {
    const tellRefusal = refusalMails({ ...mails, home })
    open.push(
      ...inboundRoutes({ ...settled, core, addresses: replyAddresses, tellRefusal, secret: mailReplies.secret }),
    )
  }
  const app = httpApp({
    routes,
    publicRoutes: [...open, ...apiRoutes({ routes, publicRoutes: open, publicUrl: settled.publicUrl })],
    assets: settled.assets,
    authenticate,
    takesVisitors: visitors !== undefined,
    origins,
    requests,
    commandLimit: core.commandLimit,
    pages: { ...settled, home },
    onError,
  })
  const mount = new Mount(basePath, onError)
  const sockets = { core, dialects: DIALECTS, authenticate, origins, connections, mount, onError }
  let opensSockets = false
  const { fetch, answer } = routing({
    app,
    mount,
    socketPaths: DIALECTS.map(({ path }) => path),
    opensSockets: () => opensSockets,
    requests,
    trustProxy: settled.trustProxy,
  })

  let closing: Promise<void> | undefined
  async function close(drainMs: number): Promise<void> {
    // Connected clients may send until they are disconnected
    await connections.drain(drainMs)
    await requests.close(STOP.requests, clock)
    const parts = [writer, ...notifiers, webhooks, visits, revocations, ...(sweep ? [sweep] : [])]
    await atMost(STOP.work, clock, Promise.all(parts.map((part) => part.close())))
    hub.close()
    await storeCalls.close(STOP.storeCalls, clock)
    mailer.close?.()
  }

  return {
    fetch,
    answer,
    basePath,
    routes: app.routes.map(({ method, path }) => ({ method, path: basePath + path })),
    socketPaths: DIALECTS.map(({ path }) => new URL(basePath + path, 'http://localhost').pathname),
    handshake(request, peer = {}) {
      opensSockets = true
      return handshake(request, clientAddress(request, peer, settled.trustProxy), sockets)
    },
    chats: hostChats(core, { requests, onUnusable, onDescribed }),
    on: (type, listener) => listeners.on(type, listener),
    tokens,
    revoke: (whom) => revocations.revoke(subjectOf(whom)),
    async erasePerson(userId) {
      const erasure = await erasePerson(store, (subject) => revocations.revoke(subject), userId)
      if (erasure?.chat_id) hub.hintErased(erasure.chat_id)
      return erasure
    },
    async exportPerson(userId) {
      await hostUsers?.refresh([userId])
      const parts = await exportPerson(store, userId, isoTime(clock.now()))
      return parts && utf8Stream(parts)
    },
    load: () => ({
      connections: { ...connections.open },
      frames: connections.frames,
      waiting: writer.waiting,
      mails: notifiers.reduce((sum, one) => sum + one.onTheirWay, 0),
      draining: connections.draining,
    }),
    close: ({ drainMs = 0 } = {}) => (closing ??= close(drainMs)),
  }
}
