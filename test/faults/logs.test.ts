// What the server logs through a busy run in which much goes wrong: what an operator needs, and not a word of what people wrote.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { AUDIENCE, tokens } from '../../src/server/people/token.ts'
import { pause, SECRET, until } from '../support/desk.ts'
import { FaultProxy } from '../../src/testing/fault-proxy.ts'
import { freshDatabase } from '../support/databases.ts'
import { CLI, COMPILED, NODE } from '../support/node.ts'
import { startSmtp, type TestSmtp } from '../support/smtp.ts'
import { chatId, TestSocket, V1 } from '../support/socket.ts'
import { freePort } from '../support/ports.ts'

const CONTENT = 'canary-content'
const NAME = 'canary-name'
const PASSWORD = 'canary-password'
const SCRAPER = 'canary-scraper-token'

let dir: string
let smtp: TestSmtp
let child: ChildProcess | undefined
let [out, err] = ['', '']
let url = ''
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'deskbell-logs-'))
  smtp = await startSmtp()
})
afterEach(async () => {
  await stop()
  await smtp.stop()
  rmSync(dir, { recursive: true, force: true })
})

async function start(env: Record<string, string>): Promise<void> {
  ;[out, err] = ['', '']
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  child = spawn(NODE, [CLI, 'serve'], {
    env: {
      PATH: process.env['PATH'],
      NO_COLOR: '1',
      ...COMPILED,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: dir,
      DESKBELL_SECRET: SECRET,
      NOTIFY_AFTER: '100ms',
      MAIL_URL: smtp.url.replace('://', `://mailer:${PASSWORD}@`),
      METRICS: `token:${SCRAPER}`,
      ...env,
    },
  })
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()))
  await until(async () => {
    if (child?.exitCode !== null) throw new Error(`It has ended: ${out}${err}`)
    return (await fetch(`${url}/readyz`).catch(() => null))?.ok
  })
}
async function stop(): Promise<void> {
  if (!child || child.exitCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'close')
}

const signer = tokens(SECRET)
const sign = (sub: string, audience: 'user' | 'admin') =>
  signer.sign({ sub, email: `${sub}@example.com`, name: NAME }, { audience: AUDIENCE[audience], expiresIn: 600 })

/** @returns what must not be found in the log besides the canaries */
async function busyRun(): Promise<string[]> {
  const [ada, sam] = [await sign('ada', 'user'), await sign('sam', 'admin')]
  const call = (method: string, path: string, token: string, body?: unknown) =>
    fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  const session = await call('POST', '/dashboard/session', sam)
  const cookie = session.headers.get('set-cookie')?.split(';')[0]?.split('=')[1] ?? ''
  expect(cookie.length).toBeGreaterThan(20)
  const { id } = (await (await call('GET', '/support_chat', ada)).json()) as { id: string }
  const socket = await TestSocket.open(`${url.replace('http', 'ws')}/cable?jid=${ada}`, [V1])
  await socket.subscribe(chatId(id))
  const say = (key: string, content = `${CONTENT} ${key}`) =>
    socket.perform(chatId(id), { action: 'send_message', content, client_id: key })
  const reply = (n: number) => call('POST', `/admin/chats/${id}/messages`, sam, { content: `${CONTENT} reply ${n}` })

  for (let n = 0; n < 50; n++) say(`c${n}`)
  say('c0', `${CONTENT} conflict`)
  socket.send(`{"${CONTENT}"`)
  await call('POST', '/support_chat/messages', ada, `{"content":"${CONTENT}`)
  await call('POST', '/support_chat/messages', ada, { content: CONTENT.repeat(1_000) })
  await fetch(`${url}/support_chat/${CONTENT}?jid=${ada}`)
  await until(() => socket.events('new_message').length === 50)

  // A mail that goes out, and others that fail in every way
  const mails = {
    accept: () => smtp.mails.length === 1,
    cut: () => out.includes('E-mail is uncertain'),
    refuse: () => out.includes('E-mail refused'),
  }
  for (const mode of ['accept', 'cut', 'refuse'] as const) {
    smtp.mode = mode
    await reply(0)
    await until(mails[mode])
    await call('PATCH', '/support_chat/mark_read', ada)
  }

  // Credentials of every kind of wrong
  const forged = await tokens('another secret, which nobody shares!').sign(
    { sub: 'eve', email: 'e@x' },
    { audience: AUDIENCE.user, expiresIn: 60 },
  )
  expect((await call('GET', '/support_chat', forged)).status).toBe(401)
  expect((await call('POST', '/dashboard/session', forged)).status).toBe(401)
  await fetch(`${url}/dashboard?ticket=${forged}`, { redirect: 'manual' })
  await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${forged}` } })

  // The database keeps somebody waiting, refuses, and is away
  const other = new DatabaseSync(join(dir, 'deskbell.db'), { timeout: 60_000 })
  const change = async (to: string, ...sql: string[]): Promise<void> => {
    for (const statement of sql) other.exec(statement)
    await until(() => `${out}${err}`.includes(to))
  }
  // On a slow machine the message may come when the lock is gone again, or the lock be held for longer than the server waits
  const answers = (): number => socket.events('new_message').length + socket.events('nack').length
  for (let n = 0; !out.includes('Slow commit'); n++) {
    const before = answers()
    other.exec('BEGIN IMMEDIATE')
    say(`slow-${n}`)
    await pause(1_400)
    other.exec('COMMIT')
    await until(() => answers() > before)
  }
  const nacks = socket.events('nack').length
  other.exec('ALTER TABLE support_messages RENAME TO away')
  say('broken')
  await until(() => socket.events('nack').length > nacks)
  expect((await call('GET', '/support_chat/messages', ada)).status).toBe(500)
  await change(
    'The database is away',
    'ALTER TABLE away RENAME TO support_messages',
    'ALTER TABLE support_meta RENAME TO gone',
  )
  await change('The database is back', 'ALTER TABLE gone RENAME TO support_meta')
  other.close()
  await call('GET', '/support_chat', ada)
  await stop()
  return [ada, sam, forged, cookie, 'New reply from']
}

function expectNoSecrets(text: string, secrets: string[]): void {
  expect(text.length).toBeGreaterThan(1_000)
  for (const secret of [...secrets, 'ada@example.com', CONTENT, NAME, PASSWORD, SCRAPER, SECRET])
    expect(text).not.toContain(secret)
  // Nor the part of a token that says who it is about
  for (const token of secrets.filter((secret) => secret.split('.').length === 3))
    expect(text).not.toContain(token.split('.')[1])
}

it('the log is one line of JSON each in production', async () => {
  await start({ NODE_ENV: 'production', LOG_LEVEL: 'debug' })
  const secrets = await busyRun()
  expectNoSecrets(out + err, secrets)
  const lines = `${out}${err}`
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { level: string; time: string; msg: string; err?: { stack: string } })
  for (const { level, time } of lines) {
    expect(level).toMatch(/^(fatal|error|warn|info|debug)$/)
    expect(time).toBe(new Date(time).toISOString())
  }
  const told = lines.map(({ level, msg }) => `${level} ${msg}`)
  for (const line of [
    'info Started',
    'info Stopped',
    'warn Credentials refused',
    'warn Slow commit',
    'error The database is away',
    'info The database is back',
    'warn E-mail is uncertain: it may have been sent, so it is not sent again',
    'warn E-mail refused for now',
    'debug E-mail sent',
  ])
    expect(told).toContain(line)
  const failure = lines.find(
    ({ msg }) => msg.includes('no such table: main.support_messages') || msg.includes('no such table'),
  )
  expect(failure?.err?.stack).toMatch(/\n {4}at .*src\/stores\/sqlite/)
  const started = lines.find(({ msg }) => msg === 'Started') as unknown as Record<string, unknown>
  expect(started).toMatchObject({ production: true, mail: smtp.url.replace('://', '://…@'), metrics: 'by token' })
  const refusal = lines.find(({ msg }) => msg === 'E-mail refused for now') as unknown as { reason: string }
  expect(refusal.reason).toMatch(/451 <\[address\]> Try later$/)
  // Errors go where those look who start it
  expect(out).not.toContain('"level":"error"')
})

it('the log is readable otherwise, below the summary', async () => {
  await start({})
  const summary = out
  const secrets = await busyRun()
  expect(summary).toContain('Deskbell is ready')
  // The summary has a ticket, which is for whoever reads it
  expectNoSecrets(out + err, secrets)
  expect(out).toMatch(/\n\d\d:\d\d:\d\d warn {2}Credentials refused {2}code=token_signature {2}address=127\.0\.0\.1\n/)
  expect(err).toMatch(/\n\d\d:\d\d:\d\d error The database is away\nError?.*\n {4}at /)
  expect(out).not.toContain('debug')
})

it('the log says nothing but the summary where it is silent', async () => {
  await start({ LOG_LEVEL: 'silent' })
  const secrets = await busyRunQuietly()
  expect(err).toBe('')
  expect(out).not.toContain('refused')
  for (const secret of secrets) expect(out).not.toContain(secret)
})

const database = await freshDatabase('postgres')
it.skipIf(!database)('the log tells of a bus that goes and comes back', async () => {
  const direct = new URL(database?.url ?? '')
  const line = await FaultProxy.start(Number(direct.port || 5432))
  const bus = new URL(direct)
  bus.hostname = '127.0.0.1'
  bus.port = String(line.port)
  await start({ NODE_ENV: 'production', DATABASE_URL: direct.href, BUS_URL: bus.href })
  line.refuse(true)
  line.cut()
  await until(() => /"level":"error".*"The bus is away/.test(err))
  // It is no reason to send people elsewhere: every node is cut off alike
  await until(async () => (await fetch(`${url}/readyz`)).ok)
  line.refuse(false)
  await until(() => /"level":"warn".*"The bus is back/.test(out))
  const scraped = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${SCRAPER}` } })
  expect(await scraped.text()).toMatch(/\ndeskbell_bus_gaps_total [1-9]/)
  await stop()
  // It may be cut while it is being opened, or seem away more than once; of nothing else anything is said
  for (const line of err.trim().split('\n')) expect(line).toMatch(/The bus (is away|\S+ cannot be used)/)
  if (bus.password) expect(out + err).not.toContain(bus.password)
  await line.close()
  await database?.drop()
})

async function busyRunQuietly(): Promise<string[]> {
  const token = await tokens('another secret, which nobody shares!').sign(
    { sub: 'e', email: 'e@x' },
    { audience: AUDIENCE.user, expiresIn: 60 },
  )
  expect((await fetch(`${url}/support_chat`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401)
  await stop()
  return [token]
}
