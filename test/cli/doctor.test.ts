// `deskbell doctor` before a real server: directly, through proxies of every kind, and with each thing broken.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createDeskbell, sqliteStore } from '../../src/entries/node.ts'
import { examine } from '../../src/cli/doctor/examine.ts'
import type { Finding } from '../../src/cli/doctor/finding.ts'
import type { StaffMember } from '../../src/server/ports/store/accounts.ts'
import { Secrets } from '../../src/standalone/accounts/secrets.ts'
import { readSettings } from '../../src/standalone/settings.ts'
import { deskbell } from '../support/cli.ts'
import { onPostgres } from '../support/databases/postgres.ts'
import { freshDatabase } from '../support/databases.ts'
import { SES_KEYS, SES_REGION } from '../support/mail-services/ses.ts'
import { startS3 } from '../support/mail-services/s3.ts'
import { SERVICES } from '../support/mail-services/services.ts'
import { SERVICES as REALTIME_SERVICES } from '../support/realtime-services/services.ts'
import { ReverseProxy } from '../support/proxies.ts'
import { SECRET, ServerProcess } from '../support/server-process.ts'
import { startSmtp, type TestSmtp } from '../support/smtp.ts'
import { startWebhookReceiver, WEBHOOK_SECRET } from '../support/webhook-receiver.ts'
import { freePort } from '../support/ports.ts'

/** @param totp a sealed secret of a second factor */
const owner = (totp: string | null): StaffMember => ({
  id: '01950000-0000-7000-8000-000000000001',
  email: 'olga@desk.example',
  name: 'Olga',
  role: 'owner',
  password: '$argon2id$…',
  totp,
  totp_step: 0,
  recovery: null,
  identity: null,
  identity_issuer: null,
  mails_off_at: null,
  last_seen_at: null,
  created_at: '2026-03-02T09:00:00.000Z',
})

let dir: string
let smtp: TestSmtp
let proxy: ReverseProxy
let server: ServerProcess
let settings: Record<string, string>
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'deskbell-doctor-'))
  smtp = await startSmtp()
  proxy = await ReverseProxy.start(await freePort())
  settings = {
    NODE_ENV: 'development',
    DATA_DIR: dir,
    DESKBELL_SECRET: SECRET,
    PUBLIC_URL: proxy.url,
    ALLOWED_ORIGINS: 'http://app.example.com http://localhost:5173',
    MAIL_URL: smtp.url,
    MAIL_FROM: 'Desk <desk@example.com>',
  }
  const store = await sqliteStore(join(dir, 'deskbell.db'))
  await (await store.accounts?.())?.addFirstStaff(owner(null))
  await store.close()
  server = await ServerProcess.start({ ...settings, TRUST_PROXY: '0' })
  proxy.retarget(server.port)
})
afterEach(() => {
  Object.assign(proxy.weather, { upgrades: 'pass', buffers: false, rewrites: {}, appends: 0 })
})
afterAll(async () => {
  await server.stop()
  await proxy.stop()
  await smtp.stop()
  rmSync(dir, { recursive: true, force: true })
})

const look = (env: Record<string, string> = {}, sendTo?: string): Promise<Finding[]> =>
  examine(() => readSettings({ ...settings, ...env }), sendTo)

/** As the command does it */
async function lookFromOutside(env: Record<string, string> = {}): Promise<Finding[]> {
  const { code, out, err } = await deskbell(['doctor', '--json'], { ...settings, ...env })
  expect(err).toBe('')
  const { ok, checks } = JSON.parse(out) as { ok: boolean; checks: Finding[] }
  expect(code).toBe(ok ? 0 : 1)
  expect(ok).toBe(checks.every(({ state }) => state !== 'wrong'))
  return checks
}
/** This alone is wrong */
async function onlyWrong(
  check: string,
  text: RegExp,
  env: Record<string, string> = {},
  sendTo?: string,
): Promise<void> {
  const findWrong = async () => (await look(env, sendTo)).filter(({ state }) => state === 'wrong')
  // It waits 3 to 5 s for what a busy machine may do later
  await expect
    .poll(findWrong, { timeout: 120_000 })
    .toEqual([{ check, state: 'wrong', text: expect.stringMatching(text) as string }])
}

async function answering(listener: RequestListener, use: (url: string) => Promise<void>): Promise<void> {
  const other = createServer(listener)
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
  try {
    await use(`http://127.0.0.1:${(other.address() as AddressInfo).port}`)
  } finally {
    other.closeAllConnections()
    other.close()
  }
}

it.each([
  ['directly', () => server.url],
  ['through a proxy', () => proxy.url],
])('deskbell doctor finds nothing wrong where nothing is: %s', async (_how, url) => {
  const checks = await lookFromOutside({ PUBLIC_URL: url() })
  expect(checks.filter(({ state }) => state !== 'ok')).toEqual([])
  expect(checks.map(({ check }) => check)).toEqual([
    'secret',
    'data folder',
    'database',
    'database clock',
    'database writes',
    'accounts',
    'files',
    'bus',
    'mail',
    'origins',
    'PUBLIC_URL',
    'X-Forwarded-For',
    'ALLOWED_ORIGINS',
    'WebSocket',
    'Server-Sent Events',
  ])
  expect(smtp.contents).toEqual([])
})

it('deskbell doctor prints a line each, and sends a test mail when told to', async () => {
  const { code, out } = await deskbell(['doctor', '--send-to', 'ops@example.com'], settings)
  expect(code).toBe(0)
  for (const line of out.split('\n')) expect(line).toMatch(/^(ok|note) {2,4}\S.{17,} \S/)
  expect(smtp.mails.map(({ envelopeTo, envelopeFrom }) => [envelopeTo, envelopeFrom])).toEqual([
    [['ops@example.com'], 'desk@example.com'],
  ])
  expect(out).not.toContain(SECRET)
})

describe('a proxy', () => {
  it.each([
    ['refuse', /answered 502 instead of 101.*proxy_set_header Upgrade/],
    ['hang', /No answer to the upgrade within 5 s/],
    ['mute', /no frame comes through/],
    ['strip', /turns the upgrade into a plain request/],
  ] as const)('does to upgrades: %s', async (upgrades, text) => {
    proxy.weather.upgrades = upgrades
    await onlyWrong('WebSocket', text)
  })

  it('collects event streams', async () => {
    proxy.weather.buffers = true
    await onlyWrong('Server-Sent Events', /come within 3 s: a proxy buffers them/)
  })

  it.each([
    ['adds an address that nobody trusts', 1, /One proxy adds to it: set TRUST_PROXY to 1/],
    ['is two of them', 2, /2 proxies add to it: set TRUST_PROXY to 2/],
  ])('%s', async (_what, appends, text) => {
    proxy.weather.appends = appends
    await onlyWrong('X-Forwarded-For', text)
  })

  it('changes origins', async () => {
    proxy.weather.rewrites = { origin: new URL(proxy.url).origin }
    const checks = await look()
    expect(checks).toContainEqual({
      check: 'WebSocket',
      state: 'wrong',
      text: expect.stringMatching(/Pages of any origin are let in/) as string,
    })
    proxy.weather.rewrites = { origin: 'https://other.example' }
    expect(await look()).toContainEqual({
      check: 'WebSocket',
      state: 'wrong',
      text: expect.stringMatching(/refused \(403\)/) as string,
    })
  })

  it('drops headers', async () => {
    proxy.weather.rewrites = { authorization: null }
    const [first] = (await look()).filter(({ state }) => state === 'wrong')
    expect(first?.text).toMatch(/drops the header Authorization/)
    proxy.weather.rewrites = { 'sec-websocket-protocol': 'actioncable-v1-json' }
    await onlyWrong('WebSocket', /drops the header Sec-WebSocket-Protocol/)
    proxy.weather.rewrites = { host: 'inside:3000', 'x-forwarded-proto': 'https' }
    const notes = (await look()).filter(({ state }) => state === 'note')
    expect(notes.map(({ check }) => check)).toEqual(['X-Forwarded-Proto', 'Host'])
  })

  it('is trusted and is there, or is not', async () => {
    const trusting = await ServerProcess.start({ ...settings, TRUST_PROXY: '1' })
    proxy.retarget(trusting.port)
    proxy.weather.appends = 1
    expect((await look({ TRUST_PROXY: '1' })).filter(({ state }) => state === 'wrong')).toEqual([])
    proxy.weather.appends = 0
    await onlyWrong('X-Forwarded-For', /people choose their address: set it to 0/, { TRUST_PROXY: '1' })
    // That there is a proxy shows in another way, so it is the proxy that is to change
    proxy.weather.rewrites = { 'x-forwarded-proto': 'http' }
    await onlyWrong('X-Forwarded-For', /There is a proxy.*\$proxy_add_x_forwarded_for\)$/, { TRUST_PROXY: '1' })
    proxy.retarget(server.port)
    await onlyWrong('X-Forwarded-For', /There is a proxy.*; then set TRUST_PROXY to the number of proxies$/)
    proxy.retarget(trusting.port)
    // It puts its own word in the place of ours
    proxy.weather.rewrites = { 'x-forwarded-for': '203.0.113.9' }
    expect((await look({ TRUST_PROXY: '1' })).filter(({ state }) => state === 'wrong')).toEqual([])
    proxy.retarget(server.port)
    await trusting.stop()
  })
})

describe('what is broken', () => {
  it('settings that cannot be read', () => onlyWrong('settings', /PORT is not valid/, { PORT: 'abc' }))

  it('a second secret that is none, or is left over', async () => {
    const secret = (state: string, text: RegExp) =>
      expect.arrayContaining([{ check: 'secret', state, text: expect.stringMatching(text) as string }]) as unknown
    expect(await look({ DESKBELL_OTHER_SECRET: 'a'.repeat(40) })).toEqual(
      secret('wrong', /DESKBELL_OTHER_SECRET has only 1 different characters/),
    )
    expect(await look({ DESKBELL_OTHER_SECRET: `${SECRET} of before` })).toEqual(
      secret('note', /DESKBELL_OTHER_SECRET is accepted too/),
    )
  })

  it('a secret that is none', () => {
    const secret = 'a'.repeat(40)
    return expect(look({ DESKBELL_SECRET: secret })).resolves.toEqual(
      expect.arrayContaining([
        { check: 'secret', state: 'wrong', text: expect.stringMatching(/only 1 different characters/) as string },
        { check: 'PUBLIC_URL', state: 'wrong', text: expect.stringMatching(/another DESKBELL_SECRET/) as string },
      ]),
    )
  })

  it('a folder that cannot be written to', () =>
    onlyWrong('data folder', /cannot be written to/, {
      DATA_DIR: '/proc',
      DATABASE_URL: `sqlite:${join(dir, 'deskbell.db')}`,
    }))

  it('a database that is not there, which it leaves so', async () => {
    const file = join(dir, 'none.db')
    for (let n = 0; n < 2; n++)
      await onlyWrong('database', /not there yet: run deskbell migrate/, { DATABASE_URL: `sqlite:${file}` })
  })

  it('a database that is not up to date', async () => {
    const file = join(dir, 'empty.db')
    new DatabaseSync(file).exec('CREATE TABLE of_the_host (x)')
    await onlyWrong('database', /not up to date: run deskbell migrate/, { DATABASE_URL: `sqlite:${file}` })
  })

  it('a database that does not answer', async () => {
    const url = `postgres://127.0.0.1:${await freePort()}/none`
    await onlyWrong('database', /ECONNREFUSED.*Check DATABASE_URL/, { DATABASE_URL: url })
  })

  it('a second factor that no secret reads, or nobody to sign in', async () => {
    const file = join(dir, 'accounts.db')
    const store = await sqliteStore(file)
    const found = async (env: Record<string, string> = {}) =>
      (await look({ DATABASE_URL: `sqlite:${file}`, ...env })).find(({ check }) => check === 'accounts')
    expect(await found()).toMatchObject({ state: 'note', text: expect.stringMatching(/Nobody has one yet/) as string })
    expect(await found({ SIGN_IN_URL: 'https://app.example.com' })).toBeUndefined()
    const old = 'a secret of some time before, 32+'
    await (await store.accounts?.())?.addFirstStaff(owner(new Secrets([old]).seal('JBSWY3DPEHPK3PXP')))
    expect(await found()).toMatchObject({
      state: 'wrong',
      text: expect.stringMatching(/second factor of 1 member was kept with another secret/) as string,
    })
    expect(await found({ DESKBELL_OTHER_SECRET: old })).toMatchObject({ state: 'ok', text: '1 member can sign in' })
    await store.close()
  })

  it('an address of staff to which no mails go', async () => {
    const file = join(dir, 'staff-emails.db')
    const store = await sqliteStore(file)
    const found = async () =>
      (await look({ DATABASE_URL: `sqlite:${file}`, STAFF_EMAILS: 'Kim@desk.example, sam@desk.example' })).filter(
        ({ check }) => check === 'staff e-mails',
      )
    expect(await found()).toEqual([{ check: 'staff e-mails', state: 'ok', text: 'They go to 2 addresses' }])
    const at = new Date().toISOString()
    await store.blockMail('kim@desk.example', { kind: 'bounced', at, reason: '550 No' }, at)
    expect(await found()).toEqual([
      {
        check: 'staff e-mails',
        state: 'wrong',
        text: expect.stringMatching(
          /^None go to Kim@desk\.example since .*550 No.*: .*run deskbell unblock Kim@/,
        ) as string,
      },
    ])
    await store.close()
  })

  it('a server on another database', async () => {
    const file = join(dir, 'other.db')
    await (await sqliteStore(file)).close()
    await onlyWrong('PUBLIC_URL', /uses another database/, { DATABASE_URL: `sqlite:${file}` })
  })

  it('a bus that does not answer', async () =>
    onlyWrong(
      'bus',
      /^The bus redis:\S+ cannot be used: [^.]*ECONNREFUSED[^;]*Set BUS_URL to another bus, or to off for a single node$/,
      { BUS_URL: `redis://127.0.0.1:${await freePort()}` },
    ))

  it.each(SERVICES)('mail by $name: lets in, another key, an address that is away', async ({ start }) => {
    const service = await start()
    try {
      expect(await look({ MAIL_URL: service.url })).toContainEqual({
        check: 'mail',
        state: 'ok',
        text: expect.stringMatching(/:\/\/….* lets us in$/) as string,
      })
      const other = service.url.replace(/:\/\/([^@?]{4})/, '://$1x')
      await onlyWrong('mail', /(token|key) is wrong.*Check MAIL_URL/, { MAIL_URL: other })
      const away = service.url.replace(/(127\.0\.0\.1%3A)\d+/, `$1${await freePort()}`)
      await onlyWrong('mail', /ECONNREFUSED.*Check MAIL_URL/, { MAIL_URL: away })
      expect(service.contents).toEqual([])
    } finally {
      await service.stop()
    }
  })

  it('mail: nobody there, a sender that is none, none in production, refused', async () => {
    await onlyWrong('mail', /ECONNREFUSED.*Check MAIL_URL/, {
      MAIL_URL: `smtp://user:pass@127.0.0.1:${await freePort()}`,
    })
    await onlyWrong('mail sender', /set MAIL_FROM/, { MAIL_FROM: '' })
    await onlyWrong('mail', /sends none: set it to smtp/, { MAIL_URL: 'mailbox:' }, 'ops@example.com')
    smtp.mode = 'refuse'
    await onlyWrong('test mail', /Not accepted for ops@example.com: .*451/, {}, 'ops@example.com')
    smtp.mode = 'accept'
  })

  it('files: a bucket that takes them, another key, an address that is away', async () => {
    const s3 = await startS3()
    const at = (origin: string, secret = SES_KEYS.secretAccessKey) => ({
      FILES_URL: `s3://${SES_KEYS.accessKeyId}:${secret}@files/desk?region=${SES_REGION}&endpoint=${encodeURIComponent(origin)}`,
    })
    try {
      expect(await look(at(s3.url))).toContainEqual({
        check: 'files',
        state: 'ok',
        text: 's3://…@files/desk?… stores, returns and deletes them',
      })
      expect([s3.asked.length, s3.objects.size]).toEqual([3, 0])
      await onlyWrong('files', /403 InvalidSignatureException.*Check FILES_URL/, at(s3.url, 'another'))
      await onlyWrong('files', /ECONNREFUSED.*Check FILES_URL/, at(`http://127.0.0.1:${await freePort()}`))
    } finally {
      await s3.stop()
    }
  })

  it.each(REALTIME_SERVICES)(
    'publisher by $name: knows us, another secret, gone',
    async ({ start, url, strangerUrl }) => {
      const service = await start()
      try {
        const known = url(service)
        expect(await look({ PUBLISH_URL: known })).toContainEqual({
          check: 'publisher',
          state: 'ok',
          text: expect.stringMatching(/:\/\/….* knows the credentials$/) as string,
        })
        await onlyWrong('publisher', /401.*Check PUBLISH_URL/, { PUBLISH_URL: strangerUrl(service) })
        service.gone = true
        await onlyWrong('publisher', /cannot be reached.*Check PUBLISH_URL/, { PUBLISH_URL: known })
        expect(service.published).toEqual([])
      } finally {
        await service.stop()
      }
    },
  )

  it('origins that cannot work', async () => {
    const origins = { PUBLIC_URL: 'http://chat.example.invalid', ALLOWED_ORIGINS: 'https://app.example.com' }
    const wrong = (await look(origins)).filter(({ state }) => state === 'wrong')
    expect(wrong.map(({ check, text }) => [check, text])).toEqual([
      ['origins', expect.stringMatching(/PUBLIC_URL needs https too/)],
      ['PUBLIC_URL', expect.stringMatching(/cannot be reached: getaddrinfo/)],
    ])
    const production = { NODE_ENV: 'production', ALLOWED_ORIGINS: '' }
    await onlyWrong('origins', /set it to the address that people use/, production)
    const own = { NODE_ENV: 'production', PUBLIC_URL: 'https://chat.example.invalid', ALLOWED_ORIGINS: '' }
    expect(await look(own)).toContainEqual({
      check: 'origins',
      state: 'note',
      text: expect.stringMatching(/for other origins, set ALLOWED_ORIGINS/) as string,
    })
    await onlyWrong('ALLOWED_ORIGINS', /http:\/\/new\.example are refused/, { ALLOWED_ORIGINS: 'http://new.example' })
  })

  it('an address at which there is nothing, another, or somebody else', async () => {
    await onlyWrong('PUBLIC_URL', /cannot be reached: .*ECONNREFUSED/, {
      PUBLIC_URL: `http://127.0.0.1:${await freePort()}`,
    })
    await onlyWrong('PUBLIC_URL', /cannot be reached: it does not speak TLS\. Does/, {
      PUBLIC_URL: server.url.replace('http:', 'https:'),
      ALLOWED_ORIGINS: '',
    })
    await answering(
      (_request, response) => response.writeHead(301, { location: 'https://elsewhere.example/' }).end(),
      (url) => onlyWrong('PUBLIC_URL', /redirects to https:\/\/elsewhere\.example\//, { PUBLIC_URL: url }),
    )
    await answering(
      (_request, response) => response.writeHead(404).end('<h1>Not found</h1>'),
      (url) => onlyWrong('PUBLIC_URL', /answers \(404\), but it is not Deskbell/, { PUBLIC_URL: url }),
    )
    await answering(
      (_request, response) => response.end('<h1>Welcome to nginx</h1>'),
      (url) => onlyWrong('PUBLIC_URL', /is not Deskbell/, { PUBLIC_URL: url }),
    )
    await answering(
      (_request, response) => response.end('{"version":"0.0.1"}'),
      (url) =>
        expect(look({ PUBLIC_URL: url })).resolves.toContainEqual({
          check: 'PUBLIC_URL',
          state: 'wrong',
          text: expect.stringMatching(/runs 0\.0\.1, this command is \d/) as string,
        }),
    )
  })
})

describe('the path of PUBLIC_URL', () => {
  it('may reach a stand-alone server or be cut off before', async () => {
    const env = { PUBLIC_URL: `${proxy.url}/support` }
    const other = await ServerProcess.start({ ...settings, TRUST_PROXY: '0', ...env })
    proxy.retarget(other.port)
    try {
      for (const path of ['', '/support']) expect((await fetch(`${other.url}${path}/readyz`)).status).toBe(200)
      expect(await look(env)).toContainEqual(expect.objectContaining({ check: 'PUBLIC_URL', state: 'ok' }))
    } finally {
      proxy.retarget(server.port)
      await other.kill()
    }
  })

  it("is compared with what a host's own server says", async () => {
    const store = await sqliteStore(':memory:')
    const mailer = { send: async () => undefined }
    const onError = (): void => undefined
    const own = createDeskbell({ store, mailer, secret: SECRET, publicUrl: 'http://localhost/support', onError })
    const host: RequestListener = (request, response) => void own.listener(request, response)
    await answering(host, async (url) => {
      expect(await look({ PUBLIC_URL: `${url}/support` })).toContainEqual({
        check: 'PUBLIC_URL',
        state: 'note',
        text: expect.stringContaining('/support is Deskbell in a server of your own') as string,
      })
      const said =
        /leads to another path of the server\. It says: Deskbell is mounted at \/support, and this request is for \/chat/
      await onlyWrong('PUBLIC_URL', said, { PUBLIC_URL: `${url}/chat` })
    })
    await own.close()
    await store.close()
  })
})

const [database, mysql] = [await freshDatabase('postgres'), await freshDatabase('mysql')]
it('deskbell doctor sends each webhook endpoint a signed ping, and says how it was answered', async () => {
  const [good, other] = [await startWebhookReceiver(), await startWebhookReceiver()]
  const elsewhere = `http://127.0.0.1:${await freePort()}/hook`
  const env = { WEBHOOK_SECRET, WEBHOOK_PRIVATE_HOSTS: 'on' }
  const said = async (more: Record<string, string>) =>
    (await look({ ...env, ...more }))
      .filter(({ check }) => check === 'webhook')
      .map(({ state, text }) => `${state} ${text}`)
  const hooks = (port: number) => `http://127.0.0.1:${port}/hooks`
  try {
    other.answer = () => 422
    expect(await said({ WEBHOOK_URL: `${good.url}, ${other.url} ${elsewhere}` })).toEqual([
      `ok ${hooks(good.port)} accepted a ping`,
      `wrong ${hooks(other.port)} answered 422, and should answer 200 to 299 to a ping too`,
      expect.stringMatching(`^wrong ${elsewhere} could not be reached`),
    ])
    expect(good.received.map(({ payload }) => payload)).toMatchObject([{ type: 'ping', data: {} }])
    const secret = `whsec_${Buffer.alloc(24).toString('base64')}`
    expect(await said({ WEBHOOK_URL: good.url, WEBHOOK_SECRET: secret })).toEqual([
      `wrong ${hooks(good.port)} answered 401: does it know the secret of WEBHOOK_SECRET?`,
    ])
    const url = `https://localhost:${good.port}/`
    expect(await said({ WEBHOOK_URL: url, WEBHOOK_PRIVATE_HOSTS: 'off' })).toEqual([
      expect.stringMatching(`^wrong ${url} leads to an address that is not public`),
    ])
    expect(await look({ WEBHOOK_URL: url, WEBHOOK_SECRET: '' })).toMatchObject([
      { state: 'wrong', text: expect.stringContaining('WEBHOOK_SECRET is missing') as string },
    ])
    expect(await look({ ...env, WEBHOOK_URL: good.url, WEBHOOK_PRIVATE_HOSTS: 'off' })).toMatchObject([
      {
        state: 'wrong',
        text: expect.stringContaining('must begin with https:, or have WEBHOOK_PRIVATE_HOSTS=on') as string,
      },
    ])
  } finally {
    await Promise.all([good.stop(), other.stop()])
  }
})

it.skipIf(!mysql)('deskbell doctor looks at MySQL, and whether its commits last', async () => {
  const env = { DATABASE_URL: mysql?.url ?? '', PUBLIC_URL: `http://127.0.0.1:${await freePort()}` }
  const durability = async () => (await look(env)).find(({ check }) => check === 'durability')
  const server = await createConnection(env.DATABASE_URL)
  const [[before]] = await server.query<RowDataPacket[]>('SELECT @@GLOBAL.innodb_flush_log_at_trx_commit AS flush_log')
  const flushLog = (value: unknown) => server.query(`SET GLOBAL innodb_flush_log_at_trx_commit = ${Number(value)}`)
  expect((await deskbell(['migrate'], { ...settings, ...env })).code).toBe(0)
  try {
    await flushLog(1)
    expect(await durability()).toMatchObject({ state: 'ok' })
    await flushLog(2)
    expect(await durability()).toMatchObject({
      state: 'wrong',
      text: expect.stringMatching(/is 2: .* Set innodb_flush_log_at_trx_commit = 1$/) as string,
    })
  } finally {
    // The server is that of all tests, or a developer's
    await flushLog(before?.['flush_log'])
    await server.end()
  }
  await mysql?.drop()
})

it.skipIf(!database)('deskbell doctor looks at PostgreSQL, at its bus, and at what its role may do', async () => {
  const url = database?.url ?? ''
  expect((await deskbell(['migrate'], { ...settings, DATABASE_URL: url })).code).toBe(0)
  const checks = await look({ DATABASE_URL: url, PUBLIC_URL: `http://127.0.0.1:${await freePort()}` })
  const states = Object.fromEntries(checks.map(({ check, state }) => [check, state]))
  expect(states).toMatchObject({
    database: 'ok',
    'database clock': 'ok',
    'database writes': 'ok',
    bus: 'ok',
    durability: 'ok',
  })
  expect(checks.find(({ check }) => check === 'bus')?.text).toMatch(/carried a hint in \d+ ms/)

  const found = async (env: Record<string, string>, what: string) =>
    (await look({ DATABASE_URL: url, PUBLIC_URL: `http://127.0.0.1:${await freePort()}`, ...env })).find(
      ({ check }) => check === what,
    )
  const name = new URL(url).pathname.slice(1)
  await onPostgres(url, `ALTER DATABASE ${name} SET synchronous_commit = off`)
  expect(await found({}, 'durability')).toMatchObject({
    state: 'wrong',
    text: expect.stringMatching(/^Off: synchronous_commit; .* Set synchronous_commit = on$/) as string,
  })

  const stranger = new URL(url)
  stranger.username = `stranger_${name}`
  stranger.password = 'unknown'
  await onPostgres(url, `CREATE ROLE ${stranger.username} LOGIN PASSWORD 'unknown'`)
  const asStranger = { DATABASE_URL: stranger.href, BUS_URL: 'off' }
  expect((await found(asStranger, 'database'))?.text).toMatch(
    /The tables are there and belong to \w+, and stranger_\w+ lacks INSERT, SELECT on them\. As \w+: GRANT SELECT, /,
  )
  const { err } = await deskbell(['migrate'], { ...settings, ...asStranger })
  expect(err).toMatch(/permission denied for table support_migrations/)
  for (const table of [
    'migrations',
    'meta',
    'chats',
    'messages',
    'users',
    'webhooks',
    'staff',
    'staff_sessions',
    'staff_allowances',
    'push_subscriptions',
  ])
    await onPostgres(url, `ALTER TABLE support_${table} RENAME TO away_${table}`)
  await onPostgres(url, 'REVOKE CREATE ON SCHEMA public FROM PUBLIC')
  expect((await found(asStranger, 'database'))?.text).toMatch(
    /not up to date, and stranger_\w+ cannot create tables: GRANT CREATE ON SCHEMA public TO stranger_/,
  )
  await database?.drop()
  await onPostgres(new URL('/postgres', url).href, `DROP ROLE ${stranger.username}`)
})
