import type { ServerCatalogue } from './catalogue.ts'
import type { ChatEvent } from './events/chat-event.ts'
import type { AddressLimitOptions } from './http/address-limits.ts'
import type { Rate } from './http/rate-limit.ts'
import type { Identity } from './people/identity.ts'
import type { Bus } from './ports/bus.ts'
import type { Clock } from './ports/clock.ts'
import type { Mailer } from './ports/mailer.ts'
import type { Observer } from './ports/observer.ts'
import type { Store } from './ports/store/store.ts'

export interface DeskbellOptions {
  /** Where chats are kept, such as `await sqliteStore('deskbell.db')` */
  store: Store
  /** Signs and checks tokens: at least 32 characters, shared with the host's server */
  secret: string
  /**
   * Names the person behind a request that carries no Deskbell token, for example by the host's own session cookie.
   * Null: nobody. Default: nobody.
   */
  authenticate?: (request: Request) => Promise<Identity | null>
  /** Sends the e-mail about unseen replies */
  mailer: Mailer
  /** Where people reach this server, without a slash at its end: `https://example.com/support`. Used in links. */
  publicUrl: string
  /** The path it is mounted under, such as `/support`. Default: none */
  basePath?: string
  /** Origins that may use the API and the socket from a browser, besides that of `publicUrl`: `['https://app.example.com']` */
  allowedOrigins?: string[]
  /** Milliseconds from a reply to its e-mail. Default: 300,000 (the seed's five minutes) */
  notifyAfter?: number
  /** The subject of the e-mail is `New reply from <appName> Support`. Default: Deskbell */
  appName?: string
  /** What the e-mail and the page to unsubscribe say. Default: English */
  words?: ServerCatalogue
  /** How fast one person may send; null: not limited. Default: 10 a second, a burst of 300 */
  rateLimit?: Rate | null
  /**
   * What one network address may take up; null: not limited. Default: 10,000 open sockets and event streams, 500 attempts to open
   * one per second (burst 10,000), 10 refused credentials per second (burst 300); null where `rateLimit` is
   */
  addressLimits?: AddressLimitOptions | null
  /** Open sockets and event streams of one person; null: not limited. Default: 1,000; null where `rateLimit` is */
  personConnections?: number | null
  /** How many proxies of your own stand in front of this server, each appending to `X-Forwarded-For`. Default: 0, which reads no header */
  trustProxy?: number
  /** Between several nodes on one database, such as `redisBus('redis://localhost')`. Default: none, for a single node */
  bus?: Bus | null
  clock?: Clock
  /** The built pages and scripts, by path below the mount; the Node entry supplies it */
  assets?: (path: string, request: Request) => Promise<Response | undefined>
  /** Told what happens, for metrics and logs. Default: nobody */
  observer?: Observer | undefined
  /**
   * Called after each commit to a chat: a stored message, a read mark, the archive. An event comes at most once, on the node that
   * committed it; one that a dying process did not deliver is lost. Messages of a chat come in the order of their `seq`, as far as
   * this node wrote them. The event is a copy, which the listener may keep. A sender is answered once the synchronous part has
   * run, so do slow work asynchronously. What the listener throws or rejects with goes to `onError`.
   * @example onEvent: async (event) => { if (event.type === 'message') await crm.log(event.chat.user_id, event.message.content) }
   */
  onEvent?: (event: ChatEvent) => void | Promise<void>
  /** Told of errors that no caller is shown. Default: console.error */
  onError?: (error: unknown) => void
}
