// What somebody who mounts the chat is told when an option is wrong: which one, and what it must be.
import { afterEach, beforeEach, expect, it } from 'vitest'
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
const RATE = { perSecond: 1, burst: 1 }

it.each<[object, string]>([
  [{ store: undefined }, 'store is missing: it must be a store, such as await sqliteStore(path)'],
  [{ store: 'deskbell.db' }, 'store must be a store, such as await sqliteStore(path), not "deskbell.db"'],
  [
    { store: Promise.resolve() },
    'store must be a store, such as await sqliteStore(path), not a promise: put await in front of it',
  ],
  [
    { mailer: 'smtp://localhost' },
    'mailer must be a mailer, such as smtpMailer({ url, from }) or mailboxMailer(store), not "smtp://localhost"',
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
  [{ secret: 12 }, 'secret must be text, or a list of texts, not 12'],
  [{ secrt: SECRET }, 'secrt is not an option: did you mean secret?'],
  [{ allowedOrigin: [] }, 'allowedOrigin is not an option: did you mean allowedOrigins?'],
  [{ colour: 'red' }, 'colour is not an option'],
  [{ notifyAfter: '5m' }, 'notifyAfter must be a number of milliseconds, not "5m"'],
  [{ notifyAfter: NaN }, 'notifyAfter must be a number of milliseconds, not NaN'],
  [{ notifyAfter: -1 }, 'notifyAfter must be a number of milliseconds, not -1'],
  [{ trustProxy: true }, 'trustProxy must be the number of your proxies, not true'],
  [{ trustProxy: '1' }, 'trustProxy must be the number of your proxies, not "1"'],
  [{ rating: 'off' }, 'rating must be true or false, not "off"'],
  [{ authenticate: 'cookie' }, 'authenticate must be a function, not "cookie"'],
  [{ visitors: 'on' }, 'visitors must be true, false or { idleDays: 90 }, not "on"'],
  [
    { allowedOrigins: 'https://a.example' },
    'allowedOrigins must be a list of origins, such as [\'https://app.example.com\'], not "https://a.example"',
  ],
  [{ allowedOrigins: [1] }, 'allowedOrigins[0] must be an origin, not 1'],
  [
    { signInUrl: 'javascript:x' },
    'signInUrl must be a URL such as https://app.example.com/staff, or a path such as /sign-in, not "javascript:x"',
  ],
  [
    { hours: { open: 'Mo 9:00-17:00' } },
    'hours.timeZone is missing: it must be the name of a time zone, such as Europe/Berlin',
  ],
  [{ retainArchivedDays: '30' }, 'retainArchivedDays must be a number of days, not "30"'],
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
    'staffMails.to must be a list of e-mail addresses, or a function that returns one, not "ops@example.com"',
  ],
  [{ attachments: true }, "attachments must be such as { blobs: folderBlobs('files') }, not true"],
  [
    { attachments: { blobs: folderBlobs('x'), limit: 1 } },
    'attachments has no limit: it may have blobs, maxBytes, perHour',
  ],
  [{ rateLimit: 10 }, 'rateLimit must be null, or a rate, such as { perSecond: 10, burst: 300 }, not 10'],
  [
    { addressLimits: { connections: 5, upgrades: RATE } },
    'addressLimits.failures is missing: it must be a rate, such as { perSecond: 10, burst: 300 }',
  ],
  [{ webhooks: { url: 'https://a.example' } }, 'webhooks must be a list, such as [{ url, secret }], not an object'],
  [
    { webhooks: [{ url: 'https://a.example' }] },
    'webhooks[0].secret is missing: it must be whsec_ and 24 to 64 bytes in base64, or a list of these',
  ],
  [{ bus: 'redis://localhost' }, 'bus must be a bus, such as redisBus(url), or null, not "redis://localhost"'],
  [
    { publisher: 'pusher://' },
    'publisher must be a publisher, such as pusherPublisher({ … }), or null, not "pusher://"',
  ],
  [{ publish: 'all' }, 'publish must be hints or messages, not "all"'],
  [{ serverless: true }, 'serverless must be such as { jobsSecret: process.env.CRON_SECRET }, not true'],
  [{ words: {} }, 'words must be a catalogue with all texts of `ServerCatalogue`, not an object'],
  [{ onError: 'log' }, 'onError must be a function, not "log"'],
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
      'notifyAfter must be a number of milliseconds, not "5m"',
      'webhooks[0].secret must be whsec_ and 24 to 64 bytes in base64, or a list of these, not 5',
      'webhooks[0] has no sercet: it may have url, secret, events, allowPrivateHost',
      'onErorr is not an option: did you mean onError?',
    ].join('\n- '),
  )
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
