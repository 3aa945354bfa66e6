// `deskbell doctor` before a real server: directly, through proxies of every kind, and with each thing broken.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
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
  proxy.retarget(server.port)
  smtp.mode = 'accept'
})
afterAll(async () => {
  await server.stop()
  await proxy.stop()
  await smtp.stop()
  rmSync(dir, { recursive: true, force: true })
})

const look = (env: Record<string, string> = {}, sendTo?: string): Promise<Finding[]> =>
  examine(() => readSettings({ ...settings, ...env }), sendTo)
const isWrong = ({ state }: Finding): boolean => state === 'wrong'
/** It waits 3 to 5 s for what a busy machine may do later, so it looks again until it finds what is expected */
const PATIENCE = { timeout: 120_000 }
const looking = (env: Record<string, string> = {}) => expect.poll(() => look(env), PATIENCE)
const lookingForWrong = (env: Record<string, string> = {}, sendTo?: string) =>
  expect.poll(async () => (await look(env, sendTo)).filter(isWrong), PATIENCE)

/** As the command does it */
async function lookFromOutside(env: Record<string, string> = {}): Promise<Finding[]> {
  const { code, out, err } = await deskbell(['doctor', '--json'], { ...settings, ...env })
  expect(err).toBe('')
  const { ok, checks } = JSON.parse(out) as { ok: boolean; checks: Finding[] }
  expect(code).toBe(ok ? 0 : 1)
  expect(ok).toBe(!checks.some(isWrong))
  return checks
}
/** This alone is wrong */
const onlyWrong = (check: string, text: RegExp, env: Record<string, string> = {}, sendTo?: string): Promise<void> =>
  lookingForWrong(env, sendTo).toEqual([{ check, state: 'wrong', text: expect.stringMatching(text) as string }])

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
  const findings = async () =>
    (await lookFromOutside({ PUBLIC_URL: url() })).map(({ check, state, text }) => (state === 'ok' ? check : text))
  await expect
    .poll(findings, PATIENCE)
    .toEqual([
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
  const run = async () => {
    smtp.mails.length = 0
    const { out } = await deskbell(['doctor', '--send-to', 'ops@example.com'], settings)
    expect(out).not.toContain(SECRET)
    return out.split('\n').filter((line) => !/^(ok|note) {2,4}\S.{17,} \S/.test(line))
  }
  await expect.poll(run, PATIENCE).toEqual([])
  expect(smtp.mails.map(({ envelopeTo, envelopeFrom }) => [envelopeTo, envelopeFrom])).toEqual([
    [['ops@example.com'], 'desk@example.com'],
  ])
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
    await looking().toContainEqual({
      check: 'WebSocket',
      state: 'wrong',
      text: expect.stringMatching(/Pages of any origin are let in/) as string,
    })
    proxy.weather.rewrites = { origin: 'https://other.example' }
    await looking().toContainEqual({
      check: 'WebSocket',
      state: 'wrong',
      text: expect.stringMatching(/refused \(403\)/) as string,
    })
  })

  it('drops headers', async () => {
    proxy.weather.rewrites = { authorization: null }
    await lookingForWrong().toMatchObject([{ text: expect.stringMatching(/drops the header Authorization/) as string }])
    proxy.weather.rewrites = { 'sec-websocket-protocol': 'actioncable-v1-json' }
    await onlyWrong('WebSocket', /drops the header Sec-WebSocket-Protocol/)
    proxy.weather.rewrites = { host: 'inside:3000', 'x-forwarded-proto': 'https' }
    const notes = async () => (await look()).flatMap(({ check, state }) => (state === 'note' ? [check] : []))
    await expect.poll(notes, PATIENCE).toEqual(['X-Forwarded-Proto', 'Host'])
  })

  it('is trusted and is there, or is not', async () => {
    const trusting = await ServerProcess.start({ ...settings, TRUST_PROXY: '1' })
    onTestFinished(async () => void (await trusting.stop()))
    proxy.retarget(trusting.port)
    proxy.weather.appends = 1
    await lookingForWrong({ TRUST_PROXY: '1' }).toEqual([])
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
    await lookingForWrong({ TRUST_PROXY: '1' }).toEqual([])
  })
})

describe('what is broken', () => {
  it('settings that cannot be read', () => onlyWrong('settings', /PORT is not valid/, { PORT: 'abc' }))

  it('a second secret that is none, or is left over', async () => {
    const secret = (state: string, text: RegExp) =>
      expect.arrayContaining([{ check: 'secret', state, text: expect.stringMatching(text) as string }]) as unknown
    await looking({ DESKBELL_OTHER_SECRET: 'a'.repeat(40) }).toEqual(
      secret('wrong', /DESKBELL_OTHER_SECRET has only 1 different characters/),
    )
    await looking({ DESKBELL_OTHER_SECRET: `${SECRET} of before` }).toEqual(
      secret('note', /DESKBELL_OTHER_SECRET is accepted too/),
    )
  })

  it('a secret that is none', () => {
    const secret = 'a'.repeat(40)
    return looking({ DESKBELL_SECRET: secret }).toEqual(
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
    await expect
      .poll(() => found(), PATIENCE)
      .toMatchObject({ state: 'note', text: expect.stringMatching(/Nobody has one yet/) as string })
    await expect.poll(() => found({ SIGN_IN_URL: 'https://app.example.com' }), PATIENCE).toBeUndefined()
    const old = 'a secret of some time before, 32+'
    await (await store.accounts?.())?.addFirstStaff(owner(new Secrets([old]).seal('JBSWY3DPEHPK3PXP')))
    await expect
      .poll(() => found(), PATIENCE)
      .toMatchObject({
        state: 'wrong',
        text: expect.stringMatching(/second factor of 1 member was kept with another secret/) as string,
      })
    await expect
      .poll(() => found({ DESKBELL_OTHER_SECRET: old }), PATIENCE)
      .toMatchObject({ state: 'ok', text: '1 member can sign in' })
    await store.close()
  })

  it('an address of staff to which no mails go', async () => {
    const file = join(dir, 'staff-emails.db')
    const store = await sqliteStore(file)
    const found = async () =>
      (await look({ DATABASE_URL: `sqlite:${file}`, STAFF_EMAILS: 'Kim@desk.example, sam@desk.example' })).filter(
        ({ check }) => check === 'staff e-mails',
      )
    await expect
      .poll(() => found(), PATIENCE)
      .toEqual([{ check: 'staff e-mails', state: 'ok', text: 'They go to 2 addresses' }])
    const at = new Date().toISOString()
    await store.blockMail('kim@desk.example', { kind: 'bounced', at, reason: '550 No' }, at)
    await expect
      .poll(() => found(), PATIENCE)
      .toEqual([
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
      await looking({ MAIL_URL: service.url }).toContainEqual({
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
  })

  it('files: a bucket that takes them, another key, an address that is away', async () => {
    const s3 = await startS3()
    const at = (origin: string, secret = SES_KEYS.secretAccessKey) => ({
      FILES_URL: `s3://${SES_KEYS.accessKeyId}:${secret}@files/desk?region=${SES_REGION}&endpoint=${encodeURIComponent(origin)}`,
    })
    try {
      const files = async () => {
        s3.asked.length = 0
        const found = (await look(at(s3.url))).find(({ check }) => check === 'files')
        return [found?.text, s3.asked.length, s3.objects.size]
      }
      await expect.poll(files, PATIENCE).toEqual(['s3://…@files/desk?… stores, returns and deletes them', 3, 0])
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
        await looking({ PUBLISH_URL: known }).toContainEqual({
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
    await lookingForWrong(origins).toMatchObject([
      { check: 'origins', text: expect.stringMatching(/PUBLIC_URL needs https too/) as string },
      { check: 'PUBLIC_URL', text: expect.stringMatching(/cannot be reached: getaddrinfo/) as string },
    ])
    const production = { NODE_ENV: 'production', ALLOWED_ORIGINS: '' }
    await onlyWrong('origins', /set it to the address that people use/, production)
    const own = { NODE_ENV: 'production', PUBLIC_URL: 'https://chat.example.invalid', ALLOWED_ORIGINS: '' }
    await looking(own).toContainEqual({
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
        looking({ PUBLIC_URL: url }).toContainEqual({
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
    onTestFinished(() => other.kill())
    proxy.retarget(other.port)
    for (const path of ['', '/support']) expect((await fetch(`${other.url}${path}/readyz`)).status).toBe(200)
    await looking(env).toContainEqual(expect.objectContaining({ check: 'PUBLIC_URL', state: 'ok' }))
  })

  it("is compared with what a host's own server says", async () => {
    const store = await sqliteStore(':memory:')
    const mailer = { send: async () => undefined }
    const onError = (): void => undefined
    const own = createDeskbell({ store, mailer, secret: SECRET, publicUrl: 'http://localhost/support', onError })
    const host: RequestListener = (request, response) => void own.listener(request, response)
    await answering(host, async (url) => {
      await looking({ PUBLIC_URL: `${url}/support` }).toContainEqual({
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
  const said = async (more: Record<string, string>) => {
    good.received.length = 0
    return (await look({ ...env, ...more })).flatMap(({ check, state, text }) =>
      check === 'webhook' ? [`${state} ${text}`] : [],
    )
  }
  const hooks = (port: number) => `http://127.0.0.1:${port}/hooks`
  try {
    other.answer = () => 422
    await expect
      .poll(() => said({ WEBHOOK_URL: `${good.url}, ${other.url} ${elsewhere}` }), PATIENCE)
      .toEqual([
        `ok ${hooks(good.port)} accepted a ping`,
        `wrong ${hooks(other.port)} answered 422, and should answer 200 to 299 to a ping too`,
        expect.stringMatching(`^wrong ${elsewhere} could not be reached`),
      ])
    expect(good.received.map(({ payload }) => payload)).toMatchObject([{ type: 'ping', data: {} }])
    const secret = `whsec_${Buffer.alloc(24).toString('base64')}`
    await expect
      .poll(() => said({ WEBHOOK_URL: good.url, WEBHOOK_SECRET: secret }), PATIENCE)
      .toEqual([`wrong ${hooks(good.port)} answered 401: does it know the secret of WEBHOOK_SECRET?`])
    const url = `https://localhost:${good.port}/`
    await expect
      .poll(() => said({ WEBHOOK_URL: url, WEBHOOK_PRIVATE_HOSTS: 'off' }), PATIENCE)
      .toEqual([expect.stringMatching(`^wrong ${url} leads to an address that is not public`)])
    await looking({ WEBHOOK_URL: url, WEBHOOK_SECRET: '' }).toMatchObject([
      { state: 'wrong', text: expect.stringContaining('WEBHOOK_SECRET is missing') as string },
    ])
    await looking({ ...env, WEBHOOK_URL: good.url, WEBHOOK_PRIVATE_HOSTS: 'off' }).toMatchObject([
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
    await expect.poll(() => durability(), PATIENCE).toMatchObject({ state: 'ok' })
    await flushLog(2)
    await expect
      .poll(() => durability(), PATIENCE)
      .toMatchObject({
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
  const nobody = `http://127.0.0.1:${await freePort()}`
  const ok = async () =>
    (await look({ DATABASE_URL: url, PUBLIC_URL: nobody })).flatMap(({ check, state, text }) =>
      state === 'ok' ? [`${check}: ${text}`] : [],
    )
  await expect
    .poll(ok, PATIENCE)
    .toEqual(
      expect.arrayContaining(
        [
          /^database: /,
          /^database clock: /,
          /^database writes: /,
          /^bus: .*carried a hint in \d+ ms/,
          /^durability: /,
        ].map((line) => expect.stringMatching(line) as string),
      ),
    )

  const found = async (env: Record<string, string>, what: string) =>
    (await look({ DATABASE_URL: url, PUBLIC_URL: nobody, ...env })).find(({ check }) => check === what)
  const name = new URL(url).pathname.slice(1)
  await onPostgres(url, `ALTER DATABASE ${name} SET synchronous_commit = off`)
  await expect
    .poll(() => found({}, 'durability'), PATIENCE)
    .toMatchObject({
      state: 'wrong',
      text: expect.stringMatching(/^Off: synchronous_commit; .* Set synchronous_commit = on$/) as string,
    })

  const stranger = new URL(url)
  stranger.username = `stranger_${name}`
  stranger.password = 'unknown'
  await onPostgres(url, `CREATE ROLE ${stranger.username} LOGIN PASSWORD 'unknown'`)
  const asStranger = { DATABASE_URL: stranger.href, BUS_URL: 'off' }
  await expect
    .poll(async () => (await found(asStranger, 'database'))?.text, PATIENCE)
    .toMatch(
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
  await expect
    .poll(async () => (await found(asStranger, 'database'))?.text, PATIENCE)
    .toMatch(/not up to date, and stranger_\w+ cannot create tables: GRANT CREATE ON SCHEMA public TO stranger_/)
  await database?.drop()
  await onPostgres(new URL('/postgres', url).href, `DROP ROLE ${stranger.username}`)
})
