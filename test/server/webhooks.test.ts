// Webhooks of a real server to real receivers, which check them with the official library of Standard Webhooks.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Webhook as OfficialWebhook } from 'standardwebhooks'
import type { Webhook, WebhookPage } from '../../src/entries/node.ts'
import { FakeClock } from '../../src/testing/fake-clock.ts'
import { SkippingClock } from '../../src/testing/skipping-clock.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { startWebhookReceiver, WEBHOOK_SECRET, type WebhookReceiver } from '../support/webhook-receiver.ts'

const OTHER_SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`

let crm: WebhookReceiver
let clock: SkippingClock
const running: { stop(): Promise<void> }[] = []
beforeEach(async () => {
  clock = new SkippingClock()
  crm = await receiver()
})
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop()
})

async function receiver(secret?: string): Promise<WebhookReceiver> {
  const started = await startWebhookReceiver(secret)
  running.push(started)
  return started
}
const endpoint = (to: WebhookReceiver, more: object = {}) => ({
  url: to.url,
  secret: WEBHOOK_SECRET,
  allowPrivateHost: true,
  ...more,
})
async function start(options: Parameters<typeof startDesk>[0] = {}, shared?: string): Promise<Desk> {
  const desk = await startDesk({ webhooks: [endpoint(crm)], clock, rateLimit: null, ...options }, shared)
  running.push(desk)
  return desk
}
const say = async (desk: Desk, userId: string, content: string, as: 'user' | { id: string } = 'user') => {
  await desk.deskbell.chats.open({ id: userId, email: `${userId}@example.com` })
  return desk.deskbell.chats.send({ userId, as, content })
}
const log = async (desk: Desk, query = ''): Promise<WebhookPage> =>
  (await desk.call<WebhookPage>('GET', `/admin/webhooks${query}`, await desk.admin())).body
const states = async (desk: Desk) => (await log(desk)).webhooks.map(({ state, reason }) => [state, reason])

describe('a webhook', () => {
  it('tells of messages and of the archive in their order, signed, with the types of the wire', async () => {
    clock.stand()
    const desk = await start({ webhooks: [endpoint(crm, { secret: [OTHER_SECRET, WEBHOOK_SECRET] })] })
    const { message, chat_id } = await say(desk, 'ada', 'My invoice is wrong')
    await desk.deskbell.chats.archive('ada')
    await say(desk, 'ada', 'Are you there?')
    await expect.poll(() => crm.contents()).toHaveLength(4)
    const chat = { id: chat_id, user_id: 'ada', user_email: 'ada@example.com' }
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string
    expect(crm.received.map(({ payload }) => payload)).toEqual([
      { type: 'message.created', timestamp: message.created_at, data: { chat, message } },
      { type: 'chat.archived', timestamp: time, data: { chat } },
      {
        type: 'message.created',
        timestamp: time,
        data: { chat, message: expect.objectContaining({ seq: 2 }) as object },
      },
      { type: 'chat.unarchived', timestamp: time, data: { chat } },
    ])
    // Whoever has either of two secrets can check it
    const [first] = crm.received
    if (!first) return expect.fail()
    const headers = {
      'webhook-id': first.id,
      'webhook-timestamp': String(first.timestamp),
      'webhook-signature': first.signature,
    }
    const body = JSON.stringify(first.payload)
    for (const secret of [OTHER_SECRET, WEBHOOK_SECRET]) new OfficialWebhook(secret).verify(body, headers)
    expect(() => new OfficialWebhook(OTHER_SECRET).verify(`${body} `, headers)).toThrow()
    expect(new Set(crm.received.map(({ id }) => id)).size).toBe(4)
  })

  it('goes only to endpoints that want its type, and what hangs or fails there delays no other endpoint', async () => {
    const [archive, broken, hanging] = [await receiver(), await receiver(), await receiver()]
    broken.answer = () => 500
    hanging.answer = () => 'hang'
    const events = ['chat.archived'] as const
    const desk = await start({
      webhooks: [endpoint(broken), endpoint(hanging), endpoint(archive, { events }), endpoint(crm)],
    })
    for (let i = 0; i < 30; i++) await say(desk, `u${i}`, `${i}`)
    await desk.deskbell.chats.archive('u3')
    // An answer that a busy machine reads too late is asked for again
    await expect
      .poll(() => new Set(crm.contents()))
      .toEqual(new Set([...Array.from({ length: 30 }, (_, i) => `${i}`), 'chat.archived']))
    await expect.poll(() => new Set(archive.contents())).toEqual(new Set(['chat.archived']))
  })

  it('comes in the order of its chat and only once, while the receiver fails for another chat', async () => {
    let refusals = 3
    crm.answer = ({ payload }) => (payload.data.chat.user_id === 'ada' && refusals-- > 0 ? 503 : 204)
    const desk = await start()
    for (let i = 0; i < 5; i++) for (const user of ['ada', 'bob']) await say(desk, user, `${user} ${i}`)
    const of = (user: string) => crm.contents().filter((content) => content.startsWith(user))
    await expect.poll(() => of('bob')).toEqual([0, 1, 2, 3, 4].map((i) => `bob ${i}`))
    // Perhaps more than once, on a machine that takes seconds for the others
    expect(new Set(of('ada'))).toEqual(new Set(['ada 0']))
    await until(async () => {
      await clock.skip(60_000)
      return of('ada').includes('ada 4')
    })
    // Time that is skipped is not waited for, so a good answer may come too late
    expect([...new Set(of('ada'))]).toEqual([0, 1, 2, 3, 4].map((i) => `ada ${i}`))
    expect(of('ada')).toEqual(of('ada').toSorted())
    const again = crm.received.filter(
      ({ payload }) => payload.type === 'message.created' && payload.data.message.content === 'ada 0',
    )
    expect(again.length).toBeGreaterThan(3)
    expect(new Set(again.map(({ id }) => id)).size).toBe(1)
    expect(new Set(again.map(({ payload }) => JSON.stringify(payload))).size).toBe(1)
    expect(new Set(again.map(({ timestamp }) => timestamp)).size).toBe(again.length)
  })

  it('is not followed where the answer leads, and does not wait for an answer without an end', async () => {
    const elsewhere = await receiver()
    crm.answer = () => (response) => void response.writeHead(307, { location: elsewhere.url }).end()
    const desk = await start()
    await say(desk, 'ada', 'one')
    await expect.poll(() => states(desk)).toEqual([['pending', 'redirect']])
    expect(elsewhere.received).toEqual([])
    crm.answer = () => 'endless'
    await say(desk, 'bob', 'two')
    await expect.poll(async () => (await states(desk))[0]).toEqual(['delivered', null])
    crm.answer = () => 'hang'
    await say(desk, 'cleo', 'three')
    await expect.poll(() => crm.contents()).toContain('three')
    await clock.skip(11_000)
    await expect.poll(async () => (await states(desk))[0]).toEqual(['pending', 'timed_out'])
  })

  it('reaches no private address, however its URL is written', async () => {
    const hosts = [
      '127.0.0.1',
      'localhost',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '2130706433',
      '0x7f.1',
      '169.254.169.254',
      '10.0.0.1',
    ]
    const webhooks = hosts.map((host) => ({ url: `https://${host}:${crm.port}/hook`, secret: WEBHOOK_SECRET }))
    // Two of them are the same address
    const desk = await start({ webhooks: webhooks.filter(({ url }) => !/2130706433|0x7f/.test(url)) })
    await say(desk, 'ada', 'one')
    await expect
      .poll(() => states(desk))
      .toEqual(Array.from({ length: hosts.length - 2 }, () => ['pending', 'private_address']))
    for (const url of webhooks.map((one) => one.url).filter((one) => /2130706433|0x7f/.test(one)))
      expect(new URL(url).hostname).toBe('127.0.0.1')
    expect(crm.received).toEqual([])
  })

  it('comes once from several nodes on one database, each of which writes', async () => {
    clock.stand()
    const here = await start()
    const there = await start({}, here.file)
    const users = ['ada', 'bob', 'cleo', 'dan']
    for (const user of users) await here.deskbell.chats.open({ id: user })
    await Promise.all(
      Array.from({ length: 160 }, (_, i) =>
        (i % 2 === 0 ? here : there).deskbell.chats.send({
          userId: users[i % 4] ?? '',
          as: i % 3 === 0 ? 'user' : { id: 'sam' },
          content: `${i}`,
        }),
      ),
    )
    await expect.poll(() => crm.received.length, { timeout: 60_000 }).toBe(160)
    await expect
      .poll(async () => (await log(there, '?limit=200')).webhooks.every(({ state }) => state === 'delivered'))
      .toBe(true)
    expect(new Set(crm.received.map(({ id }) => id)).size).toBe(160)
    for (const user of users) {
      const seqs = crm.received.flatMap(({ payload }) =>
        payload.type === 'message.created' && payload.data.chat.user_id === user ? payload.data.message.seq : [],
      )
      expect(seqs).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
    }
  })

  it('of a server that was stopped is sent when it is back, and those that nobody answered are sent again', async () => {
    crm.answer = () => 'hang'
    const desk = await start()
    await say(desk, 'ada', 'one')
    await expect.poll(() => crm.contents()).toEqual(['one'])
    await say(desk, 'ada', 'two')
    const stopping = desk.restart()
    await until(async () => {
      await clock.skip(1_000)
      return Promise.race([stopping.then(() => true), new Promise<false>((resolve) => setImmediate(resolve, false))])
    })
    crm.answer = () => 204
    await clock.skip(60_000)
    await expect.poll(() => crm.contents().at(-1)).toBe('two')
    // Tried again while it was not answered, as often as the time for the stop allowed. The clock may also have moved on while an answer was
    // under way, so that the last one came again
    expect(crm.contents().filter((content) => content === 'one').length).toBeGreaterThan(1)
    expect(crm.contents().filter((content, i, all) => content !== all[i - 1])).toEqual(['one', 'two'])
  })

  it('of an erased person is not sent, and nothing of it is in the log', async () => {
    crm.answer = () => 503
    const desk = await start()
    await say(desk, 'ada', 'secret')
    await say(desk, 'bob', 'hello')
    await expect
      .poll(() => states(desk))
      .toEqual([
        ['pending', 'status'],
        ['pending', 'status'],
      ])
    await desk.deskbell.erasePerson('ada')
    expect((await log(desk)).webhooks.map(({ user_email }) => user_email)).toEqual(['bob@example.com'])
    crm.answer = () => 204
    crm.received.splice(0)
    await clock.skip(60_000)
    await expect.poll(() => states(desk)).toEqual([['delivered', null]])
    // Perhaps more than once: the time that is skipped is not waited for
    expect(new Set(crm.contents())).toEqual(new Set(['hello']))
  })
})

describe('the log of webhooks', () => {
  it('says what became of each, in pages, to staff alone, and hides what a query holds', async () => {
    crm.answer = ({ payload }) => (payload.data.chat.user_id === 'ada' ? 204 : 404)
    const clock = new FakeClock(Date.now())
    const desk = await start({ clock })
    for (const user of ['ada', 'bob', 'cleo']) {
      await say(desk, user, user)
      await clock.advance(1)
    }
    await expect
      .poll(async () => (await states(desk)).every(([state, reason]) => state === 'delivered' || reason))
      .toBe(true)
    const first = await log(desk, '?limit=2')
    const url = `http://127.0.0.1:${crm.port}/hooks`
    expect(first.endpoints).toEqual([url])
    expect(first.webhooks).toMatchObject([
      { url, user_email: 'cleo@example.com', state: 'pending', attempts: 1, status: 404, reason: 'status' },
      { url, user_email: 'bob@example.com' },
    ])
    const second = await log(desk, `?limit=2&cursor=${first.next}`)
    expect(second).toMatchObject({
      next: null,
      webhooks: [{ user_email: 'ada@example.com', state: 'delivered', status: 204 }],
    })
    expect((await log(desk, '?failed=true')).webhooks).toEqual([])
    expect((await desk.call('GET', '/admin/webhooks', await desk.user('ada'))).status).toBe(403)
    const bad = await desk.call('GET', '/admin/webhooks?cursor=x', await desk.admin())
    expect(bad).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  })

  it('sends one again: a failed one, one that waits for its next attempt, and one that was delivered', async () => {
    clock.stand()
    const desk = await start()
    const sam = await desk.admin()
    const again = (id: string) => desk.call<Webhook>('POST', `/admin/webhooks/${id}/send_again`, sam)
    await say(desk, 'ada', 'one')
    await expect.poll(() => states(desk)).toEqual([['delivered', null]])
    const [delivered] = (await log(desk)).webhooks
    expect((await again(delivered?.id ?? '')).body).toMatchObject({ id: delivered?.id, state: 'pending' })
    await expect.poll(() => crm.contents()).toEqual(['one', 'one'])
    expect(crm.received[1]?.id).toBe(crm.received[0]?.id)

    crm.answer = () => 500
    // The newest are first
    await clock.skip(1_000)
    await say(desk, 'bob', 'two')
    await expect.poll(async () => (await states(desk))[0]).toEqual(['pending', 'status'])
    crm.answer = () => 204
    const [waiting] = (await log(desk)).webhooks
    await again(waiting?.id ?? '')
    await expect.poll(async () => (await states(desk))[0]).toEqual(['delivered', null])
    expect((await again('01950000-0000-7000-8000-000000000000')).status).toBe(404)
    expect((await again('x')).status).toBe(404)
  })
})

it('refuses endpoints that are not valid, and does not repeat a secret', async () => {
  const url = 'https://example.com/hook?key=1'
  const wrong: [object, RegExp][] = [
    [{ url: 'example.com' }, /url is not a URL/],
    [{ url: 'ftp://example.com' }, /url is not a URL/],
    [{ url: 'http://example.com' }, /http:\/\/example.com\/ must begin with https:/],
    [{ url: 'https://me:pw@example.com' }, /user name/],
    [{ secret: 'whsec_short' }, /24 to 64 bytes/],
    [{ secret: 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }, /whsec_/],
    [{ secret: [] }, /no secret/],
    [{ events: ['message.sent'] }, /message.sent is not one of message.created/],
  ]
  for (const [more, message] of wrong) {
    const failure = await startDesk({ webhooks: [{ url, secret: WEBHOOK_SECRET, ...more }] }).then(
      () => 'it started',
      (error: Error) => error.message,
    )
    expect(failure).toMatch(message)
    expect(failure).not.toMatch(/short|MfKQ|key=1|pw/)
  }
  await expect(startDesk({ webhooks: [endpoint(crm), endpoint(crm)] })).rejects.toThrow(/twice/)
})
