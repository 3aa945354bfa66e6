// Puts the whole chat together. Only this file knows all parts.
import { announcesActivity } from './activity/announce.ts'
import { Colleagues } from './assignment/colleagues.ts'
import { Departures } from './assignment/departures.ts'
import { ANSWER_AFTER, Answers } from './assistant/answers.ts'
import { AttachmentLinks } from './attachments/links.ts'
import { openAttachmentRoute } from './attachments/open-route.ts'
import { signedStore } from './attachments/signed-store.ts'
import { AttachmentSweep } from './attachments/sweep.ts'
import { Uploads, UPLOADS_AT_ONCE } from './attachments/uploads.ts'
import { createHostChats } from './chats/create-host-chats.ts'
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
import { refusalMails } from './mail-replies/refusal-mail.ts'
import { replyAddresses as createReplyAddresses } from './mail-replies/reply-address.ts'
import { inboundRoutes } from './mail-replies/routes.ts'
import { MessageWriter } from './messages/append.ts'
import { ProviderPause } from './notifications/provider-pause.ts'
import { createNotifiers } from './notifications/create-notifiers.ts'
import { replyDelay } from './notifications/mail-delay.ts'
import { Jobs } from './jobs/jobs.ts'
import { jobsRoutes } from './jobs/routes.ts'
import { createPush } from './push/create-push.ts'
import { apiRoutes } from './openapi/api-routes.ts'
import { checkOptions } from './option-shapes.ts'
import type { DeskbellOptions } from './options.ts'
import { announceDescribed } from './people/announce-described.ts'
import { secretsOf } from './people/keys.ts'
import { hostPerson } from './people/host-person.ts'
import { erasedChats, revocable, Revocations } from './people/revocations.ts'
import { tokens as createTokens } from './people/token.ts'
import { unusableDetails } from './people/unusable-details.ts'
import { VisitorLimits } from './people/visitor-limits.ts'
import { Retention } from './retention/retention.ts'
import { VisitorSweep } from './people/visitor-sweep.ts'
import { Visits } from './people/visits.ts'
import { Connections } from './realtime/connections/connections.ts'
import { HostUsers } from './people/host-users.ts'
import { SessionChecks } from './realtime/connections/session-checks.ts'
import { handshake } from './realtime/connections/handshake.ts'
import { cable } from './realtime/dialects/cable.ts'
import { plain } from './realtime/dialects/plain.ts'
import { pusher } from './realtime/dialects/pusher.ts'
import { PusherGrants } from './realtime/dialects/pusher-grants.ts'
import { observedBus } from './realtime/nodes/observed-bus.ts'
import { Publishing } from './realtime/publishing/publishing.ts'
import { Hub } from './realtime/streams/hub.ts'
import { settle } from './settled-options.ts'
import { Afterwork } from './stop/afterwork.ts'
import { Gate } from './stop/gate.ts'
import { gatedStore } from './stop/gated-store.ts'
import { orderlyStop } from './stop/orderly-stop.ts'
import { Unfinished } from './stop/unfinished.ts'
import { outboxOf } from './webhooks/endpoint.ts'
import { Webhooks } from './webhooks/webhooks.ts'
import { authenticatedRoutes } from './authenticated-routes.ts'
import { hostPeople } from './people/host-people.ts'

/** Far above what clients do: a dashboard that reopens a hundred chats at once stays well below */
const COMMANDS = { perSecond: 50, burst: 1_000 }

/** @throws Error when an option is invalid */
export function createDeskbellCore(options: DeskbellOptions): DeskbellCore {
  checkOptions(options)
  return assemble(options)
}

/**
 * @param options `checkOptions` has seen them
 * @throws Error when one of them is invalid
 */
export function assemble(options: DeskbellOptions): DeskbellCore {
  const settled = settle(options)
  const { clock, mailer, basePath, rateLimit, addressLimits, personConnections, observer, serverless } = settled

  const requests = new Gate()
  const storeCalls = new Gate()
  const gated = gatedStore(settled.store, storeCalls)
  const { attachments } = settled
  const links = attachments && new AttachmentLinks(secretsOf(settled.secret), clock)
  const store = links ? signedStore(gated, links) : gated
  const onError = errorReporter(settled.onError, () => storeCalls.isClosed)
  const livesOn = serverless === undefined
  const afterwork = new Afterwork()
  const parts = { store, clock, onError, observer, afterwork, onDemand: !livesOn }
  const { pusherKey } = settled
  // Without a process that lives on, there are no connections
  const grants =
    livesOn && pusherKey !== undefined ? new PusherGrants(pusherKey, secretsOf(settled.secret), clock) : null
  const dialects = livesOn ? [cable, plain, ...(grants ? [pusher(grants)] : [])] : []

  const addresses = addressLimits && new AddressLimits(addressLimits, clock, onError)
  const connections = new Connections(
    clock,
    (connection, session) => void sessionChecks?.check(connection, session),
    livesOn,
  )
  const revocations = new Revocations({
    ...parts,
    onLearned(subjects) {
      connections.disconnectRevoked((identity) => revocations.covers(identity), subjects)
      for (const chatId of erasedChats(subjects)) hub.erased(chatId)
      departures.learned(subjects)
    },
  })
  const onUnusable = unusableDetails(clock, onError)
  const tokens = revocable(createTokens(settled.secret, onUnusable, settled.hmac), revocations)
  const origins = new Origins([settled.publicUrl, ...settled.allowedOrigins])
  const person = settled.authenticate && hostPerson({ authenticate: settled.authenticate, onUnusable, clock })
  const visitors = settled.visitors ? { limits: addressLimits && new VisitorLimits(clock) } : undefined
  const known = { tokens, revocations, hostPerson: person, visitors, addresses, observer, onError }
  const colleagues = new Colleagues({ ...parts, revokedAt: (id) => revocations.revokedAt({ id, role: 'admin' }) })
  const authenticate = colleagues.noting(authenticator(known))

  const events = new ChatEvents(onError)
  const departures = new Departures({ ...parts, events, revocations })
  const { publisher } = settled
  const publishing = publisher && new Publishing({ ...parts, publisher, withMessages: settled.publish === 'messages' })
  const hub = new Hub({
    ...parts,
    bus: observedBus(settled.bus, observer),
    onTyping: publishing
      ? (chat_id, { sender_type, typing }) => publishing.typing({ chat_id, sender_type, typing })
      : undefined,
  })
  const onDescribed = (userIds: string[]) =>
    afterwork.add(announceDescribed(parts, userIds, (chatId) => hub.described(chatId)))
  const { users } = settled
  const hostUsers = users ? new HostUsers({ ...parts, users, onUnusable, onDescribed }) : null
  const home = homeUrl(settled.publicUrl, settled.allowedOrigins)
  const { mailReplies } = settled
  const replyAddresses = mailReplies ? createReplyAddresses(mailReplies.domain, secretsOf(settled.secret)) : null
  const replyAfter = replyDelay(settled.notifyAfter, settled.hours)
  // Mails name files, and lead to the chat: the store that knows no URLs is enough
  const onActivity = announcesActivity({ ...parts, events })
  const mails = {
    ...settled,
    ...parts,
    onActivity,
    store: gated,
    notifyAfter: replyAfter,
    hostUsers,
    pause: new ProviderPause(clock),
  }
  const staffPresence = livesOn ? hub.staffPresence : null
  const { staffMails } = settled
  const notifiers = createNotifiers({ ...mails, home, origins, tokens, replyAddresses, staffMails, staffPresence })
  events.subscribe((batch) => hub.receive(batch))
  for (const one of notifiers) events.subscribe((batch) => one.receive(batch))
  if (publishing) events.subscribe((batch) => publishing.receive(batch))
  if (hostUsers) events.subscribe((batch) => hostUsers.repliedTo(batch))
  const push = createPush({ ...settled, ...parts, store: gated, hub, revocations })
  if (push) events.subscribe((batch) => push.pushes.receive(batch))
  const listeners = new HostListeners(onError, afterwork)
  events.subscribe(listeners.receive)
  const outbox = outboxOf(settled.webhooks)
  const webhooks = new Webhooks({ ...parts, endpoints: settled.webhooks, post: settled.postWebhook })
  events.subscribe((batch) => webhooks.receive(batch))
  const mailAfter = { admin: replyAfter, user: staffMails && (() => staffMails.after) }
  const { assistant } = settled
  const answerAfter = !assistant?.answer ? null : livesOn ? ANSWER_AFTER : 0
  const openTime = settled.hours?.openTime
  const writer = new MessageWriter({ ...parts, notifyAfter: mailAfter, answerAfter, events, outbox, openTime })
  const visits = new Visits({ ...parts, hostUsers, onDescribed })
  const onErased = (chatId: string): void => {
    hub.erased(chatId)
    hub.hintErased(chatId)
  }
  const sweep = new VisitorSweep({ ...parts, onErased, idleDays: settled.visitors ? settled.visitors.idleDays : null })
  const { retainArchivedDays: days } = settled
  const retention = days === undefined ? null : new Retention({ ...parts, onErased, days })
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
    assignOnReply: settled.assignOnReply,
    rateLimit: rateLimit && new RateLimit(rateLimit, clock),
    commandLimit: rateLimit && new RateLimit(COMMANDS, clock),
    revocations,
    departures,
    addresses,
    personConnections: personConnections === null ? null : new ConnectionCounts(personConnections),
    observer,
    outbox,
    webhooks,
    attachments,
    publisher,
    hours: settled.hours,
    assistant,
    staffMailAfter: staffMails?.after ?? null,
  }
  const fileParts = attachments && links && { ...attachments, ...parts, links }
  const uploads = fileParts && new Uploads({ ...fileParts, atOnce: UPLOADS_AT_ONCE })
  const hostUploads = fileParts && new Uploads({ ...fileParts, perHour: null, atOnce: null })
  const answers = assistant?.answer ? new Answers({ ...core, ...parts, assistant }) : null
  if (answers) events.subscribe((batch) => answers.receive(batch))
  const fileSweep = attachments && new AttachmentSweep({ ...attachments, ...parts })
  const routes = authenticatedRoutes({ core, settled, livesOn, connections, uploads, push, grants, onError })
  const open = publicRoutes({ ...settled, home, store, tokens, onActivity })
  if (mailReplies && replyAddresses) {
    const tellRefusal = refusalMails({ ...mails, home })
    const inbound = { core, addresses: replyAddresses, tellRefusal, mailReplies, onError, uploads }
    open.push(...inboundRoutes({ ...settled, ...inbound }))
  }
  if (attachments && links) open.push(openAttachmentRoute({ ...attachments, ...parts, links }))
  const jobs = new Jobs({
    clock,
    answers,
    notifiers,
    webhooks,
    sweep,
    fileSweep,
    retention,
    revocations,
    departures,
    pushes: push?.pushes ?? null,
  })
  const { jobsSecret } = serverless ?? {}
  if (jobsSecret !== undefined) open.push(...jobsRoutes({ jobs, secret: jobsSecret, addresses }))
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
    clock,
    onError,
  })
  const mount = new Mount(basePath, onError)
  const sockets = { core, dialects, authenticate, origins, connections, mount, onError }
  const unfinished = new Unfinished({ clock, afterwork, publishing, seen: [visits, colleagues], livesOn })
  let opensSockets = false
  const { fetch, answer } = routing({
    app,
    mount,
    socketPaths: dialects.map(({ path }) => path),
    opensSockets: () => opensSockets,
    requests,
    trustProxy: settled.trustProxy,
    unfinished,
    livesOn,
  })

  const close = orderlyStop({
    clock,
    connections,
    uploads: thoseOf(uploads, hostUploads),
    requests,
    writer,
    tellers: thoseOf(publishing, push?.pushes),
    workers: [
      ...notifiers,
      ...thoseOf(webhooks, visits, colleagues, revocations, departures, sweep, answers, fileSweep, retention),
    ],
    hub,
    storeCalls,
    mailer,
  })

  return {
    fetch,
    answer,
    basePath,
    routes: app.routes.map(({ method, path }) => ({ method, path: basePath + path })),
    socketPaths: dialects.map(({ path }) => new URL(basePath + path, 'http://localhost').pathname),
    handshake(request, peer = {}, attached?) {
      opensSockets ||= !attached
      return handshake(request, clientAddress(request, peer, settled.trustProxy), sockets, attached)
    },
    chats: createHostChats(core, { requests, unfinished, uploads: hostUploads, onUnusable, onDescribed }),
    on: (type, listener) => listeners.on(type, listener),
    tokens,
    ...hostPeople({ ...parts, hub, revocations, hostUsers, attachments, subscriptions: push?.subscriptions ?? null }),
    runJobs: ({ within } = {}) => requests.run(() => jobs.run(within)),
    load: () => ({
      connections: { ...connections.open },
      frames: connections.frames,
      waiting: writer.waiting,
      mails: notifiers.reduce((sum, one) => sum + one.onTheirWay, 0),
      publications: publishing?.pending ?? 0,
      draining: connections.draining,
    }),
    close,
  }
}

const thoseOf = <T extends unknown[]>(...parts: T): NonNullable<T[number]>[] => parts.filter((part) => part != null)
