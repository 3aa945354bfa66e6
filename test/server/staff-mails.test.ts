// Mails to staff about messages that wait while nobody of them is online.
import { afterEach, expect, it } from 'vitest'
import { MemoryExchange } from '../../src/buses/memory.ts'
import type { DeskbellOptions } from '../../src/entries/core.ts'
import { MailRefused, type Mail } from '../../src/server/ports/mailer.ts'
import { why } from '../../src/server/notifications/why.ts'
import { STAFF_HOLDS } from '../../src/server/realtime/streams/staff-presence.ts'
import { FakeClock } from '../../src/testing/fake-clock.ts'
import { openConnections, startDesk, until, type Desk } from '../support/desk.ts'
import { eventSources } from '../support/mail-services/events.ts'
import { ADMIN, TestSocket, V1 } from '../support/socket.ts'

const MINUTE = 60_000
const TEAM = ['kim@desk.example', 'sam@desk.example']

let clock: FakeClock
const desks: Desk[] = []
let socket: TestSocket | undefined
afterEach(async () => {
  socket?.close()
  for (const desk of desks.splice(0).toReversed()) await desk.stop()
})

/** A desk, a minute after its start: until then staff may have been online before it */
async function start(options: Partial<DeskbellOptions> = {}, shared?: string): Promise<Desk> {
  const desk = await startDesk(
    { clock, appName: 'Acme', publicUrl: 'https://acme.example/support', staffMails: { to: TEAM }, ...options },
    shared,
  )
  desks.push(desk)
  return desk
}
async function first(options: Partial<DeskbellOptions> = {}): Promise<Desk> {
  clock = new FakeClock(Date.now())
  const desk = await start(options)
  await clock.advance(STAFF_HOLDS)
  return desk
}

const write = async (desk: Desk, id: string, content: string) => {
  const { token, chatId } = await desk.person(id)
  const { body } = await desk.call<{ id: string }>('POST', '/support_chat/messages', token, { content })
  return { chatId, id: body.id }
}
const told = async (desk: Desk, id: string): Promise<string> => {
  const account = (await desk.store.explainNotification(id)) ?? expect.fail('there is no such message')
  return why(account, new Date(clock.now()).toISOString())
}
const state = async (desk: Desk, id: string) => (await desk.store.explainNotification(id))?.notification?.state
const ended = (desk: Desk, id: string, as: string) => until(async () => (await state(desk, id)) === as)
const of = (mails: Mail[], to: string): Mail[] => mails.filter((mail) => mail.to.address === to)

it('A burst that nobody viewed makes one mail to each address, after ten minutes, with a link to the chat', async () => {
  const desk = await first()
  const { chatId } = await write(desk, 'ada', 'Hello?')
  await clock.advance(MINUTE)
  const last = await write(desk, 'ada', 'Is anybody <there>?')
  await clock.advance(9 * MINUTE - 1)
  expect(await state(desk, last.id)).toBe('pending')
  await clock.advance(1)
  await ended(desk, last.id, 'sent')
  expect(desk.mails.map(({ to }) => to.address).sort()).toEqual(TEAM)
  const [mail] = desk.mails
  expect(mail?.subject).toBe('User ada is waiting for an answer')
  expect(mail?.text).toContain('2 messages are waiting')
  expect(mail?.text.match(/^> .*$/gm)).toEqual(['> Hello?', '> Is anybody <there>?'])
  expect(mail?.text).toContain('User ada (ada@example.com) wrote:')
  const link = `https://acme.example/support/dashboard?chat=${chatId}`
  expect(mail?.text).toContain(`Answer in the dashboard: ${link}\n`)
  expect(mail?.html).toContain(`href="${link}"`)
  expect(mail?.html).not.toContain('<there>')
  expect(mail?.headers).toMatchObject({ 'X-Deskbell-Chat': chatId, 'Auto-Submitted': 'auto-generated' })
  expect(Object.keys(mail?.headers ?? {}).join()).not.toContain('List-')
  expect(new Set(desk.mails.map(({ headers }) => headers['Message-ID'])).size).toBe(2)
  expect(await told(desk, last.id)).toMatch(/^sent at \S+ to staff, together with 1 other message$/)

  const more = await write(desk, 'ada', 'Anybody?')
  await clock.advance(10 * MINUTE)
  await ended(desk, more.id, 'sent')
  const [one, two] = of(desk.mails, 'kim@desk.example')
  expect(of(desk.mails, 'kim@desk.example')).toHaveLength(2)
  expect(two?.text).toContain('Earlier in this chat')
  expect(two?.headers['References']).toBe(one?.headers['References'])
  expect(desk.errors).toEqual([])
})

it('None comes about a message that was viewed, answered or archived meanwhile, and why says so', async () => {
  const desk = await first()
  const sam = await desk.admin()
  const [viewed, answered, archived, waits] = [
    await write(desk, 'viewed', 'x'),
    await write(desk, 'answered', 'x'),
    await write(desk, 'archived', 'x'),
    await write(desk, 'waits', 'x'),
  ]
  await clock.advance(10 * MINUTE - 1)
  await desk.call('POST', `/admin/chats/${viewed.chatId}/mark_viewed`, sam)
  await desk.deskbell.chats.send({ userId: 'answered', as: { id: 'bot', name: 'Bot' }, content: 'Soon.' })
  await desk.call('POST', `/admin/chats/${archived.chatId}/archive`, sam)
  await clock.advance(1)
  await ended(desk, waits.id, 'sent')
  for (const { id } of [viewed, answered, archived]) await ended(desk, id, 'skipped')
  expect(desk.mails.every(({ subject }) => subject === 'User waits is waiting for an answer')).toBe(true)
  expect(await told(desk, viewed.id)).toMatch(/^not sent: staff viewed it at /)
  expect(await told(desk, answered.id)).toBe('not sent: staff wrote after it')
  expect(await told(desk, archived.id)).toMatch(/^not sent: the chat was archived when/)
})

it('Mails wait while staff have the desk open, here or on another node, and for a minute after', async () => {
  const exchange = new MemoryExchange()
  const staffMails = { to: ['kim@desk.example'], after: 1_000 }
  let hints = 0
  const observer = { hint: (direction: 'sent' | 'received') => void (direction === 'received' && hints++) }
  const here = await first({ bus: exchange.bus(), staffMails, observer })
  const there = await start({ bus: exchange.bus(), staffMails }, here.file)
  const mails = () => [...here.mails, ...there.mails]
  socket = await TestSocket.open(`${there.wsUrl}/cable?jid=${await there.admin()}`, [V1])
  await socket.subscribe(ADMIN)
  await clock.advance(1)
  await until(() => hints > 0)
  const { id } = await write(there, 'ada', 'Hello?')
  await clock.advance(20_000)
  expect(await state(here, id)).toBe('pending')
  expect(await told(here, id)).toContain('held back while staff whom it is for are online')
  socket.close()
  await until(async () => (await openConnections(there)) === 0)
  await clock.advance(STAFF_HOLDS - 1_000)
  expect(await state(here, id)).toBe('pending')
  expect(mails()).toEqual([])
  for (let i = 0; i < 24 && (await state(here, id)) === 'pending'; i++) await clock.advance(5_000)
  await ended(here, id, 'sent')
  expect(mails()).toHaveLength(1)
})

it('A chat of somebody who is not there is told of to them, whoever else has the desk open', async () => {
  const desk = await first({
    staffMails: { to: ({ assignee }) => [`${assignee?.id ?? 'team'}@desk.example`], after: MINUTE },
  })
  socket = await TestSocket.open(`${desk.wsUrl}/cable?jid=${await desk.admin()}`, [V1])
  await socket.subscribe(ADMIN)
  // Everybody else counts as online for a while after the start, and kim for a while after she leaves
  await clock.advance(STAFF_HOLDS)
  const [own, kims, nobodys] = [
    await write(desk, 'ada', 'For sam'),
    await write(desk, 'bob', 'For kim'),
    await write(desk, 'cyd', 'For anybody'),
  ]
  await desk.deskbell.chats.assign({ userId: 'ada', to: { id: 'sam', name: 'Sam' } })
  await desk.deskbell.chats.assign({ userId: 'bob', to: { id: 'kim', name: 'Kim' } })
  for (let i = 0; i < 24 && (await state(desk, kims.id)) === 'pending'; i++) await clock.advance(5_000)
  await ended(desk, kims.id, 'sent')
  expect(desk.mails.map(({ to }) => to.address)).toEqual(['kim@desk.example'])
  for (const { id } of [own, nobodys]) expect(await state(desk, id)).toBe('pending')
  socket.close()
  await until(async () => (await openConnections(desk)) === 0)
  for (let i = 0; i < 24 && (await state(desk, own.id)) === 'pending'; i++) await clock.advance(5_000)
  for (const { id } of [own, nobodys]) await ended(desk, id, 'sent')
  expect(desk.mails.map(({ to }) => to.address).sort()).toEqual([
    'kim@desk.example',
    'sam@desk.example',
    'team@desk.example',
  ])
})

it('A function says who gets it, for each chat: nobody, or other addresses; when it fails, the mail is tried again', async () => {
  const asked: unknown[] = []
  let fails = true
  const desk = await first({
    staffMails: {
      after: MINUTE,
      to: (chat) => {
        asked.push(chat)
        if (chat.user.id === 'vip') return ['boss@desk.example']
        if (chat.user.id === 'nobody') return []
        if (fails) throw new Error('the rota is away')
        return [' kim@desk.example', 'kim@desk.example']
      },
    },
  })
  const [vip, nobody, other] = [
    await write(desk, 'vip', 'x'),
    await write(desk, 'nobody', 'x'),
    await write(desk, 'ada', 'x'),
  ]
  await desk.call('POST', `/admin/chats/${vip.chatId}/assign`, await desk.admin('kim'), { assignee_id: 'kim' })
  await clock.advance(MINUTE)
  await ended(desk, vip.id, 'sent')
  await ended(desk, nobody.id, 'failed')
  await until(async () => (await desk.store.explainNotification(other.id))?.notification?.refusals === 1)
  expect(asked).toContainEqual({
    chat_id: vip.chatId,
    user: { id: 'vip', email: 'vip@example.com', name: 'User vip' },
    waiting: 1,
    assignee: { id: 'kim', name: 'Sam' },
  })
  expect(await told(desk, nobody.id)).toMatch(/^not sent: nobody is to be told, when it was due/)
  expect(await told(desk, other.id)).toContain('last reason: the rota is away')
  expect(desk.errors.map(String)).toEqual([expect.stringContaining('the rota is away')])
  fails = false
  await clock.advance(MINUTE)
  await ended(desk, other.id, 'sent')
  expect(desk.mails.map(({ to }) => to.address).sort()).toEqual(['boss@desk.example', 'kim@desk.example'])
})

it('A mail counts as sent when one address took it, is tried again when all refused it, and never when that is unknown', async () => {
  const answers = new Map<string, (attempt: number) => void>()
  const attempts: string[] = []
  const desk = await first({
    mailer: {
      handsOver: true,
      async send({ to: { address }, subject }, handover) {
        attempts.push(`${subject.split(' ')[1]} ${address}`)
        const attempt = attempts.filter((one) => one === attempts.at(-1)).length
        answers.get(`before ${subject.split(' ')[1]} ${address}`)?.(attempt)
        await handover()
        answers.get(`${subject.split(' ')[1]} ${address}`)?.(attempt)
      },
    },
  })
  const refuse = (): never => {
    throw new MailRefused('no such mailbox')
  }
  const [kim = '', sam = ''] = TEAM
  answers.set(`before one ${kim}`, refuse)
  for (const to of TEAM) answers.set(`all ${to}`, (attempt) => void (attempt === 1 && refuse()))
  answers.set(`unknown ${kim}`, refuse)
  answers.set(`unknown ${sam}`, () => {
    throw new Error('the connection broke')
  })
  const [one, all, unknown] = [
    await write(desk, 'one', 'x'),
    await write(desk, 'all', 'x'),
    await write(desk, 'unknown', 'x'),
  ]
  await clock.advance(10 * MINUTE)
  await ended(desk, one.id, 'sent')
  await ended(desk, unknown.id, 'uncertain')
  await until(async () => (await desk.store.explainNotification(all.id))?.notification?.refusals === 1)
  await clock.advance(MINUTE)
  await ended(desk, all.id, 'sent')
  await clock.advance(60 * MINUTE)
  const count = (name: string) => attempts.filter((attempt) => attempt.startsWith(`${name} `)).length
  expect([count('one'), count('all'), count('unknown')]).toEqual([2, 4, 2])
  expect(await told(desk, unknown.id)).toMatch(/^uncertain: .* to staff, .*\(the connection broke\)/)
})

it('Without the option, a message plans no mail to staff', async () => {
  clock = new FakeClock(Date.now())
  const desk = await startDesk({ clock })
  desks.push(desk)
  const { id } = await write(desk, 'ada', 'Hello?')
  expect(await told(desk, id)).toBe('no e-mail to staff was planned about it')
  expect(await desk.store.nextNotification('waiting')).toBeUndefined()
})

it.each([
  { to: [] },
  { to: ['nobody'] },
  { to: ['kim@desk.example\r\nBcc: x@y.example'] },
  { to: Array.from({ length: 21 }, (_, i) => `kim${i}@desk.example`) },
  { to: ['kim@desk.example'], after: 0 },
  { to: ['kim@desk.example'], after: Number.NaN },
])('Options that cannot be right end the start: %j', async (staffMails) => {
  clock = new FakeClock(Date.now())
  await expect(startDesk({ clock, staffMails })).rejects.toThrow(/staffMails/)
})

it('An address from which a mail came back gets none until staff allow it, and the others go on; with none left, why says so', async () => {
  const [postmark] = eventSources()
  const { tell, reader } = postmark ?? expect.fail()
  const desk = await first({ mailEvents: [reader] })
  const bounced = (reference: string, address: string) => {
    const mail = { reference, address, kind: 'bounced' as const, at: new Date(clock.now()).toISOString() }
    const { headers, body } = tell(mail)
    return desk.call('POST', '/mail/events/postmark', undefined, body, headers)
  }
  const round = async (id: string, as: string) => {
    const before = desk.mails.length
    const message = await write(desk, id, 'Hello?')
    await clock.advance(10 * MINUTE)
    await ended(desk, message.id, as)
    return { id: message.id, mails: desk.mails.slice(before) }
  }
  const { mails } = await round('ada', 'sent')
  const referenceOf = (address: string) => of(mails, address)[0]?.reference ?? expect.fail()
  await clock.advance(1_000)
  // Another's reference says nothing about an address
  expect((await bounced(referenceOf('sam@desk.example'), 'kim@desk.example')).status).toBe(204)
  expect((await round('bob', 'sent')).mails).toHaveLength(2)
  expect((await bounced(referenceOf('kim@desk.example'), 'Kim@Desk.example')).status).toBe(204)
  expect((await round('cleo', 'sent')).mails.map(({ to }) => to.address)).toEqual(['sam@desk.example'])

  await bounced(referenceOf('sam@desk.example'), 'sam@desk.example')
  const { id, mails: none } = await round('dan', 'failed')
  expect(none).toEqual([])
  expect(await told(desk, id)).toMatch(
    /^not sent: refused once, last reason: no e-mails go to kim@desk\.example, sam@desk\.example since earlier ones came back; given up at /,
  )
  await desk.store.unblockMail('kim@desk.example', new Date(clock.now()).toISOString())
  expect((await round('eve', 'sent')).mails.map(({ to }) => to.address)).toEqual(['kim@desk.example'])
})

it('Where no mails go to whoever has the chat, it is asked whom else to tell', async () => {
  const asked: (string | undefined)[] = []
  const to = ({ assignee }: { assignee: { id: string } | null }) => {
    asked.push(assignee?.id)
    return assignee ? [`${assignee.id}@desk.example`] : ['sam@desk.example']
  }
  const [postmark] = eventSources()
  const { tell, reader } = postmark ?? expect.fail()
  const desk = await first({ mailEvents: [reader], staffMails: { to } })
  const round = async (id: string) => {
    const message = await write(desk, id, 'Hello?')
    await desk.call('POST', `/admin/chats/${message.chatId}/assign`, await desk.admin('kim'), { assignee_id: 'kim' })
    await clock.advance(10 * MINUTE)
    await ended(desk, message.id, 'sent')
    return desk.mails.at(-1)
  }
  const reference = (await round('ada'))?.reference ?? expect.fail()
  const at = new Date(clock.now()).toISOString()
  const { headers, body } = tell({ reference, address: 'kim@desk.example', kind: 'bounced', at })
  await desk.call('POST', '/mail/events/postmark', undefined, body, headers)
  expect((await round('bob'))?.to.address).toBe('sam@desk.example')
  expect(asked).toEqual(['kim', 'kim', undefined])
})
