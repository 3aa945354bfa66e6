// What a host may get wrong in JavaScript, or with a variable of the environment that is not set. All of it is said at once, and by name.
import { z } from 'zod'
import { server as english } from './locales/en.ts'
import type { DeskbellOptions } from './options.ts'

type Check = z.ZodType

/** Values of secrets are never said */
const kindOf = (value: unknown): string => {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return 'a string'
  if (typeof value === 'function') return 'a function'
  if (value instanceof Promise) return 'a promise: put await in front of it'
  return Array.isArray(value) ? 'an array' : 'an object'
}

const must = (what: string, isPublic = true) => ({
  error: ({ input }: { input?: unknown }): string => {
    if (input === undefined) return `is missing: it must be ${what}`
    return `must be ${what}, not ${typeof input === 'string' && isPublic ? JSON.stringify(input.slice(0, 100)) : kindOf(input)}`
  },
})

const checked = (what: string, isRight: (value: unknown) => boolean): Check => z.custom(isRight, must(what))
const text = (what: string): Check => z.string(must(what))
const secret = (what: string): Check => z.string(must(what, false))
const amount = (what: string, least = 0): Check => z.number(must(what)).min(least, must(what)).optional()
const above = (what: string): Check => z.number(must(what)).positive(must(what)).optional()
const flag = z.boolean(must('true or false')).optional()
const list = (what: string, one: Check = z.unknown()): Check => z.array(one, must(what)).optional()

/** An object with these fields and no others, whose names may be misspelt */
function fields(what: string, shape: Record<string, Check>): Check {
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
const action = z.custom((value) => typeof value === 'function', must('a function')).optional()

/** An object of ours, or one with the same methods */
const withMethods = (what: string, ...methods: string[]): Check =>
  checked(what, (value) => methods.every((name) => typeof Object(value)[name] === 'function'))

const isHttpUrl = (value: unknown): boolean =>
  typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)

/** Browsers read a backslash as a slash, and what begins with two is another host */
const isLink = (value: unknown): boolean =>
  isHttpUrl(value) || (typeof value === 'string' && /^\/(?![/\\])/.test(value))

/** Paths are put behind it */
const isBaseUrl = (value: unknown): boolean => isHttpUrl(value) && !/[?#]/.test(String(value))

const isRecipients = (value: unknown): boolean =>
  typeof value === 'function' || (Array.isArray(value) && value.every((one) => typeof one === 'string'))

const rate = (what: string): Check =>
  fields(`${what}, such as { perSecond: 10, burst: 300 }`, {
    perSecond: z.number(must('a number')).positive(must('above 0')),
    burst: z.number(must('a number')).min(1, must('1 or more')),
  })

const DAYS = 'a number of days'
const MS = 'a number of milliseconds'

const OPTIONS = {
  store: withMethods('a store, such as await sqliteStore(path)', 'appendMessages', 'revocationsSince'),
  mailer: withMethods('a mailer, such as smtpMailer({ url, from }) or mailboxMailer(store)', 'send'),
  mailEvents: list('a list, such as [postmarkEvents({ … })]', withMethods('a reader of events', 'read')),
  // Its length is checked where it is read
  secret: z
    .union([secret('text'), z.array(secret('text').optional())], must('text, or a list of texts', false))
    .optional(),
  publicUrl: checked('a URL such as https://example.com/support', isBaseUrl),
  authenticate: action,
  visitors: z
    .union([z.boolean(), fields('', { idleDays: above(DAYS) })], must('true, false or { idleDays: 90 }'))
    .optional(),
  users: action,
  basePath: text('a path such as /support').optional(),
  signInUrl: checked('a URL such as https://app.example.com/staff, or a path such as /sign-in', isLink).optional(),
  allowedOrigins: list("a list of origins, such as ['https://app.example.com']", text('an origin')),
  notifyAfter: amount(MS),
  hours: fields("such as { open: 'Mo-Fr 9:00-17:00', timeZone: 'Europe/Berlin' }", {
    open: text('days and times, such as Mo-Fr 9:00-17:00'),
    timeZone: text('the name of a time zone, such as Europe/Berlin'),
  }).optional(),
  retainArchivedDays: above(DAYS),
  mailReplies: fields("such as { domain: 'reply.example.com', secret }", {
    domain: text('a domain such as reply.example.com'),
    secret: secret('text of 16 characters or more').optional(),
    services: list('a list, such as [resendInbound({ … })]', withMethods('a reader of mails', 'read')),
  }).optional(),
  staffMails: fields("such as { to: ['team@example.com'] }", {
    to: checked('a list of e-mail addresses, or a function that returns one', isRecipients),
    after: above(MS),
  }).optional(),
  assignOnReply: flag,
  rating: flag,
  appName: z.string(must('text')).min(1, must('text')).optional(),
  words: checked('a catalogue with all texts of `ServerCatalogue`', (value) =>
    Object.keys(english).every((part) => Object.hasOwn(Object(value), part)),
  ).optional(),
  mail: fields('such as { color, logo, footer, template }', {
    color: text('a colour such as #4338ca').optional(),
    logo: fields("null, or such as { url: 'https://example.com/logo.png', width: 120, height: 32 }", {
      url: text('an https URL'),
      width: z.number(must('a number of pixels')),
      height: z.number(must('a number of pixels')),
    }).nullish(),
    footer: text('text, or null').nullish(),
    template: action,
  }).optional(),
  assistant: fields('such as { suggest: async (chat, { signal }) => … }', {
    name: text('text, or null').nullish(),
    answer: action,
    suggest: action,
    timeout: above(MS),
    answersPerHour: amount('a number', 1),
  }).optional(),
  attachments: fields("such as { blobs: folderBlobs('files') }", {
    blobs: withMethods("a place for files, such as folderBlobs('files')", 'put', 'get', 'delete'),
    maxBytes: amount('a number of bytes'),
    perHour: fields('null, or such as { files: 200, bytes: 1e9 }', {
      files: most('a number, 1 or more'),
      bytes: most('a number, 1 or more'),
    }).nullish(),
  }).optional(),
  rateLimit: rate('null, or a rate').nullish(),
  addressLimits: fields('null, or { connections, upgrades, failures }', {
    connections: most('a number, 1 or more'),
    upgrades: rate('a rate'),
    failures: rate('a rate'),
  }).nullish(),
  personConnections: most('a number, 1 or more, or null').nullish(),
  trustProxy: z
    .number(must('the number of your proxies'))
    .int(must('the number of your proxies'))
    .min(0, must('the number of your proxies'))
    .optional(),
  webhooks: list(
    'a list, such as [{ url, secret }]',
    fields('such as { url, secret }', {
      url: text('a URL such as https://example.com/hook'),
      secret: z.union(
        [secret(''), z.array(secret(''))],
        must('whsec_ and 24 to 64 bytes in base64, or a list of these', false),
      ),
      events: list('a list of events', text('an event')),
      allowPrivateHost: flag,
    }),
  ),
  postWebhook: action,
  push: z
    .union(
      [z.literal(false), fields('', { contact: text('').optional() })],
      must("false, or such as { contact: 'mailto:ops@example.com' }"),
    )
    .optional(),
  postPush: action,
  pusherKey: text('text').optional(),
  bus: withMethods('a bus, such as redisBus(url), or null', 'publish', 'listen', 'close').nullish(),
  publisher: withMethods(
    'a publisher, such as pusherPublisher({ … }), or null',
    'publish',
    'listen',
    'authorize',
  ).nullish(),
  publish: z.enum(['hints', 'messages'], must('hints or messages')).optional(),
  serverless: fields('such as { jobsSecret: process.env.CRON_SECRET }', {
    jobsSecret: secret('text of 16 characters or more').optional(),
  }).optional(),
  hmac: action,
  clock: withMethods('a clock', 'now', 'after').optional(),
  assets: action,
  observer: checked(
    'an object with methods of `Observer`',
    (value) => typeof value === 'object' && value !== null,
  ).optional(),
  onError: action,
} satisfies Record<keyof DeskbellOptions, Check>

const SHAPE = z.strictObject(OPTIONS)

/** @throws Error that names every option that is missing, unknown or of another type */
export function checkOptions(options: unknown): void {
  if (typeof options !== 'object' || options === null)
    throw new Error('createDeskbell needs an object: createDeskbell({ store, mailer, secret, publicUrl })')
  const { error } = SHAPE.safeParse(options)
  if (!error) return
  const faults = error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0
      ? issue.keys.filter((name) => Object(options)[name] !== undefined).map(unknownOption)
      : `${z.core.toDotPath(issue.path)} ${issue.message}`,
  )
  if (faults.length > 0)
    throw new Error(faults.length === 1 ? faults[0] : ['createDeskbell cannot start:', ...faults].join('\n- '))
}

function unknownOption(name: string): string {
  const alike = Object.keys(OPTIONS).find((option) => isAlike(option, name))
  return `${name} is not an option${alike === undefined ? '' : `: did you mean ${alike}?`}`
}

/** Two letters are missing, too many or wrong at most */
function isAlike(a: string, b: string): boolean {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of Array.from(a.toLowerCase()).entries()) {
    const next = [i + 1]
    for (const [j, other] of Array.from(b.toLowerCase()).entries())
      next.push(Math.min((row[j] ?? 0) + (letter === other ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    row = next
  }
  return (row.at(-1) ?? 0) <= 2
}
