// What a host may get wrong in JavaScript, or with a variable of the environment that is not set. All of it is said at once, and by name.
import { z } from 'zod'
import type { AssistantOptions } from './assistant/options.ts'
import type { AttachmentOptions, HourlyUploads } from './attachments/options.ts'
import { closestName } from './closest-name.ts'
import type { HoursOptions } from './hours/options.ts'
import type { AddressLimitOptions } from './http/address-limits.ts'
import { Origins } from './http/origins.ts'
import type { Rate } from './http/rate-limit.ts'
import type { ServerlessOptions } from './jobs/options.ts'
import { server as english } from './locales/en.ts'
import type { MailReplyOptions } from './mail-replies/options.ts'
import type { MailLook } from './notifications/mail-look.ts'
import type { StaffMailOptions } from './notifications/staff-mails.ts'
import type { DeskbellOptions, MailOptions } from './options.ts'
import type { VisitorsOptions } from './people/visitors.ts'
import type { PushOptions } from './push/options.ts'
import type { WebhookEndpoint } from './webhooks/endpoint.ts'

type Check = z.ZodType

const kindOf = (value: unknown): string => {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value !== 'object') return `a ${typeof value}`
  if (value instanceof Promise) return 'a promise: put await in front of it'
  return Array.isArray(value) ? 'an array' : 'an object'
}

/** Says the kind of a wrong value, and not the value: URLs of databases and services have passwords in them */
const must = (what: string, said = kindOf) => ({
  error: ({ input }: { input?: unknown }): string =>
    input === undefined ? `is missing: it must be ${what}` : `must be ${what}, not ${said(input)}`,
})

/** Says the value too */
const mustBe = (what: string) => must(what, valueOf)

const valueOf = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 100))
  return typeof value === 'number' ? String(value) : kindOf(value)
}

const checked = (what: string, isRight: (value: unknown) => boolean): Check => z.custom(isRight, mustBe(what))
const text = (what: string): Check => z.string(mustBe(what))
const secret = (what: string): Check => z.string(must(what))
const amount = (what: string, least = 0): Check =>
  z.number(mustBe(`${what}, ${least} or more`)).min(least, mustBe(`${what}, ${least} or more`))
const above = (what: string): Check => z.number(mustBe(`${what} above 0`)).positive(mustBe(`${what} above 0`))
const flag = z.boolean(mustBe('true or false')).optional()
const list = (what: string, one: Check = z.unknown()): Check => z.array(one, must(what)).optional()

/** An object with the fields of T and no others, whose names may be misspelt */
function fields<T>(what: string, shape: Record<keyof T, Check>): Check {
  const { error } = must(what)
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `has no ${issue.keys.join(', ')}: it may have ${Object.keys(shape).join(', ')}`
        : error(issue),
  })
}

/** Infinity is no limit */
const most = (what: string): Check => checked(what, (value) => typeof value === 'number' && value >= 1)
const isFunction = (value: unknown): boolean => typeof value === 'function'
const action = z.custom(isFunction, must('a function')).optional()

/** An object of ours, or one with the same methods */
const withMethods = (what: string, ...methods: string[]): Check => {
  const absent = (value: unknown): string | undefined =>
    methods.find((name) => typeof Object(value)[name] !== 'function')
  const isOne = (value: unknown): boolean => typeof value === 'object' && value !== null && !(value instanceof Promise)
  const said = (value: unknown): string =>
    isOne(value) ? `an object without the method ${absent(value)}` : kindOf(value)
  return z.custom((value) => absent(value) === undefined, must(what, said))
}

const isHttpUrl = (value: unknown): boolean =>
  typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)

/** Browsers read a backslash as a slash, and what begins with two is another host */
const isLink = (value: unknown): boolean =>
  isHttpUrl(value) || (typeof value === 'string' && /^\/(?![/\\])/.test(value))

const isPath = (value: unknown): boolean => typeof value === 'string' && !/[?#*]|:\/\//.test(value)

/** It is a part of a URL */
export const PUSHER_KEY = /^[\w-]{1,100}$/
const isPusherKey = (value: unknown): boolean => typeof value === 'string' && PUSHER_KEY.test(value)

const absentWords = (value: unknown): string[] =>
  Object.keys(english).filter((part) => !Object.hasOwn(Object(value), part))
const kindOfWords = (value: unknown): string =>
  typeof value === 'object' && value !== null ? `one without ${absentWords(value).join(', ')}` : kindOf(value)

/** Paths are put behind it */
const isBaseUrl = (value: unknown): boolean => isHttpUrl(value) && !/[?#]/.test(String(value))

const RATE = 'an object such as { perSecond: 10, burst: 300 }'
const rate = (what = RATE): Check => fields<Rate>(what, { perSecond: above('a number'), burst: amount('a number', 1) })

const origin = z.string(mustBe('an origin such as https://app.example.com')).superRefine((one, context) => {
  try {
    new Origins([one])
  } catch (error) {
    context.addIssue({ code: 'custom', message: `is wrong: ${(error as Error).message}` })
  }
})

const DAYS = 'a number of days'
const MS = 'a number of milliseconds'
const WEBHOOK_SECRET = 'whsec_ and 24 to 64 bytes in base64'

const OPTIONS = {
  store: withMethods('a store, such as await sqliteStore(path)', 'appendMessages', 'revocationsSince'),
  mailer: withMethods('a mailer, such as smtpMailer({ url, from }) or mailboxMailer(store)', 'send'),
  mailEvents: list('a list, such as [postmarkEvents({ … })]', withMethods('a reader of events', 'read')),
  // Its length is checked where it is read
  secret: z.union([secret('text'), z.array(secret('text').optional())], must('text, or a list of texts')).optional(),
  publicUrl: checked('a URL such as https://example.com/support', isBaseUrl),
  authenticate: action,
  visitors: z
    .union(
      [z.boolean(), fields<VisitorsOptions>('', { idleDays: above(DAYS).optional() })],
      must('true, false, or an object such as { idleDays: 90 }'),
    )
    .optional(),
  users: action,
  basePath: checked('a path such as /support', isPath).optional(),
  signInUrl: checked('a URL such as https://app.example.com/staff, or a path such as /sign-in', isLink).optional(),
  allowedOrigins: list("a list of origins, such as ['https://app.example.com']", origin),
  notifyAfter: amount(MS).optional(),
  hours: fields<HoursOptions>("an object such as { open: 'Mo-Fr 9:00-17:00', timeZone: 'Europe/Berlin' }", {
    open: text('days and times, such as Mo-Fr 9:00-17:00'),
    timeZone: text('the name of a time zone, such as Europe/Berlin'),
  }).optional(),
  retainArchivedDays: above(DAYS).optional(),
  mailReplies: fields<MailReplyOptions>("an object such as { domain: 'reply.example.com', secret }", {
    domain: text('a domain such as reply.example.com'),
    secret: secret('text of 16 characters or more').optional(),
    services: list('a list, such as [resendInbound({ … })]', withMethods('a reader of mails', 'read')),
  }).optional(),
  staffMails: fields<StaffMailOptions>("an object such as { to: ['team@example.com'] }", {
    to: z.union(
      [z.custom(isFunction), z.array(text('an e-mail address'))],
      must('a list of e-mail addresses, or a function that returns one'),
    ),
    after: above(MS).optional(),
  }).optional(),
  assignOnReply: flag,
  rating: flag,
  appName: z.string(mustBe('the name of your app')).min(1, mustBe('the name of your app')).optional(),
  words: z
    .custom(
      (value) => absentWords(value).length === 0,
      must('a catalogue with all texts of `ServerCatalogue`', kindOfWords),
    )
    .optional(),
  mail: fields<MailOptions>('an object such as { color, logo, footer, template }', {
    color: text('a colour such as #4338ca').optional(),
    logo: fields<NonNullable<MailLook['logo']>>(
      "null, or an object such as { url: 'https://example.com/logo.png', width: 120, height: 32 }",
      {
        url: text('an https URL'),
        width: z.number(mustBe('a number of pixels')),
        height: z.number(mustBe('a number of pixels')),
      },
    ).nullish(),
    footer: text('text, or null').nullish(),
    template: action,
  }).optional(),
  assistant: fields<AssistantOptions>('an object such as { suggest: async (chat, { signal }) => … }', {
    name: text('text, or null').nullish(),
    answer: action,
    suggest: action,
    timeout: above(MS).optional(),
    answersPerHour: amount('a number', 1).optional(),
  }).optional(),
  attachments: fields<AttachmentOptions>("an object such as { blobs: folderBlobs('files') }", {
    blobs: withMethods("a place for files, such as folderBlobs('files')", 'put', 'get', 'delete'),
    maxBytes: amount('a number of bytes').optional(),
    perHour: fields<HourlyUploads>('null, or an object such as { files: 200, bytes: 1e9 }', {
      files: most('a number, 1 or more'),
      bytes: most('a number, 1 or more'),
    }).nullish(),
  }).optional(),
  rateLimit: rate(`null, or ${RATE}`).nullish(),
  addressLimits: fields<AddressLimitOptions>('null, or an object such as { connections, upgrades, failures }', {
    connections: most('a number, 1 or more'),
    upgrades: rate(),
    failures: rate(),
  }).nullish(),
  personConnections: most('a number, 1 or more, or null').nullish(),
  trustProxy: z
    .number(mustBe('the number of your proxies'))
    .int(mustBe('the number of your proxies'))
    .min(0, mustBe('the number of your proxies'))
    .optional(),
  webhooks: list(
    'a list, such as [{ url, secret }]',
    fields<WebhookEndpoint>('an object such as { url, secret }', {
      url: text('a URL such as https://example.com/hook'),
      secret: z.union([secret(''), z.array(secret(WEBHOOK_SECRET))], must(`${WEBHOOK_SECRET}, or a list of these`)),
      events: list('a list of events', text('an event')),
      allowPrivateHost: flag,
    }),
  ),
  postWebhook: action,
  push: z
    .union(
      [z.literal(false), fields<PushOptions>('', { contact: text('mailto:… or an https URL').optional() })],
      must("false, or an object such as { contact: 'mailto:ops@example.com' }"),
    )
    .optional(),
  postPush: action,
  pusherKey: checked('1 to 100 letters, digits, _ and -', isPusherKey).optional(),
  bus: withMethods('a bus, such as redisBus(url), or null', 'publish', 'listen', 'close').nullish(),
  publisher: withMethods(
    'a publisher, such as pusherPublisher({ … }), or null',
    'publish',
    'listen',
    'authorize',
  ).nullish(),
  publish: z.enum(['hints', 'messages'], mustBe('hints or messages')).optional(),
  serverless: fields<ServerlessOptions>('an object such as { jobsSecret: process.env.CRON_SECRET }', {
    jobsSecret: secret('text of 16 characters or more').optional(),
  }).optional(),
  hmac: action,
  clock: withMethods('a clock', 'now', 'after').optional(),
  assets: action,
  observer: z
    .custom((value) => typeof value === 'object' && value !== null, must('an object with methods of `Observer`'))
    .optional(),
  onError: action,
} satisfies Record<keyof DeskbellOptions, Check>

const SHAPE = z.strictObject(OPTIONS)

/** @throws Error that names every option that is missing, unknown or of another type */
export function checkOptions(options: unknown): void {
  if (typeof options !== 'object' || options === null)
    throw new Error('createDeskbell needs an object: createDeskbell({ store, mailer, secret, publicUrl })')
  const { error } = SHAPE.safeParse(options)
  if (!error) return
  const faults = error.issues
    .flatMap(innermost)
    .filter(
      (issue) =>
        issue.code !== 'unrecognized_keys' ||
        issue.keys.some((name) => valueAt(options, [...issue.path, name]) !== undefined),
    )
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys' && issue.path.length === 0
        ? issue.keys.filter((name) => valueAt(options, [name]) !== undefined).map(unknownOption)
        : `${z.core.toDotPath(issue.path)} ${issue.message}`,
    )
  if (faults.length > 0)
    throw new Error(faults.length === 1 ? faults[0] : ['createDeskbell cannot start:', ...faults].join('\n- '))
}

/** What may be of several types names the wrong field of the one that was meant: an object, or a list */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const meant = issue.errors.find((branch) =>
    branch.every(({ code, path }) => code === 'unrecognized_keys' || path.length > 0),
  )
  return meant?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })) ?? [issue]
}

const valueAt = (options: object, path: PropertyKey[]): unknown =>
  path.reduce((value: unknown, name) => Object(value)[name], options)

function unknownOption(name: string): string {
  const alike = closestName(name, Object.keys(OPTIONS))
  return `${name} is not an option${alike === undefined ? '' : `: did you mean ${alike}?`}`
}
