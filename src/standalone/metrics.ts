// What Prometheus reads at /metrics. Each name is explained in docs/operating.md.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { within } from './within.ts'
import type { Load, Observer } from '../server/ports/observer.ts'

/** How long the database may keep a scrape waiting (ms) */
const PATIENCE = 1_500

/** What is read at the moment of a scrape */
export interface Sources {
  load: () => Load
  /** When the next notification is due or was (ISO 8601); undefined: there is none */
  nextNotification: () => Promise<string | undefined>
  ready: () => Promise<boolean>
}

export interface Metrics {
  observer: Required<
    Pick<
      Observer,
      | 'sent'
      | 'committed'
      | 'mail'
      | 'inboundMail'
      | 'webhook'
      | 'published'
      | 'rated'
      | 'hint'
      | 'busResumed'
      | 'refused'
    >
  >
  /** The text that a scrape gets */
  scrape(sources: Sources): Promise<{ type: string; text: string }>
}

export function createMetrics(version: string): Metrics {
  // Not the global registry: several servers may run in one process
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const messages = new Counter({
    name: 'deskbell_messages_total',
    help: 'Messages that people sent, by what became of them',
    labelNames: ['outcome'],
    registers,
  })
  const commit = new Histogram({
    name: 'deskbell_commit_duration_seconds',
    help: 'Time from handing a batch of messages to the database until it is durable',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  })
  const batch = new Histogram({
    name: 'deskbell_commit_messages',
    help: 'Messages in one transaction',
    buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000],
    registers,
  })
  const failures = new Counter({
    name: 'deskbell_commit_failures_total',
    help: 'Transactions that the database refused',
    registers,
  })
  const mails = new Counter({
    name: 'deskbell_mails_total',
    help: 'E-mails about unseen replies, by what became of each try',
    labelNames: ['outcome'],
    registers,
  })
  const inboundMails = new Counter({
    name: 'deskbell_inbound_mails_total',
    help: 'Replies by e-mail, by what became of them',
    labelNames: ['outcome'],
    registers,
  })
  const webhooks = new Counter({
    name: 'deskbell_webhooks_total',
    help: 'Webhooks, by what became of each try',
    labelNames: ['outcome'],
    registers,
  })
  const publications = new Counter({
    name: 'deskbell_publications_total',
    help: 'Calls of the service that browsers listen to, by event and by what became of each',
    labelNames: ['event', 'outcome'],
    registers,
  })
  const ratings = new Counter({
    name: 'deskbell_ratings_total',
    help: 'How users rated the help, from 1 to 5',
    labelNames: ['score'],
    registers,
  })
  const hints = new Counter({
    name: 'deskbell_bus_hints_total',
    help: 'Hints between nodes',
    labelNames: ['direction'],
    registers,
  })
  const gaps = new Counter({
    name: 'deskbell_bus_gaps_total',
    help: 'Times that the bus came back after hints may have been lost',
    registers,
  })
  const refused = new Counter({
    name: 'deskbell_credentials_refused_total',
    help: 'Requests and sockets whose credentials were refused',
    labelNames: ['code'],
    registers,
  })

  const connections = new Gauge({
    name: 'deskbell_connections',
    help: 'Open WebSockets and event streams',
    labelNames: ['kind'],
    registers,
  })
  const frames = new Counter({
    name: 'deskbell_frames_written_total',
    help: 'Frames written to sockets and event streams: the fan-out',
    registers,
  })
  const waiting = new Gauge({
    name: 'deskbell_messages_waiting',
    help: 'Messages that are not durable yet',
    registers,
  })
  const sending = new Gauge({ name: 'deskbell_mails_sending', help: 'E-mails on their way', registers })
  const publishing = new Gauge({
    name: 'deskbell_publications_waiting',
    help: 'Events for the service that browsers listen to, which wait or are on their way',
    registers,
  })
  const overdue = new Gauge({
    name: 'deskbell_notifications_overdue_seconds',
    help: 'How long the next e-mail has been due; 0: none is',
    registers,
  })
  const isReady = new Gauge({ name: 'deskbell_ready', help: '1 while /readyz answers 200', registers })
  new Gauge({ name: 'deskbell_info', help: 'The version that runs', labelNames: ['version'], registers }).set(
    { version },
    1,
  )

  // Known series start at 0, so that the first failure shows in a rate
  for (const outcome of ['stored', 'repeated', 'unavailable', 'rate_limited']) messages.inc({ outcome }, 0)
  for (const outcome of ['sent', 'retry', 'failed', 'uncertain', 'withdrawn']) mails.inc({ outcome }, 0)
  for (const outcome of ['joined', 'unknown', 'automatic']) inboundMails.inc({ outcome }, 0)
  for (const outcome of ['delivered', 'retry', 'failed']) webhooks.inc({ outcome }, 0)
  for (const outcome of ['published', 'retry', 'refused', 'dropped'])
    publications.inc({ event: 'new-message', outcome }, 0)
  for (const score of [1, 2, 3, 4, 5]) ratings.inc({ score }, 0)
  for (const direction of ['sent', 'received']) hints.inc({ direction }, 0)

  let framesTold = 0
  return {
    observer: {
      sent: (outcome) => messages.inc({ outcome }),
      committed(done) {
        if (done.failed) failures.inc()
        commit.observe(done.ms / 1000)
        batch.observe(done.messages)
      },
      mail: ({ outcome }) => mails.inc({ outcome }),
      inboundMail: (outcome) => inboundMails.inc({ outcome }),
      webhook: ({ outcome }) => webhooks.inc({ outcome }),
      published: ({ event, outcome }) => publications.inc({ event, outcome }),
      rated: (score) => ratings.inc({ score }),
      hint: (direction) => hints.inc({ direction }),
      busResumed: () => gaps.inc(),
      refused: (code) => refused.inc({ code }),
    },
    async scrape({ load, nextNotification, ready }) {
      const now = load()
      for (const [kind, n] of Object.entries(now.connections)) connections.set({ kind }, n)
      frames.inc(now.frames - framesTold)
      framesTold = now.frames
      waiting.set(now.waiting)
      sending.set(now.mails)
      publishing.set(now.publications)
      const isUp = await ready()
      isReady.set(isUp ? 1 : 0)
      // A scrape must not wait for a database that is away: that is when metrics matter most
      const next = isUp ? await within(PATIENCE, nextNotification()).catch(() => null) : null
      // Without an answer, the old figure would look like a new one
      if (next === null) overdue.remove()
      else overdue.set(secondsSince(next))
      return { type: registry.contentType, text: await registry.metrics() }
    },
  }
}

const secondsSince = (time: string | undefined): number =>
  time === undefined ? 0 : Math.max(0, (Date.now() - Date.parse(time)) / 1000)
