// Processes that live for the time of a request: here each request gets a chat of its own on one database, whose clock is the test's.
import { Server } from 'socket.io'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDeskbell, sqliteStore, type DeskbellOptions, type Store } from '../../src/entries/node.ts'
import { attachSocketIo } from '../../src/entries/socket.io.ts'
import type { JobsRun } from '../../src/server/jobs/jobs.ts'
import { AUDIENCE, tokens, type Audience, type TokenClaims } from '../../src/server/people/token.ts'
import type { Mail } from '../../src/server/ports/mailer.ts'
import { FakeClock } from '../../src/testing/fake-clock.ts'
import { pause, SECRET, until } from '../support/desk.ts'
import { RecordingPublisher } from '../support/recording-publisher.ts'
import { startWebhookReceiver, WEBHOOK_SECRET, type WebhookReceiver } from '../support/webhook-receiver.ts'

const JOBS_SECRET = 'what the schedule knows'
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** Knows which timers have neither fired nor been cancelled */
class WatchedClock extends FakeClock {
  readonly pending = new Set<() => void>()
  override after(ms: number, task: () => void): () => void {
    const cancel = super.after(ms, () => {
      this.pending.delete(task)
      task()
    })
    this.pending.add(task)
    return () => {
      this.pending.delete(task)
      cancel()
    }
  }
}

let clock: WatchedClock
let store: Store
let mails: Mail[]
let errors: unknown[]
let signer: ReturnType<typeof tokens>
beforeEach(async () => {
  clock = new WatchedClock(Date.now())
  store = await sqliteStore(':memory:')
  mails = []
  errors = []
  signer = tokens(SECRET)
})
afterEach(() => store.close())

// Issued by the clock of the test: the machine's may be ahead of it by more than a test moves it
const issue = (audience: Audience, claims: TokenClaims) =>
  signer.sign(claims, { audience, issuedAt: clock.now(), expiresIn: 3_600 })
const user = (id: string, name = `User ${id}`) => issue(AUDIENCE.user, { sub: id, email: `${id}@example.com`, name })
const staff = () => issue(AUDIENCE.admin, { sub: 'sam', email: 'sam@desk.example', name: 'Sam' })

const process = (options: Partial<DeskbellOptions> = {}) =>
  createDeskbell({
    store,
    clock,
    secret: SECRET,
    publicUrl: 'http://desk.example',
    mailer: { send: async (mail) => void mails.push(mail) },
    onError: (error) => errors.push(error),
    serverless: { jobsSecret: JOBS_SECRET },
    ...options,
  })
type Process = ReturnType<typeof process>

interface Asked {
  status: number
  body: Record<string, unknown>
  headers: Headers
  /** What the runtime was told to wait for */
  rest: Promise<unknown>[]
}

async function ask(to: Process, method: string, path: string, token?: string, body?: unknown): Promise<Asked> {
  const rest: Promise<unknown>[] = []
  const request = new Request(`http://desk.example${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const response = await to.fetch(request, { waitUntil: (work: Promise<unknown>) => rest.push(work) })
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return {
    status: response.status,
    body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
    headers: response.headers,
    rest,
  }
}
/** By a process of its own */
const request = async (...args: [string, string, string?, unknown?]): Promise<Asked> => {
  const asked = await ask(process(), ...args)
  await Promise.all(asked.rest)
  return asked
}
const run = async (at = process()): Promise<JobsRun> => {
  const { status, body } = await ask(at, 'POST', '/jobs/run', JOBS_SECRET)
  expect(status).toBe(200)
  return body as unknown as JobsRun
}

async function chatOf(id: string): Promise<string> {
  return String((await request('GET', '/support_chat', await user(id))).body['id'])
}
async function reply(chatId: string): Promise<void> {
  const { status } = await request('POST', `/admin/chats/${chatId}/messages`, await staff(), { content: 'hello' })
  expect(status).toBe(201)
}

describe('a process that lives for the time of a request', () => {
  it('leaves no timer behind, and holds no connections', async () => {
    const publisher = new RecordingPublisher()
    const one = process({ publisher, visitors: true, staffMails: { to: ['desk@desk.example'] } })
    expect(clock.pending.size).toBe(0)
    const token = await user('ada')
    const sent = await ask(one, 'POST', '/support_chat/messages', token, { content: 'hello' })
    await Promise.all(sent.rest)
    expect([sent.status, clock.pending.size]).toEqual([201, 0])
    expect(publisher.publications).toHaveLength(1)
    for (const path of ['/support_chat/events', '/cable']) expect((await ask(one, 'GET', path, token)).status).toBe(404)
    expect((await ask(one, 'POST', '/support_chat/typing', token, { typing: true })).status).toBe(204)
    const dial = new Request('http://desk.example/cable', { headers: { upgrade: 'websocket', connection: 'upgrade' } })
    expect(await one.handshake(dial)).toMatchObject({ status: 404 })
  })

  it('stores who was here and by what name, before its runtime may end it', async () => {
    await chatOf('ada')
    await request('GET', '/support_chat', await user('ada', 'Ada L.'))
    expect(await store.findPerson('ada')).toMatchObject({ name: 'Ada L.' })
  })

  it('answers when that is stored, where the runtime cannot be told to wait', async () => {
    await chatOf('ada')
    const authorization = `Bearer ${await user('ada', 'Ada B.')}`
    const updatePeople: Store['updatePeople'] = async (...args) => {
      await pause(50)
      return store.updatePeople(...args)
    }
    const slow = process({ store: Object.assign(Object.create(store) as Store, { updatePeople }) })
    await slow.fetch(new Request('http://desk.example/support_chat', { headers: { authorization } }))
    expect(await store.findPerson('ada')).toMatchObject({ name: 'Ada B.' })
  })

  it('knows a revocation of others within 5 s, however long it was frozen', async () => {
    const token = await user('ada')
    const frozen = process()
    expect((await ask(frozen, 'GET', '/support_chat', token)).status).toBe(200)
    await clock.advance(1_000)
    await process().revoke({ id: 'ada', role: 'user' })
    expect((await request('GET', '/support_chat', token)).status).toBe(401)
    await clock.advance(4_000)
    expect((await ask(frozen, 'GET', '/support_chat', token)).status).toBe(401)
  })

  it('refuses everybody while it cannot read what was revoked', async () => {
    const away = process({
      store: Object.assign(Object.create(store) as Store, {
        revocationsSince: () => Promise.reject(new Error('away')),
      }),
    })
    expect((await ask(away, 'GET', '/support_chat', await user('ada'))).status).toBe(503)
    expect(errors).toHaveLength(1)
  })
})

it('says at the start that no Socket.IO server can be served', () => {
  expect(() => attachSocketIo(new Server(), process())).toThrow('`serverless`')
})

describe('deskbell.chats, where the process may end with the host’s own answer', () => {
  it('waits for what it began: the publication, and the listeners, which may use it too', async () => {
    const publisher = new RecordingPublisher()
    const publish = publisher.publish.bind(publisher)
    publisher.publish = async (publication) => {
      await pause(50)
      return publish(publication)
    }
    const one = process({ publisher })
    const sam = { id: 'sam', name: 'Sam' }
    const heard: string[] = []
    one.on('message', async ({ message: { content, sender_type } }) => {
      if (sender_type === 'user') await one.chats.send({ userId: 'ada', as: sam, content: `re: ${content}` })
      heard.push(content)
    })
    await one.chats.open({ id: 'ada' })
    await one.chats.send({ userId: 'ada', as: 'user', content: 'hello' })
    // The clock of the test stands still, so this was no limit of time
    expect(heard).toEqual(['re: hello', 'hello'])
    expect(publisher.publications).toHaveLength(2)
    expect(clock.pending.size).toBe(0)
  })

  it('goes on after 2 s where a service hangs', async () => {
    const publisher = new RecordingPublisher()
    publisher.publish = () => new Promise(() => undefined)
    const one = process({ publisher })
    await one.chats.open({ id: 'ada' })
    let isSent = false
    const sending = one.chats.send({ userId: 'ada', as: 'user', content: 'hello' }).then(() => (isSent = true))
    await until(() => clock.pending.size >= 2)
    await clock.advance(1_900)
    expect(isSent).toBe(false)
    await clock.advance(100)
    await sending
  })
})

describe('jobs/run', () => {
  it('is there for those alone who know the secret', async () => {
    const statuses = async (method: string, token?: string, path = '/jobs/run') =>
      (await ask(process(), method, path, token)).status
    for (const method of ['GET', 'POST']) {
      expect(await statuses(method)).toBe(401)
      expect(await statuses(method, `${JOBS_SECRET}.`)).toBe(401)
      expect(await statuses(method, await staff())).toBe(401)
      expect(await statuses(method, JOBS_SECRET)).toBe(200)
    }
    expect(await statuses('POST', JOBS_SECRET, '/jobs/run?within=0')).toBe(400)
    for (const serverless of [{}, undefined])
      expect((await ask(process({ serverless }), 'POST', '/jobs/run', 'undefined')).status).toBe(404)
    expect(() => process({ serverless: { jobsSecret: '' } })).toThrow('serverless.jobsSecret')
    const { headers } = await ask(process(), 'GET', '/jobs/run', JOBS_SECRET)
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it('sends each e-mail when it is due, once, also where runs overlap', async () => {
    for (const id of ['ada', 'bob', 'cyd']) await reply(await chatOf(id))
    expect(await run()).toEqual({
      answers: 0,
      mails: 0,
      webhooks: 0,
      erased_visitors: 0,
      deleted_files: 0,
      is_done: true,
    })
    await clock.advance(5 * MINUTE)
    expect((await ask(process(), 'HEAD', '/jobs/run', JOBS_SECRET)).status).toBe(200)
    expect(mails).toEqual([])
    const runs = await Promise.all([run(), run(), run()])
    expect(runs.reduce((sum, one) => sum + one.mails, 0)).toBe(3)
    expect(mails.map(({ to }) => to.address).toSorted()).toEqual(['ada', 'bob', 'cyd'].map((id) => `${id}@example.com`))
    expect((await run()).mails).toBe(0)
  })

  it('sends mails to staff, whom no process can know to be online', async () => {
    await request('POST', '/support_chat/messages', await user('ada'), { content: 'hello' })
    const told = () => process({ staffMails: { to: ['desk@desk.example'], after: MINUTE } })
    await Promise.all((await ask(told(), 'POST', '/support_chat/messages', await user('bob'), { content: 'hi' })).rest)
    await clock.advance(MINUTE)
    expect((await run(told())).mails).toBe(1)
    expect(mails.map(({ to }) => to.address)).toEqual(['desk@desk.example'])
  })

  it('answers in its time while a provider hangs, and the run after the lease goes on', async () => {
    await reply(await chatOf('ada'))
    await clock.advance(5 * MINUTE)
    const hanging = process({ mailer: { handsOver: true, send: () => new Promise(() => undefined) } })
    let answer: JobsRun | undefined
    void hanging.runJobs({ within: 4_000 }).then((done) => (answer = done))
    await until(async () => (await store.nextNotification('reply')) !== undefined && clock.pending.size > 0)
    await until(async () => {
      await clock.advance(1_000)
      return answer
    })
    expect(answer).toMatchObject({ mails: 1, is_done: false })
    expect((await run()).mails).toBe(0)
    await clock.advance(10 * MINUTE)
    expect((await run()).mails).toBe(1)
    expect(mails).toHaveLength(1)
  })

  it('erases visitors who were away for long, and forgets what is old', async () => {
    const token = `dbv_${'a'.repeat(43)}`
    const idle = () => process({ visitors: { idleDays: 1 } })
    expect((await ask(idle(), 'POST', '/support_chat/messages', token, { content: 'hello' })).status).toBe(201)
    await process().revoke({ id: 'bob', role: 'user' })
    await clock.advance(2 * DAY)
    expect(await run(idle())).toMatchObject({ erased_visitors: 1 })
    expect((await store.listChats({ limit: 9, archived: false })).length).toBe(0)
    await clock.advance(401 * DAY)
    await run()
    expect(await store.revocationsSince('')).toEqual([])
  })

  it('fails as a whole while the database is away, so that the schedule tells of it', async () => {
    const away = process({
      store: Object.assign(Object.create(store) as Store, {
        forgetRevocations: () => Promise.reject(new Error('away')),
      }),
    })
    expect((await ask(away, 'POST', '/jobs/run', JOBS_SECRET)).status).toBe(500)
  })
})

describe('webhooks', () => {
  let receiver: WebhookReceiver
  beforeEach(async () => {
    receiver = await startWebhookReceiver()
  })
  afterEach(() => receiver.stop())
  const telling = () => process({ webhooks: [{ url: receiver.url, secret: WEBHOOK_SECRET, allowPrivateHost: true }] })
  const say = async (content: string): Promise<void> => {
    const { status, rest } = await ask(telling(), 'POST', '/support_chat/messages', await user('ada'), { content })
    expect(status).toBe(201)
    await Promise.all(rest)
  }

  it('leave with the request that caused them, and what was refused by jobs/run, in order', async () => {
    await say('one')
    expect(receiver.contents()).toEqual(['one'])
    receiver.answer = () => 500
    await say('two')
    await say('three')
    receiver.answer = () => 204
    receiver.received.splice(0)
    expect((await run(telling())).webhooks).toBe(0)
    // The official library takes timestamps of five minutes ahead
    await clock.advance(MINUTE)
    expect(await run(telling())).toMatchObject({ webhooks: 2, is_done: true })
    expect(receiver.contents()).toEqual(['two', 'three'])
    await clock.advance(8 * DAY)
    await run(telling())
    expect(await store.listWebhooks({ limit: 9 })).toEqual([])
  })
})
