import type { AssistantOptions } from './assistant/options.ts'
import type { AttachmentOptions } from './attachments/options.ts'
import type { ServerCatalogue } from './catalogue.ts'
import type { HoursOptions } from './hours/options.ts'
import type { AddressLimitOptions } from './http/address-limits.ts'
import type { Rate } from './http/rate-limit.ts'
import type { ReadUsers } from './people/host-users.ts'
import type { HostAuthenticate } from './people/host-person.ts'
import type { ServerlessOptions } from './jobs/options.ts'
import type { MailTemplate } from './notifications/mail-content.ts'
import type { GivenLook } from './notifications/mail-look.ts'
import type { StaffMailOptions } from './notifications/staff-mails.ts'
import type { QuickHmac, Secret } from './people/keys.ts'
import type { MailReplyOptions } from './mail-replies/options.ts'
import type { VisitorsOptions } from './people/visitors.ts'
import type { Bus } from './ports/bus.ts'
import type { Clock } from './ports/clock.ts'
import type { MailEventReader } from './ports/mail-events.ts'
import type { Mailer } from './ports/mailer.ts'
import type { Publisher } from './ports/publisher.ts'
import type { Observer } from './ports/observer.ts'
import type { Store } from './ports/store/store.ts'
import type { PostPush } from './ports/push-post.ts'
import type { PostWebhook } from './ports/webhook-post.ts'
import type { PushOptions } from './push/options.ts'
import type { WebhookEndpoint } from './webhooks/endpoint.ts'

/** What `createDeskbell` and `createDeskbellCore` take. Times are milliseconds unless a name says otherwise. */
export interface DeskbellOptions {
  /** Where chats are stored, such as `await sqliteStore('deskbell.db')`. You close it, after `deskbell.close()`. */
  store: Store
  /** Sends the e-mail about unread replies, such as `smtpMailer({ url, from })`; `mailboxMailer(store)` stores it to look at */
  mailer: Mailer
  /**
   * What mail services tell of mails, at `mail/events/postmark` and the like: that they were delivered, came back or were reported as spam. After
   * the last two, the address gets no more mails until staff allow it again. Default: none
   * @example mailEvents: [postmarkEvents({ user: 'hook', password: process.env.POSTMARK_HOOK_PASSWORD })]
   */
  mailEvents?: MailEventReader[] | undefined
  /**
   * The key that signs and checks tokens, shared with the server that issues them: 32 characters at least. While it is being replaced,
   * two: `[signs, acceptedToo]`
   */
  secret: Secret
  /** Where people reach the chat, with the path at which your server mounts it: `https://example.com/support`. Links in mails use it. */
  publicUrl: string

  /**
   * Identifies the person of a request without a Deskbell token, by your own session cookie or token; null for nobody. It is asked
   * for each request and each connection, and every minute again while a connection is open, with the headers of its first request.
   * A token of yours that a browser sent with a WebSocket is in `Authorization` as in any other request. It may take 10 s.
   * Default: such requests are refused with `unauthorized`
   * @example
   * authenticate: async (request) => {
   *   const user = await sessions.userOf(request.headers.get('cookie'))
   *   return user && { id: user.id, role: user.isStaff ? 'admin' : 'user', email: user.email, name: user.name }
   * }
   */
  authenticate?: HostAuthenticate | undefined
  /**
   * People without an account may write too: docs/signing-in.md#people-without-an-account. Nothing is stored of them before their first
   * message. `true`: with the defaults of `VisitorsOptions`. Default: false
   */
  visitors?: boolean | VisitorsOptions | undefined
  /**
   * Reads users from your own table, so that e-mail address, name and attributes stay current where nobody signs in anew: where mails are
   * sent, in the dashboard, and in the copy of a person's data. It gets 1 to 200 ids, as text, and may take 5 s. An answer counts for a
   * minute. It says more than tokens and `authenticate` do, about those whom it returns; about others, and while it fails, what is
   * stored stays. Default: people are as they last signed in
   * @example
   * users: (ids) => sql`select id, email, name from users where id = any(${ids})`
   */
  users?: ReadUsers | undefined
  /**
   * The path at which requests for the chat arrive, such as `/support`, or `''`. Only needed where a proxy in front of your server
   * changes paths. Default: the path of `publicUrl`
   */
  basePath?: string | undefined
  /** Where staff sign in, such as `https://app.example.com/staff`: the dashboard leads there when nobody is. Default: a page in words */
  signInUrl?: string | undefined
  /** Origins of pages that may use the API and the socket, such as `https://app.example.com`. Default: only that of `publicUrl` */
  allowedOrigins?: string[] | undefined
  /** Milliseconds from a reply to the e-mail about it. Default: 300,000 (five minutes) */
  notifyAfter?: number | undefined
  /**
   * When staff answer. Outside of these hours, the widget says when they are back, and the e-mail about a reply goes out at once. Default: nothing
   * is said about hours
   * @example hours: { open: 'Mo-Fr 9:00-17:00; Sa 10:00-14:00', timeZone: 'Europe/Berlin' }
   */
  hours?: HoursOptions | undefined
  /**
   * Days that a chat stays in the archive. Then its user is erased with all that is stored about them, as `erasePerson` does, unless they wrote
   * meanwhile. Default: archived chats stay
   */
  retainArchivedDays?: number | undefined
  /** Lets people answer the e-mail by e-mail: docs/email.md. Default: they cannot */
  mailReplies?: MailReplyOptions | undefined
  /** Mails to staff when a user's message waits and nobody of staff has the desk open. Default: none */
  staffMails?: StaffMailOptions | undefined
  /** A reply of staff to a chat that nobody has takes it: docs/desk.md. Default: true */
  assignOnReply?: boolean | undefined
  /** The widget asks users once how the help was, after staff archived their chat. Default: true */
  rating?: boolean | undefined
  /** Your app's name: the subject of the e-mail is `New reply from <appName> Support`. Default: `Deskbell` */
  appName?: string | undefined
  /** The texts of the e-mail and of the server's pages. Default: English */
  words?: ServerCatalogue | undefined
  /** How the e-mail looks and what it says. Default: `appName` in place of a logo, and indigo */
  mail?: MailOptions | undefined

  /**
   * Your own model, or rules, that draft replies for staff, or answer by themselves until a person does: docs/assistant.md. Default: none
   * @example assistant: { suggest: (chat, { signal }) => draftReply(chat.messages, signal) }
   */
  assistant?: AssistantOptions | undefined

  /**
   * Lets messages carry files: docs/attachments.md. Default: they carry none
   * @example attachments: { blobs: folderBlobs('files') }
   */
  attachments?: AttachmentOptions | undefined

  /** How many messages one person may send; null for no limit. Default: 10 a second, a burst of 300 */
  rateLimit?: Rate | null | undefined
  /**
   * What one network address may use; null for no limit. Default: 10,000 open sockets and event streams, 500 attempts to open one a
   * second (a burst of 10,000), 10 refused credentials a second (a burst of 300); no limit when `rateLimit` is null
   */
  addressLimits?: AddressLimitOptions | null | undefined
  /** Sockets and event streams that one person may have open; null for no limit. Default: 1,000; no limit when `rateLimit` is null */
  personConnections?: number | null | undefined
  /** How many of your own proxies are in front of this server and append to `X-Forwarded-For`. Default: 0, the header is ignored */
  trustProxy?: number | undefined

  /**
   * Addresses of yours that are told of each message and of the archive, by signed requests: docs/webhooks.md. At least once, in the
   * order of each chat, and again for a day where nobody answers. Every process on one database needs the same list: what it writes
   * is told to its own. Default: none
   * @example webhooks: [{ url: 'https://example.com/hooks/chat', secret: process.env.WEBHOOK_SECRET }]
   */
  webhooks?: WebhookEndpoint[] | undefined
  /**
   * Posts webhooks. Default: `deskbell` (Node) connects to no private address, whatever a name or a redirect says; `deskbell/core` uses
   * `fetch`, which cannot see to which address a name leads
   */
  postWebhook?: PostWebhook | undefined

  /**
   * Push notifications to staff whose dashboard is closed, in browsers where they turned that on: docs/desk.md#notifications. `false`: none. Default:
   * there are, where the store can keep them
   */
  push?: PushOptions | false | undefined
  /** Posts them. Default: as `postWebhook` */
  postPush?: PostPush | undefined

  /**
   * Lets pusher-js, Laravel Echo and other clients of Pusher Channels connect to this server, as to an app with this key: letters, digits,
   * `_` and `-`. It is no secret: docs/realtime.md. Default: they cannot
   */
  pusherKey?: string | undefined

  /** Carries hints between several nodes on one database, such as `redisBus('redis://localhost')`. Default: none, for a single node */
  bus?: Bus | null | undefined
  /**
   * Tells browsers of what is new through a service that they connect to, such as `pusherPublisher({ … })`, where this server cannot hold
   * connections: docs/realtime.md. Default: they connect to this server
   */
  publisher?: Publisher | null | undefined
  /**
   * What the publisher's service carries: `hints`, that a chat has something new, or `messages` too, on channels that nobody enters
   * without a permission of this server. Default: `hints`
   */
  publish?: 'hints' | 'messages' | undefined
  /**
   * Where a process lives for the time of a request, as in functions of Vercel or Netlify: docs/serverless.md. It starts no timers and holds
   * no connections; a schedule calls `jobs/run`, or your code `deskbell.runJobs()`. Default: the process lives on
   * @example serverless: { jobsSecret: process.env.CRON_SECRET }
   */
  serverless?: ServerlessOptions | undefined
  /** Makes signatures at once. Default: `deskbell` (Node) asks Node, `deskbell/core` asks Web Crypto, which on Node is slower */
  hmac?: QuickHmac | undefined
  /** The source of time. Default: the system's clock; tests pass a `FakeClock` of `deskbell/testing` */
  clock?: Clock | undefined
  /**
   * Finds the widget's and the dashboard's files by path, relative to `basePath`; undefined for an unknown path.
   * Default: `deskbell` (Node) serves those of the package, `deskbell/core` serves none
   */
  assets?: ((path: string, request: Request) => Promise<Response | undefined>) | undefined

  /** Counts what happens, for metrics and logs. Default: none */
  observer?: Observer | undefined
  /** Called with errors that no client sees. What it throws goes to the console. Default: `console.error` */
  onError?: ((error: unknown) => void) | undefined
}

/** How mails look, and what they say */
export interface MailOptions extends GivenLook {
  /** Writes the mails in your own way. One that throws, or takes 10 s, is reported, and the standard mail goes out in its place */
  template?: MailTemplate | undefined
}
