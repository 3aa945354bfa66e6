// No process lives on: each request gets one, which is killed after it, or in the middle. PostgreSQL is behind PgBouncer, browsers listen
// to Pusher, and a schedule calls jobs/run.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RealtimeAuth, StaffRealtime } from '../../src/protocol/listening.ts'
import type { MessagePage, SupportChat, SupportMessage } from '../../src/protocol/types.ts'
import { postgresStore, type Store } from '../../src/entries/node.ts'
import type { JobsRun } from '../../src/server/jobs/jobs.ts'
import { deskbell } from '../support/cli.ts'
import { freshDatabase, type TestDatabase } from '../support/databases.ts'
import { pgbouncerBefore } from '../support/databases/pgbouncer.ts'
import type { DatabaseServer } from '../support/databases/process.ts'
import { pause, until } from '../support/desk.ts'
import { PUSHER_APP, startPusher } from '../support/realtime-services/pusher.ts'
import type { Heard } from '../support/realtime-services/listening.ts'
import { listenByPusher } from '../support/realtime-services/pusher-client.ts'
import type { TestService } from '../support/realtime-services/service.ts'
import { adminToken, SECRET, userToken } from '../support/server-process.ts'
import { startPlatform, type Platform } from '../support/serverless/platform.ts'
import { startSmtp, type TestSmtp } from '../support/smtp.ts'
import { startWebhookReceiver, WEBHOOK_SECRET, type WebhookReceiver } from '../support/webhook-receiver.ts'

const JOBS_SECRET = 'what the schedule knows'
const NOTIFY_AFTER = 500
/** Hints may be lost, so clients look by themselves (ms) */
const LOOK_EVERY = 20_000
/** Longer than the leases of a webhook and of a mail (ms) */
const AFTER_LEASE = 150_000
const WEBHOOK_AGAIN = 40_000

const database = await freshDatabase('postgres')
const pooler = database && (await pgbouncerBefore(database))

describe.skipIf(!database)('a chat of which no process lives on', () => {
  let platform: Platform
  let pusher: TestService
  let smtp: TestSmtp
  let receiver: WebhookReceiver
  let store: Store
  let sam: string

  beforeAll(async () => {
    const { url } = (pooler ?? database) as DatabaseServer | TestDatabase
    // As a deployment does it
    expect((await deskbell(['migrate'], { DATABASE_URL: `${url}?prepare=false`, DESKBELL_SECRET: SECRET })).code).toBe(
      0,
    )
    store = await postgresStore(database?.url ?? '')
    pusher = await startPusher()
    smtp = await startSmtp()
    receiver = await startWebhookReceiver()
    platform = await startPlatform({
      database: url,
      smtp: smtp.url,
      secret: SECRET,
      jobsSecret: JOBS_SECRET,
      notifyAfter: NOTIFY_AFTER,
      pusher: { ...PUSHER_APP, host: pusher.host, port: pusher.port, useTLS: false },
      webhook: { url: receiver.url, secret: WEBHOOK_SECRET },
    })
    sam = await adminToken()
  })
  beforeEach(() => {
    platform.killWhen = null
    platform.later = 0
    receiver.received.splice(0)
    smtp.mode = 'accept'
    smtp.contents.splice(0)
  })
  afterAll(async () => {
    await platform?.stop()
    await receiver?.stop()
    await smtp?.stop()
    await pusher?.stop()
    await store?.close()
    await pooler?.remove()
    await database?.drop()
  })

  async function ask<Body>(method: string, path: string, token: string, body?: unknown) {
    const response = await fetch(platform.url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as Body }
  }
  const run = async (): Promise<JobsRun> => (await ask<JobsRun>('POST', '/jobs/run?within=300', JOBS_SECRET)).body
  const write = async (path: string, token: string, content: string, client_id: string = randomUUID()) =>
    ask<SupportMessage>('POST', path, token, { content, client_id })

  /** A person who hears, and reads what they have not seen */
  class Listener {
    readonly seen: SupportMessage[] = []
    readonly #heard: Heard
    readonly #path: string
    readonly #token: string
    #hints = 0

    private constructor(heard: Heard, path: string, token: string) {
      this.#heard = heard
      this.#path = path
      this.#token = token
    }
    static async start(path: string, token: string, chatId: string, realtime: StaffRealtime['realtime']) {
      if (realtime?.service !== 'pusher') return expect.fail('There is nothing to listen to')
      const heard = await listenByPusher(realtime, async ({ socket_id }) => {
        const chat_id = realtime.channel.endsWith(chatId) ? chatId : null
        const { status, body } = await ask<RealtimeAuth>('POST', '/realtime/auth', token, { socket_id, chat_id })
        if (status !== 200) throw new Error(`refused with ${status}`)
        return body
      })
      return new Listener(heard, path, token)
    }

    get heardSomething(): boolean {
      return this.#hints > 0
    }

    /** Reads on after each hint, and now and then, as clients do, until so many were seen */
    async sees(count: number): Promise<void> {
      while (this.seen.length < count) {
        const lookAt = Date.now() + LOOK_EVERY
        await until(() => this.#heard.hints.length > this.#hints || Date.now() > lookAt, 2 * LOOK_EVERY)
        this.#hints = this.#heard.hints.length
        const after = this.seen.at(-1)?.seq ?? 0
        const { body } = await ask<MessagePage>('GET', `${this.#path}/messages?after=${after}`, this.#token)
        this.seen.push(...body.messages)
      }
    }
    close(): void {
      this.#heard.close()
    }
  }

  it('carries messages both ways, each once and in order', async () => {
    const token = await userToken('ada')
    const chat = (await ask<SupportChat>('GET', '/support_chat', token)).body
    const { realtime } = (await ask<StaffRealtime>('GET', '/admin/realtime', sam)).body
    const inChat = `/admin/chats/${chat.id}`
    const [ada, desk] = await Promise.all([
      Listener.start('/support_chat', token, chat.id, chat.realtime ?? null),
      Listener.start(inChat, sam, chat.id, realtime),
    ])
    const contents: string[] = []
    const seen = Promise.all([ada.sees(4), desk.sees(4)])
    for (let i = 0; i < 2; i++) {
      contents.push(`a question ${i}`, `an answer ${i}`)
      expect((await write('/support_chat/messages', token, `a question ${i}`)).status).toBe(201)
      expect((await write(`${inChat}/messages`, sam, `an answer ${i}`)).status).toBe(201)
    }
    await seen
    for (const { seen } of [ada, desk]) {
      expect(seen.map(({ content }) => content)).toEqual(contents)
      expect(seen.map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
    }
    expect([ada.heardSomething, desk.heardSomething]).toEqual([true, true])
    await until(async () => receiver.received.length >= 4 || (await run().then(() => false)))
    expect(receiver.contents()).toEqual(contents)
    ada.close()
    desk.close()
    expect(platform.errors).toBe('')
  })

  it('stores what a process accepted that is killed at any moment, once, and tells of it', async () => {
    const token = await userToken('bob')
    await ask('GET', '/support_chat', token)
    const contents = Array.from({ length: 4 }, (_, i) => `line ${i}`)
    for (const [i, content] of contents.entries()) {
      const clientId = randomUUID()
      let isKilled = false
      // Before, amid and after the commit
      platform.killWhen = () => {
        if (isKilled) return new Promise(() => undefined)
        isKilled = true
        return pause(i * 30)
      }
      await until(
        () =>
          write('/support_chat/messages', token, content, clientId).then(
            ({ status }) => status < 300,
            () => false,
          ),
        120_000,
      )
    }
    platform.killWhen = null
    expect(platform.killed).toBeGreaterThan(0)
    const { body } = await ask<MessagePage>('GET', '/support_chat/messages?after=0', token)
    expect(body.messages.map(({ content }) => content)).toEqual(contents)
    // What was sent and never settled is sent again after its lease
    platform.later = WEBHOOK_AGAIN
    await until(async () => (await run()).is_done && new Set(receiver.contents()).size === contents.length, 120_000)
    const first = new Map(receiver.received.map(({ id }, i) => [id, receiver.contents()[i]]))
    expect([...first.values()]).toEqual(contents)
  })

  it('sends an e-mail when it is due, once, by a schedule whose run is killed and whose runs overlap', async () => {
    const chat = (await ask<SupportChat>('GET', '/support_chat', await userToken('cyd'))).body
    const reply = (await write(`/admin/chats/${chat.id}/messages`, sam, 'hello')).body
    const state = async () => (await store.explainNotification(reply.id))?.notification?.state
    smtp.mode = 'stall-rcpt'
    // It is due at some time, whatever else was in the first two chats
    platform.killWhen = (path) =>
      path.includes('/jobs/run')
        ? until(async () => (await state()) === 'claimed' && smtp.stalled > 0, 120_000)
        : new Promise(() => undefined)
    await pause(NOTIFY_AFTER)
    await until(
      () =>
        run()
          .then(
            () => state(),
            () => state(),
          )
          .then((now) => now === 'claimed'),
      120_000,
    )
    platform.killWhen = null
    smtp.cut()
    smtp.mode = 'accept'
    await run()
    expect(await state()).toBe('claimed')
    platform.later = AFTER_LEASE
    await Promise.all([run(), run()])
    expect(await state()).toBe('sent')
    const toCyd = smtp.contents.filter(({ envelopeTo }) => envelopeTo.includes('cyd@example.com'))
    expect(toCyd).toHaveLength(1)
    expect(new Set(smtp.mails.map(({ envelopeTo }) => String(envelopeTo))).size).toBe(smtp.mails.length)
  })

  it('knows a revocation with the next request', async () => {
    const token = await userToken('dan')
    expect((await ask('GET', '/support_chat', token)).status).toBe(200)
    await store.revoke({ subject: 'user:dan', revoked_at: new Date(Date.now() + 1_000).toISOString() })
    expect(await ask('GET', '/support_chat', token)).toMatchObject({ status: 401, body: { code: 'token_revoked' } })
  })
})
