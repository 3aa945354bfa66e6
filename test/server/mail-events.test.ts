// What mail services tell of mails: what it changes, and what does not pass for theirs.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { why } from '../../src/server/notifications/why.ts'
import type { ActivityPage } from '../../src/protocol/activity.ts'
import type { AdminSupportChat } from '../../src/protocol/types.ts'
import { FakeClock } from '../../src/testing/fake-clock.ts'
import { mailerOf } from '../../src/standalone/mailer.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { eventSources, ses, snsMessage, TOPIC, type SignedRequest, type Told } from '../support/mail-services/events.ts'
import type { TestMailService } from '../support/mail-services/server.ts'
import { SERVICES } from '../support/mail-services/services.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const SOURCES = eventSources()
const TABLE = SERVICES.map((service, i) => {
  const names = ['postmark', 'sendgrid', 'ses', 'resend']
  const source = SOURCES.find(({ name }) => name === names[i]) ?? expect.fail()
  return { name: service.name, start: service.start, source }
})

let service: TestMailService
let desk: Desk
let clock: FakeClock
let sam: string
let chatId: string
/** The kinds of those that the server told of as they happened */
let activities: string[]

async function start(
  begin: (typeof TABLE)[number]['start'],
  readers = SOURCES.map(({ reader }) => reader),
): Promise<void> {
  service = await begin()
  clock = new FakeClock(Date.now())
  const from = { name: 'Acme', address: 'support@acme.example' }
  desk = await startDesk({ clock, mailer: mailerOf(service.url, { from, timeout: MINUTE }), mailEvents: readers })
  activities = []
  desk.deskbell.on('activity', ({ activity }) => void activities.push(activity.kind))
  sam = await desk.admin()
  chatId = (await desk.person('ada')).chatId
}
afterEach(async () => {
  await desk.stop()
  await service.stop()
})

const post = (name: string, { headers, body }: SignedRequest) =>
  desk.call('POST', `/mail/events/${name}`, undefined, body, headers)
const viewed = async () => (await desk.call<AdminSupportChat>('GET', `/admin/chats/${chatId}`, sam)).body
const unblock = () => desk.call('POST', `/admin/chats/${chatId}/unblock_mail`, sam)
async function reply(): Promise<string> {
  const { body } = await desk.call<{ id: string }>('POST', `/admin/chats/${chatId}/messages`, sam, { content: 'hello' })
  return body.id
}
const account = async (id: string) => (await desk.store.explainNotification(id)) ?? expect.fail()
const whyOf = async (id: string) => why(await account(id), new Date(clock.now()).toISOString())
/** A mail about a new reply. @returns the reply, and what names the mail to the service */
async function mailed(): Promise<{ id: string; reference: string }> {
  const id = await reply()
  const before = service.mails.length
  await clock.advance(5 * MINUTE)
  await until(() => service.mails.length === before + 1)
  await until(async () => (await account(id)).notification?.state === 'sent')
  return { id, reference: service.mails.at(-1)?.reference ?? expect.fail('the mail has no reference') }
}
/** Later than the mail, and to the second, as some services tell it */
const soon = () => new Date(Math.ceil(clock.now() / SECOND) * SECOND).toISOString()

describe.each(TABLE)('$name', ({ start: begin, source }) => {
  beforeEach(() => start(begin))
  const tell = (reference: string, kind: Told, at = soon()) =>
    post(source.name, source.tell({ reference, address: 'ada@example.com', kind, at }))

  it('tells that a mail was delivered, which changes nothing else', async () => {
    const { id, reference } = await mailed()
    await clock.advance(SECOND)
    expect((await tell(reference, 'delivered')).status).toBe(204)
    expect(await whyOf(id)).toMatch(/^sent at .+ to ada@example\.com; delivered at \S+$/)
    expect((await tell(reference, 'soft')).status).toBe(204)
    expect((await viewed()).mail_block).toBeNull()
    await mailed()
  })

  it.each(['bounced', 'complained', 'suppressed'] as const)(
    'tells that a mail %s, and the address gets no more until staff allow it',
    async (kind) => {
      const { id, reference } = await mailed()
      await clock.advance(SECOND)
      const event = source.tell({ reference, address: 'Ada@example.com', kind, at: soon() })
      expect((await post(source.name, event)).status).toBe(204)
      expect((await viewed()).mail_block).toMatchObject({ kind })
      expect(await whyOf(id)).toMatch(/; (it came back|reported as spam|not passed on by the mail service) at /)
      const missed = await reply()
      await clock.advance(5 * MINUTE)
      await until(async () => (await account(missed)).notification?.state === 'skipped')
      expect(await whyOf(missed)).toMatch(/^not sent: no e-mails go to ada@example\.com since /)
      expect(service.mails).toHaveLength(1)

      // Who has the chat open sees it happen, and the user hears of none of it
      const told = ['assigned', 'mail_sent', 'mail_bounced']
      const at = `/admin/chats/${chatId}/activity`
      expect((await desk.call<ActivityPage>('GET', at, sam)).body.activities.map((one) => one.kind)).toEqual(told)
      await expect.poll(() => activities).toEqual(told)
      expect((await desk.call('GET', at, await desk.user('ada'))).status).toBe(403)
      expect((await unblock()).body).toEqual({ id: chatId, mail_block: null })
      await post(source.name, event)
      expect((await viewed()).mail_block).toBeNull()
      await mailed()
    },
  )

  it('is not believed when it is forged, changed, or of another account', async () => {
    const { reference } = await mailed()
    await clock.advance(SECOND)
    const mail = { reference, address: 'ada@example.com', kind: 'bounced' as const, at: soon() }
    const event = source.tell(mail)
    const forged: SignedRequest[] = [
      source.tellAsAnother(mail),
      { headers: { 'content-type': 'application/json' }, body: event.body },
      {
        ...event,
        headers: Object.fromEntries(Object.entries(event.headers).map(([name, value]) => [name, `${value}x`])),
      },
    ]
    // Postmark's are not signed
    if (source.name !== 'postmark') forged.push({ ...event, body: event.body.replace('ada@', 'bob@') })
    if (source.name === 'ses') forged.splice(1, 2)
    for (const one of forged) expect((await post(source.name, one)).status).toBe(401)
    expect((await viewed()).mail_block).toBeNull()
    // Its own, about what is not ours
    expect((await tell('0195aaaa-0000-7000-8000-000000000000', 'bounced')).status).toBe(204)
    expect((await tell('deskbell', 'bounced')).status).toBe(204)
    expect((await viewed()).mail_block).toBeNull()
    expect((await post(source.name, event)).status).toBe(204)
    expect((await viewed()).mail_block).toMatchObject({ kind: 'bounced' })
    expect(desk.errors).toEqual([])
  })

  it.each([
    ['no JSON', 'not JSON', [401]],
    ['something else', '[null, 7, {"event": 5}, "x"]', [401, 204]],
    ['more than it may', 'x'.repeat(1024 * 1024 + 1), [413]],
    ['bytes that are no text', '\ud800', [401]],
  ])('may send %s', async (_what, body, allowed) => {
    const { headers } = source.tell({ reference: 'r', address: 'a@b.c', kind: 'bounced', at: soon() })
    expect(allowed).toContain((await post(source.name, { headers, body })).status)
    expect(desk.errors).toEqual([])
  })
})

it('staff see that somebody unsubscribed, and can send e-mails again; nobody else can', async () => {
  await start(TABLE[0]?.start ?? expect.fail())
  const { token } = await desk.person('ada')
  const resubscribe = (by: string) => desk.call('POST', `/admin/chats/${chatId}/resubscribe`, by)
  expect((await viewed()).unsubscribed_at).toBeNull()
  const at = new Date(clock.now()).toISOString()
  await desk.store.unsubscribe('ada', at)
  expect((await viewed()).unsubscribed_at).toBe(at)
  const missed = await reply()
  await clock.advance(5 * MINUTE)
  await until(async () => (await account(missed)).notification?.state === 'skipped')
  expect((await resubscribe(token)).status).toBe(403)
  expect(await resubscribe(sam)).toMatchObject({ status: 200, body: { id: chatId, unsubscribed_at: null } })
  expect((await viewed()).unsubscribed_at).toBeNull()
  await mailed()
})

it('nobody tells what was not set up, and only staff let mails go again', async () => {
  const [first] = TABLE
  await start(first?.start ?? expect.fail(), [])
  const [event] = SOURCES.map((source) =>
    source.tell({ reference: 'r', address: 'a@b.c', kind: 'bounced', at: soon() }),
  )
  expect((await post('postmark', event ?? expect.fail())).status).toBe(404)
  const { token } = await desk.person('ada')
  expect((await desk.call('POST', `/admin/chats/${chatId}/unblock_mail`, token)).status).toBe(403)
})

describe('SNS', () => {
  const asked: string[] = []
  const sns = ses(asked)
  beforeEach(async () => {
    asked.length = 0
    await start(TABLE[2]?.start ?? expect.fail(), [sns.reader])
  })
  const confirmation = (SubscribeURL: string, more: Record<string, string> = {}, version = '2') => {
    const text = {
      Type: 'SubscriptionConfirmation',
      Message: 'You have chosen to subscribe',
      Token: 'token',
      SubscribeURL,
      ...more,
    }
    return { headers: {}, body: JSON.stringify(snsMessage(text, { key: sns.key, version })) }
  }
  const URL_OF_AWS = 'https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=token'

  it.each(['1', '2'])('has its subscription confirmed, with a signature of version %s', async (version) => {
    expect((await post('ses', confirmation(URL_OF_AWS, {}, version))).status).toBe(204)
    expect(asked).toContain(URL_OF_AWS)
  })

  it.each([
    ['confirmed elsewhere', confirmation('https://sns.eu-central-1.amazonaws.com.evil.example/?Token=token')],
    ['confirmed with a password', confirmation('https://me@sns.eu-central-1.amazonaws.com/?Token=token')],
    ['confirmed without TLS', confirmation(URL_OF_AWS.replace('https', 'http'))],
    ['of another topic', confirmation(URL_OF_AWS, { TopicArn: TOPIC.replace('mail', 'other') })],
    ['of an unknown version', confirmation(URL_OF_AWS, {}, '3')],
  ])('is not asked for what is %s', async (_what, request) => {
    expect((await post('ses', request)).status).toBe(401)
    expect(asked.filter((url) => !url.endsWith('.pem'))).toEqual([])
  })

  it.each([
    'https://evil.example/SimpleNotificationService-1.pem',
    'https://sns.eu-central-1.amazonaws.com.evil.example/SimpleNotificationService-1.pem',
    'https://sns.eu-central-1.amazonaws.com:444/SimpleNotificationService-1.pem',
    // A bucket of S3 that is called sns, and another region
    'https://sns.s3-eu-west-1.amazonaws.com/SimpleNotificationService-1.pem',
    'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem',
    'https://sns.eu-central-1.amazonaws.com/bucket/mine.pem',
    'file:///etc/passwd.pem',
  ])('no certificate is read from %s', async (SigningCertURL) => {
    expect((await post('ses', confirmation(URL_OF_AWS, { SigningCertURL }))).status).toBe(401)
    expect(asked).toEqual([])
  })
})
