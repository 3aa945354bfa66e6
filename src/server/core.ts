import type { Departures } from './assignment/departures.ts'
import type { SettledAssistant } from './assistant/options.ts'
import type { SettledAttachments } from './attachments/options.ts'
import type { ChatEvents } from './events/chat-events.ts'
import type { AddressLimits } from './http/address-limits.ts'
import type { ConnectionCounts } from './http/connection-counts.ts'
import type { RateLimit } from './http/rate-limit.ts'
import type { MessageWriter } from './messages/append.ts'
import type { Revocations } from './people/revocations.ts'
import type { HostUsers } from './people/host-users.ts'
import type { Visitors } from './people/visitors.ts'
import type { Visits } from './people/visits.ts'
import type { Tokens } from './people/token.ts'
import type { Clock } from './ports/clock.ts'
import type { Publisher } from './ports/publisher.ts'
import type { Observer } from './ports/observer.ts'
import type { Store } from './ports/store/store.ts'
import type { Outbox } from './ports/store/outbox.ts'
import type { Hours } from './hours/hours.ts'
import type { Hub } from './realtime/streams/hub.ts'
import type { Webhooks } from './webhooks/webhooks.ts'

/** What the parts of the server share. `create-deskbell.ts` puts it together. */
export interface Core {
  store: Store
  clock: Clock
  hub: Hub
  /** Receives every committed event */
  events: ChatEvents
  writer: MessageWriter
  visits: Visits
  tokens: Tokens
  /** Undefined: visitors may not write */
  visitors: Visitors | undefined
  /** The host's own table of users; null: there is none to ask */
  hostUsers: HostUsers | null
  /** A reply to a chat that nobody has takes it */
  assignOnReply: boolean
  /** Messages per person; null: not limited */
  rateLimit: RateLimit | null
  /** All other commands and requests of one person; null: not limited */
  commandLimit: RateLimit | null
  revocations: Revocations
  departures: Departures
  /** What one network address may use; null: not limited */
  addresses: AddressLimits | null
  /** Open connections of one person; null: not limited */
  personConnections: ConnectionCounts | null
  observer: Observer | undefined
  /** Which endpoints are told of what; undefined: there are none */
  outbox: Outbox | undefined
  webhooks: Webhooks
  /** Files that messages carry; null: they carry none */
  attachments: SettledAttachments | null
  /** The service that browsers listen to; null: they listen to this server */
  publisher: Publisher | null
  /** The machine that helps staff, or answers by itself; null: there is none */
  assistant: SettledAssistant | null
  /** From what waits for staff to the e-mail about it (ms); null: staff get none */
  staffMailAfter: number | null
  /** When staff answer; null: nothing is said about it */
  hours: Hours | null
}
