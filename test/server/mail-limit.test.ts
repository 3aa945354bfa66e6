// A service with a limit: mails wait for as long as it says, and none is given up for it.
import { afterEach, expect, it } from 'vitest'
import { why } from '../../src/server/notifications/why.ts'
import { STAFF_HOLDS } from '../../src/server/realtime/streams/staff-presence.ts'
import { FakeClock } from '../../src/testing/fake-clock.ts'
import { mailerOf } from '../../src/standalone/mailer.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { startResend } from '../support/mail-services/resend.ts'
import type { TestMailService } from '../support/mail-services/server.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const PEOPLE = 15

let service: TestMailService
let desk: Desk
let clock: FakeClock
afterEach(async () => {
  await desk.stop()
  await service.stop()
})

async function start(): Promise<string[]> {
  service = await startResend()
  clock = new FakeClock(Date.now())
  const from = { name: 'Acme', address: 'support@acme.example' }
  desk = await startDesk({ clock, mailer: mailerOf(service.url, { from, timeout: MINUTE }) })
  const sam = await desk.admin()
  const ids: string[] = []
  for (let i = 0; i < PEOPLE; i++) {
    const { chatId } = await desk.person(`p${i}`)
    const { body } = await desk.call<{ id: string }>('POST', `/admin/chats/${chatId}/messages`, sam, {
      content: 'hello',
    })
    ids.push(body.id)
  }
  return ids
}
const nothingUnderWay = () => until(() => desk.deskbell.load().mails === 0)
const accountOf = async (id: string) => (await desk.store.explainNotification(id)) ?? expect.fail()

it('a limit puts mails off until the time that the service says, however often, and gives up none', async () => {
  const ids = await start()
  const tooMany = {
    status: 429,
    headers: { 'retry-after': '120' },
    body: { name: 'rate_limit_exceeded', message: 'no' },
  }
  await clock.advance(5 * MINUTE - 1)
  // More often than a mail may be refused
  for (let round = 0; round < 10; round++) {
    service.answers = Array.from({ length: PEOPLE }, () => tooMany)
    const before = service.contents.length
    await clock.advance(round === 0 ? 1 : 120 * SECOND)
    await until(() => service.contents.length > before)
    await nothingUnderWay()
    // Those that were under way when the first was put off; after that the service is left alone
    const asked = service.contents.length
    expect(asked - before).toBeLessThanOrEqual(10)
    await clock.advance(0)
    expect(service.contents).toHaveLength(asked)
  }
  const accounts = await Promise.all(ids.map(accountOf))
  const waiting = accounts.find(({ notification }) => notification?.reason !== null) ?? expect.fail()
  expect(waiting.notification).toMatchObject({ state: 'pending', refusals: 0, reason: 'Resend: too many requests' })
  expect(why(waiting, new Date(clock.now()).toISOString())).toMatch(
    /^pending: the provider takes no mails for a while \(Resend: too many requests\); next try at /,
  )
  service.answers = []
  await clock.advance(120 * SECOND - 1)
  expect(service.mails).toEqual([])
  await clock.advance(1)
  await until(() => service.mails.length === PEOPLE)
  expect(new Set(service.mails.map(({ to }) => to.address)).size).toBe(PEOPLE)
})

it('a limit that a mail to a user meets puts off those to staff as well, and the other way round', async () => {
  service = await startResend()
  clock = new FakeClock(Date.now())
  const from = { name: 'Acme', address: 'support@acme.example' }
  const staffMails = { to: ['kim@desk.example'], after: 6 * MINUTE }
  desk = await startDesk({ clock, mailer: mailerOf(service.url, { from, timeout: MINUTE }), staffMails })
  await clock.advance(STAFF_HOLDS)
  const sam = await desk.admin()
  const { chatId: adas } = await desk.person('ada')
  const { token: bob } = await desk.person('bob')
  const refused = () => [
    { status: 429, headers: { 'retry-after': '120' }, body: { name: 'rate_limit_exceeded', message: 'no' } },
  ]
  service.answers = refused()
  await desk.call('POST', `/admin/chats/${adas}/messages`, sam, { content: 'For a user' })
  await desk.call('POST', '/support_chat/messages', bob, { content: 'For staff' })
  await clock.advance(5 * MINUTE)
  await until(() => service.contents.length === 1)
  await nothingUnderWay()
  // That to staff is due now
  await clock.advance(MINUTE)
  await nothingUnderWay()
  expect(service.contents).toHaveLength(1)
  await clock.advance(MINUTE)
  await until(() => service.mails.length === 2)
  expect(service.mails.map(({ to }) => to.address).sort()).toEqual(['ada@example.com', 'kim@desk.example'])

  service.answers = refused()
  await desk.call('POST', '/support_chat/messages', bob, { content: 'For staff again' })
  await clock.advance(2 * MINUTE)
  await desk.call('POST', `/admin/chats/${adas}/messages`, sam, { content: 'For a user again' })
  await clock.advance(4 * MINUTE)
  await until(() => service.contents.length === 4)
  await nothingUnderWay()
  await clock.advance(MINUTE)
  await nothingUnderWay()
  expect(service.contents).toHaveLength(4)
  await clock.advance(MINUTE)
  await until(() => service.mails.length === 4)
})
