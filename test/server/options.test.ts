// What somebody who mounts the chat is told when an option is wrong: which one, and what it must be.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { server as english } from '../../src/server/locales/en.ts'
import { createDeskbell, folderBlobs, sqliteStore, type DeskbellOptions, type Store } from '../../src/entries/node.ts'
import { SECRET } from '../support/desk.ts'

let store: Store
beforeEach(async () => {
  store = await sqliteStore(':memory:')
})
afterEach(() => store.close())

/** What it says; null: it starts. Plain JavaScript may pass anything */
async function complaint(options: object): Promise<string | null> {
  const mailer = { send: async () => undefined }
  const all = { store, mailer, secret: SECRET, publicUrl: 'https://example.com/support', ...options }
  try {
    await createDeskbell(all as DeskbellOptions).close()
    return null
  } catch (error) {
    return (error as Error).message
  }
}

const KEY = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
const WEBHOOK_SECRET = 'whsec_ and 24 to 64 bytes in base64'
const RATE = { perSecond: 1, burst: 1 }

it.each<[object, string]>([
  [{ store: undefined }, 'store is missing: it must be a store, such as await sqliteStore(path)'],
  [{ store: 'deskbell.db' }, 'store must be a store, such as await sqliteStore(path), not a string'],
  [
    { store: Promise.resolve() },
    'store must be a store, such as await sqliteStore(path), not a promise: put await in front of it',
  ],
  [
    { mailer: 'smtp://localhost' },
    'mailer must be a mailer, such as smtpMailer({ url, from }) or mailboxMailer(store), not a string',
  ],
  [{ publicUrl: undefined }, 'publicUrl is missing: it must be a URL such as https://example.com/support'],
  [
    { publicUrl: 'localhost:3000' },
    'publicUrl must be a URL such as https://example.com/support, not "localhost:3000"',
  ],
  [
    { publicUrl: 'https://x.example/?a=1' },
    'publicUrl must be a URL such as https://example.com/support, not "https://x.example/?a=1"',
  ],
  [
    { publicUrl: new URL('https://x.example') },
    'publicUrl must be a URL such as https://example.com/support, not an object',
  ],
  [{ secret: 12 }, 'secret must be text, or a list of texts, not a number'],
  [{ secrt: SECRET }, 'secrt is not an option: did you mean secret?'],
  [{ allowedOrigin: [] }, 'allowedOrigin is not an option: did you mean allowedOrigins?'],
  [{ colour: 'red' }, 'colour is not an option'],
  [{ user: () => [] }, 'user is not an option: did you mean users?'],
  [{ publishs: null }, 'publishs is not an option: did you mean publish?'],
  [{ publishr: null }, 'publishr is not an option: did you mean publisher?'],
  [{ mial: {} }, 'mial is not an option: did you mean mail?'],
  [{ nub: null }, 'nub is not an option'],
  [{ notifyAfter: '5m' }, 'notifyAfter must be a number of milliseconds, 0 or more, not "5m"'],
  [{ notifyAfter: NaN }, 'notifyAfter must be a number of milliseconds, 0 or more, not NaN'],
  [{ notifyAfter: -1 }, 'notifyAfter must be a number of milliseconds, 0 or more, not -1'],
  [{ trustProxy: true }, 'trustProxy must be the number of your proxies, not true'],
  [{ trustProxy: '1' }, 'trustProxy must be the number of your proxies, not "1"'],
  [{ rating: 'off' }, 'rating must be true or false, not "off"'],
  [{ authenticate: 'cookie' }, 'authenticate must be a function, not a string'],
  [{ visitors: 'on' }, 'visitors must be true, false, or an object such as { idleDays: 90 }, not a string'],
  [{ visitors: { idleDays: '30' } }, 'visitors.idleDays must be a number of days above 0, not "30"'],
  [{ visitors: { days: 30 } }, 'visitors has no days: it may have idleDays'],
  [{ push: true }, "push must be false, or an object such as { contact: 'mailto:ops@example.com' }, not true"],
  [{ push: { contact: 5 } }, 'push.contact must be mailto:… or an https URL, not 5'],
  [{ secret: [123] }, 'secret[0] must be text, not a number'],
  [{ basePath: 'https://a.example/x' }, 'basePath must be a path such as /support, not "https://a.example/x"'],
  [{ appName: '' }, 'appName must be the name of your app, not ""'],
  [{ pusherKey: 'a b' }, 'pusherKey must be 1 to 100 letters, digits, _ and -, not "a b"'],
  [
    { allowedOrigins: 'https://a.example' },
    "allowedOrigins must be a list of origins, such as ['https://app.example.com'], not a string",
  ],
  [{ allowedOrigins: [1] }, 'allowedOrigins[0] must be an origin such as https://app.example.com, not 1'],
  [
    { allowedOrigins: ['https://a.example', 'app.example.com'] },
    'allowedOrigins[1] is wrong: app.example.com is not an origin such as https://app.example.com',
  ],
  [
    { signInUrl: 'javascript:x' },
    'signInUrl must be a URL such as https://app.example.com/staff, or a path such as /sign-in, not "javascript:x"',
  ],
  [
    { hours: { open: 'Mo 9:00-17:00' } },
    'hours.timeZone is missing: it must be the name of a time zone, such as Europe/Berlin',
  ],
  [{ retainArchivedDays: '30' }, 'retainArchivedDays must be a number of days above 0, not "30"'],
  [
    { staffMails: {} },
    'staffMails.to is missing: it must be a list of e-mail addresses, or a function that returns one',
  ],
  [{ hours: { open: 'Mo 9:00-17:00', timeZone: 'Berlin' } }, 'hours.timeZone: Invalid time zone specified: Berlin'],
  [
    { hours: { open: 'Mon 9-17', timeZone: 'UTC' } },
    'hours.open: Mon 9-17 must be days and times, such as Mo-Fr 9:00-17:00; Sa 10:00-14:00',
  ],
  [
    { staffMails: { to: 'ops@example.com' } },
    'staffMails.to must be a list of e-mail addresses, or a function that returns one, not a string',
  ],
  [{ staffMails: { to: ['a@b.example', 5] } }, 'staffMails.to[1] must be an e-mail address, not 5'],
  [{ staffMails: { to: ['a@b.example', 'team'] } }, 'staffMails.to names "team", which is no e-mail address'],
  [{ attachments: true }, "attachments must be an object such as { blobs: folderBlobs('files') }, not true"],
  [
    { attachments: { blobs: { put: () => 0, get: () => 0 } } },
    "attachments.blobs must be a place for files, such as folderBlobs('files'), not an object without the method delete",
  ],
  [
    { attachments: { blobs: folderBlobs('x'), limit: 1 } },
    'attachments has no limit: it may have blobs, maxBytes, perHour',
  ],
  [{ rateLimit: 10 }, 'rateLimit must be null, or an object such as { perSecond: 10, burst: 300 }, not a number'],
  [
    { addressLimits: { connections: 5, upgrades: RATE } },
    'addressLimits.failures is missing: it must be an object such as { perSecond: 10, burst: 300 }',
  ],
  [{ webhooks: { url: 'https://a.example' } }, 'webhooks must be a list, such as [{ url, secret }], not an object'],
  [
    { webhooks: [{ url: 'https://a.example' }] },
    'webhooks[0].secret is missing: it must be whsec_ and 24 to 64 bytes in base64, or a list of these',
  ],
  [{ webhooks: [{ url: 'a', secret: [KEY, 5] }] }, `webhooks[0].secret[1] must be ${WEBHOOK_SECRET}, not a number`],
  [{ webhooks: [{ url: 'a', secret: KEY }] }, 'webhooks[0].url is not a URL such as https://example.com/hook'],
  [{ bus: 'redis://localhost' }, 'bus must be a bus, such as redisBus(url), or null, not a string'],
  [{ publisher: 'pusher://' }, 'publisher must be a publisher, such as pusherPublisher({ … }), or null, not a string'],
  [{ publish: 'all' }, 'publish must be hints or messages, not "all"'],
  [{ serverless: true }, 'serverless must be an object such as { jobsSecret: process.env.CRON_SECRET }, not true'],
  [
    { words: Object.fromEntries(Object.entries(english).filter(([part]) => part !== 'byMail')) },
    'words must be a catalogue with all texts of `ServerCatalogue`, not one without byMail',
  ],
  [{ onError: 'log' }, 'onError must be a function, not a string'],
])('says what is wrong with %j', async (options, message) => {
  expect(await complaint(options)).toBe(message)
})

it('names all that is wrong at once, and no secret', async () => {
  const message = await complaint({
    notifyAfter: '5m',
    onErorr: () => undefined,
    webhooks: [{ url: KEY, secret: 5, sercet: KEY }],
  })
  expect(message).toBe(
    [
      'createDeskbell cannot start:',
      'notifyAfter must be a number of milliseconds, 0 or more, not "5m"',
      'webhooks[0].secret must be whsec_ and 24 to 64 bytes in base64, or a list of these, not a number',
      'webhooks[0] has no sercet: it may have url, secret, events, allowPrivateHost',
      'onErorr is not an option: did you mean onError?',
    ].join('\n- '),
  )
})

it('says no URL that may have a password in it', async () => {
  const url = 'https://user:hunter2@example.com'
  const wrong = {
    store: url,
    mailer: url,
    bus: url,
    publisher: url,
    webhooks: [url],
    assistant: url,
    push: url,
    hmac: url,
  }
  const message = await complaint(wrong)
  for (const name of Object.keys(wrong)) expect(message).toContain(`\n- ${name}`)
  expect(message).not.toContain('hunter2')
})

it('ignores fields that it does not know where they are undefined', async () => {
  const hours = { open: 'Mo 9:00-17:00', timeZone: 'UTC', zone: undefined }
  expect(await complaint({ hours })).toBeNull()
})

it('takes no limit as infinity, and the sign-in page of the same origin as a path', async () => {
  const options: DeskbellOptions = {
    store,
    mailer: { send: async () => undefined },
    secret: SECRET,
    publicUrl: 'https://a.example',
    signInUrl: '/sign-in',
    attachments: { blobs: folderBlobs('x'), perHour: { files: Infinity, bytes: Infinity } },
    addressLimits: { connections: Infinity, upgrades: RATE, failures: RATE },
    personConnections: Infinity,
  }
  await createDeskbell(options).close()
  for (const signInUrl of ['//evil.example', '/\\evil.example', 'sign-in'])
    expect(() => createDeskbell({ ...options, signInUrl })).toThrow('signInUrl must be')
})

it('says that it was given nothing', () => {
  const create = createDeskbell as (options?: object) => unknown
  expect(() => create()).toThrow('createDeskbell needs an object: createDeskbell({ store, mailer, secret, publicUrl })')
})

it('takes what is left out as undefined, as a variable of the environment that is not set', async () => {
  const names: Record<keyof Omit<DeskbellOptions, 'store' | 'mailer' | 'secret' | 'publicUrl'>, undefined> = {
    mailEvents: undefined,
    authenticate: undefined,
    visitors: undefined,
    users: undefined,
    basePath: undefined,
    signInUrl: undefined,
    allowedOrigins: undefined,
    notifyAfter: undefined,
    hours: undefined,
    retainArchivedDays: undefined,
    mailReplies: undefined,
    staffMails: undefined,
    assignOnReply: undefined,
    rating: undefined,
    appName: undefined,
    words: undefined,
    mail: undefined,
    assistant: undefined,
    attachments: undefined,
    rateLimit: undefined,
    addressLimits: undefined,
    personConnections: undefined,
    trustProxy: undefined,
    webhooks: undefined,
    postWebhook: undefined,
    push: undefined,
    postPush: undefined,
    pusherKey: undefined,
    bus: undefined,
    publisher: undefined,
    publish: undefined,
    serverless: undefined,
    hmac: undefined,
    clock: undefined,
    assets: undefined,
    observer: undefined,
    onError: undefined,
  }
  const options: DeskbellOptions = {
    store,
    mailer: { send: async () => undefined },
    secret: SECRET,
    publicUrl: 'https://example.com/support',
    ...names,
  }
  const deskbell = createDeskbell(options)
  // They have a default in Node, which undefined must not replace
  const widget = await deskbell.fetch(new Request('https://example.com/support/widget.js'))
  expect(widget.status).toBe(200)
  await deskbell.close()
})
