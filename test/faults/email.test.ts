// Faults between a reply and its e-mail, one at a time, against a real SMTP server and a real database; only the clock is ours.
// What random lives find is in email-model.test.ts, and what killed processes leave behind in email-kill.test.ts.
import { createServer, type AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDeskbell, smtpMailer, sqliteStore } from '../../src/entries/node.ts'
import { MailFailed, MailRefused, type Mail, type Mailer } from '../../src/server/ports/mailer.ts'
import type { Observer } from '../../src/server/ports/observer.ts'
import type { Store } from '../../src/server/ports/store/store.ts'
import { FakeClock } from '../../src/testing/fake-clock.ts'
import { pause, SECRET, startDesk, until, type Desk } from '../support/desk.ts'
import { startSmtp, type TestSmtp } from '../support/smtp.ts'

const SECOND = 1_000
const MINUTE = 60_000
const LEASE = 2 * MINUTE
/** Longer than a busy machine takes, where silence is no part of the test */
const PATIENT = MINUTE
const FROM = { name: 'Acme Support', address: 'support@acme.example' }

let smtp: TestSmtp
let desk: Desk
let clock: FakeClock
let sam: string
let ada: { token: string; chatId: string }
let ending: (() => Promise<void>)[]
/** Mails in delivery, in every process */
let loads: (() => number)[]
/** What became of each mail, as an observer is told */
let outcomes: { outcome: string; chat_id: string; message_id: string }[]
const observer: Observer = { mail: (mail) => void outcomes.push(mail) }

async function start(mailer: Mailer = smtpMailer({ url: smtp.url, from: FROM, timeout: PATIENT })): Promise<void> {
  clock = new FakeClock(Date.now())
  desk = await startDesk({ clock, mailer, observer })
  loads = [() => desk.deskbell.load().mails]
  sam = await desk.admin()
  ada = await desk.person('ada')
}
beforeEach(async () => {
  ending = []
  outcomes = []
  smtp = await startSmtp()
})
afterEach(async () => {
  smtp.cut()
  for (const end of ending) await end()
  await desk.stop()
  await smtp.stop()
})

/** Another process that sends, as far as the database can tell */
async function second(mailer: Mailer, wrap = (store: Store) => store): Promise<void> {
  const store = await sqliteStore(desk.file)
  const onError = (error: unknown) => desk.errors.push(error)
  const options = { store: wrap(store), clock, mailer, observer, onError, secret: SECRET }
  const other = createDeskbell({ ...options, publicUrl: 'http://desk.example' })
  loads.push(() => other.load().mails)
  ending.push(async () => {
    await other.close()
    await store.close()
  })
}
const reply = async (content: string, chatId = ada.chatId): Promise<string> =>
  (await desk.call<{ id: string }>('POST', `/admin/chats/${chatId}/messages`, sam, { content })).body.id
const record = async (messageId: string) => (await desk.store.explainNotification(messageId))?.notification
const untilState = async (messageId: string, state: string): Promise<void> => {
  while ((await record(messageId))?.state !== state) await pause(5)
}
/** Until nothing is due at this time of the clock, and every mail in delivery waits for the provider. @param waiting so many do */
const quiet = (waiting = () => smtp.stalled) =>
  until(async () => {
    const next = await desk.store.nextNotification('reply')
    const isDue = next !== undefined && Date.parse(next) <= clock.now()
    return !isDue && loads.reduce((sum, load) => sum + load(), 0) <= waiting()
  })
/** Ten minutes in which more could come */
async function nothingMore(contents: number): Promise<void> {
  for (let i = 0; i < 10; i++) {
    await clock.advance(MINUTE)
    await quiet()
  }
  expect(smtp.contents).toHaveLength(contents)
}

const NEEDLESS = [
  ['read', () => desk.call('PATCH', '/support_chat/mark_read', ada.token)],
  ['archived', () => desk.call('POST', `/admin/chats/${ada.chatId}/archive`, sam)],
  ['unsubscribed', () => desk.store.unsubscribe('ada', new Date(clock.now()).toISOString())],
] as const

describe('needless', () => {
  beforeEach(() => start())

  it.each(NEEDLESS)('a mail whose replies were %s at T − 1 ms does not go out', async (reason, act) => {
    const id = await reply('hello')
    await clock.advance(5 * MINUTE - 1)
    await act()
    await clock.advance(1)
    await nothingMore(0)
    expect(await record(id)).toMatchObject({ state: 'skipped', reason })
  })

  const STALLS = ['stall-greeting', 'stall-rcpt'] as const
  it.each(NEEDLESS.flatMap(([reason, act]) => STALLS.map((mode) => [reason, mode, act] as const)))(
    'neither does one that was %s while the provider kept it waiting (%s)',
    async (reason, mode, act) => {
      smtp.mode = mode
      const id = await reply('hello')
      await clock.advance(5 * MINUTE)
      await until(() => smtp.stalled === 1)
      await act()
      smtp.mode = 'accept'
      smtp.release()
      await untilState(id, 'skipped')
      await nothingMore(0)
      expect([(await record(id))?.reason, desk.errors]).toEqual([reason, []])
    },
  )

  it('one of which a part was read meanwhile is written again, about the rest', async () => {
    smtp.mode = 'stall-rcpt'
    await reply('one')
    await reply('two')
    await clock.advance(5 * MINUTE)
    await until(() => smtp.stalled === 1)
    await desk.call('PATCH', '/support_chat/mark_read', ada.token, { up_to_seq: 1 })
    smtp.mode = 'accept'
    smtp.release()
    await clock.advance(SECOND)
    await until(() => smtp.mails.length === 1)
    expect(smtp.mails[0]?.parsed.text).toContain('> two')
    expect(smtp.mails[0]?.parsed.text).not.toContain('new messages')
    await nothingMore(1)
  })
})

describe('how many', () => {
  beforeEach(() => start())

  it('one for 20 replies over five minutes, which explains each of them', async () => {
    const ids: string[] = []
    for (let i = 1; i <= 20; i++) {
      ids.push(await reply(`reply ${i}`))
      await clock.advance(15 * SECOND - 1)
    }
    await clock.advance(SECOND)
    await until(() => smtp.mails.length === 1)
    expect(smtp.mails[0]?.parsed.text).toContain('You have 20 new messages')
    await nothingMore(1)
    for (const id of ids) expect(await record(id)).toMatchObject({ state: 'sent', replies: 20 })
  })

  it('one after refusals, whose gaps double', async () => {
    smtp.mode = 'refuse'
    const id = await reply('again')
    await clock.advance(5 * MINUTE)
    for (const [refusals, gap] of [
      [1, 30],
      [2, 60],
      [3, 120],
    ] as const) {
      while ((await record(id))?.refusals !== refusals) await pause(5)
      if (refusals === 3) smtp.mode = 'accept'
      await clock.advance(gap * SECOND - 1)
      await quiet()
      expect((await record(id))?.refusals).toBe(refusals)
      await clock.advance(1)
    }
    await until(() => smtp.mails.length === 1)
    await nothingMore(1)
  })

  it('one for what was refused and what came meanwhile', async () => {
    smtp.mode = 'stall-rcpt'
    const ids = [await reply('one')]
    await clock.advance(5 * MINUTE)
    await until(() => smtp.stalled === 1)
    ids.push(await reply('two'))
    smtp.mode = 'refuse'
    smtp.release()
    await until(() => desk.errors.length === 1)
    await quiet()
    smtp.mode = 'accept'
    await clock.advance(30 * SECOND)
    await until(() => smtp.mails.length === 1)
    expect(smtp.mails[0]?.parsed.text).toContain('You have 2 new messages')
    await nothingMore(1)
    for (const id of ids) expect(await record(id)).toMatchObject({ state: 'sent', replies: 2 })
  })
})

describe('a provider that hangs', () => {
  it('on one mail delays no other', async () => {
    await start()
    const bob = await desk.person('bob')
    smtp.mode = 'hang'
    const id = await reply('to ada')
    await clock.advance(5 * MINUTE - 1)
    await reply('to bob', bob.chatId)
    await clock.advance(1)
    await until(() => smtp.stalled === 1)
    smtp.mode = 'accept'
    await clock.advance(5 * MINUTE)
    await until(() => smtp.mails.length === 1)
    expect(smtp.mails[0]?.envelopeTo).toEqual(['bob@example.com'])
    expect(smtp.stalled).toBe(1)
    smtp.release()
    // Two minutes have passed, so it counted as uncertain already; the answer says more
    await untilState(id, 'sent')
    await nothingMore(2)
  })

  it('on ten mails delays the others until it gives up on one', async () => {
    // So long that ten are on their way before it gives up on one
    await start(smtpMailer({ url: smtp.url, from: FROM, timeout: 10_000 }))
    const people = await Promise.all(Array.from({ length: 13 }, (_, i) => desk.person(`p${i}`)))
    smtp.mode = 'stall-rcpt'
    for (const { chatId } of people) await reply('hello', chatId)
    await clock.advance(5 * MINUTE)
    await until(() => smtp.stalled === 10)
    smtp.mode = 'accept'
    await until(() => smtp.mails.length === 3)
    smtp.cut()
    await until(() => desk.errors.length === 10)
    await quiet()
    await clock.advance(30 * SECOND)
    await until(() => smtp.mails.length === 13)
    await nothingMore(13)
    expect(new Set(smtp.mails.flatMap((mail) => mail.envelopeTo)).size).toBe(13)
  })

  it('in little steps is given up before the claim runs out', async () => {
    await start()
    const dragging = createServer((socket) => {
      const say = (line: string) => setTimeout(() => socket.destroyed || socket.write(`${line}\r\n`), 150)
      say('220 slow')
      socket.on('data', () => say('250 ok')).on('error', () => undefined)
    })
    await new Promise<void>((resolve) => dragging.listen(0, '127.0.0.1', resolve))
    ending.push(async () => void dragging.close())
    const mailer = smtpMailer({
      url: `smtp://127.0.0.1:${(dragging.address() as AddressInfo).port}`,
      from: FROM,
      timeout: 200,
    })
    let handovers = 0
    const mail: Mail = { to: { name: '', address: 'a@b.c' }, subject: 's', text: 't', html: 'h', headers: {} }
    // Where this process stands still, one of the steps may be what took too long
    await until(async () => {
      const sending = mailer.send(mail, async () => void handovers++)
      await expect(sending).rejects.toThrow(MailRefused)
      return sending.then(
        () => false,
        ({ message }: MailRefused) => message.includes('too slow'),
      )
    })
    expect(handovers).toBe(0)
  })
})

describe('two processes', () => {
  beforeEach(() => start())

  it('of which one was held up beyond its claim send one mail', async () => {
    smtp.mode = 'stall-rcpt'
    const id = await reply('hello')
    await clock.advance(5 * MINUTE)
    await until(() => smtp.stalled === 1)
    smtp.mode = 'accept'
    await second(smtpMailer({ url: smtp.url, from: FROM, timeout: PATIENT }))
    await clock.advance(LEASE - 1)
    await quiet()
    expect(smtp.contents).toHaveLength(0)
    await clock.advance(1)
    await until(() => smtp.mails.length === 1)
    smtp.release()
    await nothingMore(1)
    expect([await record(id), desk.errors]).toMatchObject([{ state: 'sent' }, []])
  })

  it('do not send what one of them has handed over, and say so until it knows better', async () => {
    smtp.mode = 'hang'
    const id = await reply('hello')
    await clock.advance(5 * MINUTE)
    await until(() => smtp.stalled === 1)
    smtp.mode = 'accept'
    await second(smtpMailer({ url: smtp.url, from: FROM, timeout: PATIENT }))
    await clock.advance(LEASE)
    await untilState(id, 'uncertain')
    await nothingMore(1)
    const mail = { chat_id: ada.chatId, message_id: id }
    expect(outcomes).toEqual([{ outcome: 'uncertain', ...mail, reason: expect.stringContaining('lost') as string }])
    smtp.release()
    await untilState(id, 'sent')
    await nothingMore(1)
    expect(outcomes.slice(1)).toEqual([{ outcome: 'sent', ...mail }])
  })

  it('send each of 40 mails once', async () => {
    await second(smtpMailer({ url: smtp.url, from: FROM, timeout: PATIENT }))
    await second(smtpMailer({ url: smtp.url, from: FROM, timeout: PATIENT }))
    for (let i = 0; i < 40; i++) await reply('hello', (await desk.person(`p${i}`)).chatId)
    await clock.advance(5 * MINUTE)
    await until(() => smtp.mails.length === 40)
    await nothingMore(40)
    expect(new Set(smtp.mails.flatMap((mail) => mail.envelopeTo)).size).toBe(40)
  })

  it('go on when the database failed at the handover, and nothing went out', async () => {
    // Time stands still for the first, so that all is done by the second
    clock = new FakeClock(clock.now())
    let fails = 1
    await second(smtpMailer({ url: smtp.url, from: FROM, timeout: PATIENT }), (store) => ({
      ...store,
      async handOverNotification(claim, at, lease) {
        if (fails-- > 0) throw new Error('disk I/O error')
        return store.handOverNotification(claim, at, lease)
      },
    }))
    await reply('hello')
    await clock.advance(5 * MINUTE)
    await until(() => desk.errors.length === 1)
    await quiet()
    expect(smtp.contents).toHaveLength(0)
    await clock.advance(30 * SECOND)
    await until(() => smtp.mails.length === 1)
    await nothingMore(1)
  })
})

describe('a mailer of the host', () => {
  let sent: number
  beforeEach(() => {
    sent = 0
  })
  const broken = (error: Error, more: Partial<Mailer> = {}): Mailer => ({
    async send() {
      if (++sent === 1) throw error
    },
    ...more,
  })
  async function sentIn(minutes: number, waiting = () => 0): Promise<number> {
    for (let i = 0; i < minutes; i++) {
      await clock.advance(MINUTE)
      await quiet(waiting)
    }
    return sent
  }

  it('that knows nothing of a handover, and never comes back, is not asked again by anybody', async () => {
    const mailer: Mailer = {
      send() {
        sent++
        return new Promise((resolve) => ending.push(async () => resolve()))
      },
    }
    await start(mailer)
    await second(mailer)
    const id = await reply('hello')
    expect(await sentIn(20, () => sent)).toBe(1)
    expect(await record(id)).toMatchObject({ state: 'uncertain' })
  })

  it('that never comes back on ten mails does not stop the others', async () => {
    const asked: string[] = []
    await start({
      send(mail) {
        asked.push(mail.to.address)
        if (asked.length > 10) return Promise.resolve()
        return new Promise((resolve) => ending.push(async () => resolve()))
      },
    })
    for (let i = 0; i < 12; i++) await reply('hello', (await desk.person(`p${i}`)).chatId)
    await clock.advance(5 * MINUTE)
    await until(() => asked.length === 10)
    for (let i = 0; i < 6; i++) await clock.advance(MINUTE)
    await until(() => asked.length === 12)
    expect(new Set(asked).size).toBe(12)
  })

  it.each<[string, Mailer, number, string]>([
    ['refuses', broken(new MailRefused('no')), 2, 'sent'],
    ['fails', broken(new Error('oops')), 1, 'uncertain'],
    ['fails before its handover', broken(new Error('oops'), { handsOver: true }), 2, 'sent'],
  ])('that %s is asked again only when nothing can have gone out', async (_what, mailer, times, state) => {
    await start(mailer)
    const id = await reply('hello')
    expect(await sentIn(20)).toBe(times)
    expect(await record(id)).toMatchObject({ state })
  })

  it('that fails after two minutes is told of once, and the error names the chat and the message', async () => {
    let fail = (): void => undefined
    await start({ send: () => new Promise((_resolve, reject) => (fail = () => reject(new Error('oops')))) })
    const id = await reply('hello')
    await clock.advance(5 * MINUTE)
    await untilState(id, 'sending')
    await clock.advance(LEASE)
    await untilState(id, 'uncertain')
    fail()
    await until(() => desk.errors.length === 1 && desk.deskbell.load().mails === 0)
    expect(outcomes.map(({ outcome, message_id }) => [outcome, message_id])).toEqual([['uncertain', id]])
    const [error] = desk.errors
    expect(error).toBeInstanceOf(MailFailed)
    expect(error).toMatchObject({ message: 'oops', chat_id: ada.chatId, message_id: id, cause: new Error('oops') })
  })

  it('that says it hands over, and forgets, still sends once', async () => {
    await start({ handsOver: true, send: async () => void sent++ })
    const id = await reply('hello')
    expect(await sentIn(20)).toBe(1)
    expect(await record(id)).toMatchObject({ state: 'sent' })
  })
})
