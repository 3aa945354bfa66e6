// Real servers, killed at each step of sending an e-mail: never two, and one wherever none was certainly accepted.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pause, until } from '../support/desk.ts'
import { SERVICE_PROVIDERS } from '../support/mail-providers.ts'
import { MailDesk } from '../support/mail-desk.ts'
import type { SmtpMode } from '../support/smtp.ts'

/** A kill takes as long as forty lives elsewhere */
const ROUNDS = Math.ceil(Number(process.env['FAULT_RUNS'] ?? 200) / 40)
const ADA = 'ada@example.com'
/** The state of a mail whose provider says nothing. On a slow machine the server may have lost its patience, and tries again later */
const HELD = expect.toBeOneOf(['claimed', 'pending']) as string

let desk: MailDesk
afterEach(() => desk.stop())

const state = async (messageId: string) => (await desk.store.explainNotification(messageId))?.notification?.state

const untilState = async (id: string, wanted: string) => {
  while ((await state(id)) !== wanted) await pause(5)
}
const untilRefused = async (id: string) => {
  while (((await desk.store.explainNotification(id))?.notification?.refusals ?? 0) === 0) await pause(5)
}

describe('a server that is stopped', () => {
  beforeEach(async () => {
    desk = await MailDesk.start()
  })

  /**
   * Kills it once `moment` has come and starts it again beside a provider that works.
   * @returns the message, and the state of its mail while no server ran: one that runs goes on with it at any moment
   */
  async function killAt(mode: SmtpMode, moment: (messageId: string) => Promise<unknown>) {
    desk.provider.mode = mode
    const message = await desk.reply(await desk.chat('ada'))
    await moment(message)
    await desk.server.kill()
    const atKill = [await state(message), desk.provider.contents.length]
    desk.provider.cut()
    desk.provider.mode = 'accept'
    await desk.server.start()
    return { message, atKill }
  }
  /** Or more, where it was given up meanwhile and tried again */
  const stalled = () => until(() => desk.provider.stalled > 0)

  it('before the mail was due, sends it when it is', async () => {
    const { message } = await killAt('accept', async () => undefined)
    await desk.settled()
    expect([desk.counts(), await state(message)]).toEqual([{ [ADA]: 1 }, 'sent'])
  })

  it.each(['stall-greeting', 'stall-rcpt'] as const)(
    'while the provider kept it waiting (%s), sends it once, when the claim has run out',
    async (mode) => {
      const { message, atKill } = await killAt(mode, stalled)
      expect(atKill).toEqual([HELD, 0])
      await desk.settled()
      expect([desk.counts(), await state(message)]).toEqual([{ [ADA]: 1 }, 'sent'])
    },
  )

  it.each(['refuse', 'refuse-content'] as const)('after a refusal (%s), sends it again in time', async (mode) => {
    const { message, atKill } = await killAt(mode, (id) => untilState(id, 'pending').then(() => untilRefused(id)))
    await desk.settled()
    expect([desk.provider.contents.length - Number(atKill[1]), desk.provider.mails.length]).toEqual([1, 1])
    expect(await state(message)).toBe('sent')
  })

  it('after the provider took the content and before it answered, never sends it again, and says why', async () => {
    const { message, atKill } = await killAt('hang', stalled)
    // Or its lease had run out before the kill
    expect(atKill).toEqual([expect.toBeOneOf(['sending', 'uncertain']), 1])
    await desk.settled()
    expect([desk.counts(), await state(message)]).toEqual([{ [ADA]: 1 }, 'uncertain'])
  })

  it('after the answer, sends nothing more', async () => {
    const { message } = await killAt('accept', () => until(() => desk.provider.mails.length === 1))
    await desk.settled()
    expect(desk.counts()).toEqual({ [ADA]: 1 })
    expect(['sent', 'uncertain']).toContain(await state(message))
  })

  it('in an orderly way, while the provider keeps it waiting, is soon gone, and sends it once it is back', async () => {
    desk.provider.mode = 'stall-rcpt'
    const message = await desk.reply(await desk.chat('ada'))
    await stalled()
    expect(await desk.server.stop()).toBe(0)
    // It does not wait for as long as a provider may take: the claim runs out
    expect([await state(message), desk.provider.contents.length]).toEqual([HELD, 0])
    desk.provider.cut()
    desk.provider.mode = 'accept'
    await desk.server.start()
    await desk.settled()
    expect([desk.counts(), await state(message)]).toEqual([{ [ADA]: 1 }, 'sent'])
  })

  it('once it was stored that it was sent, still knows that it was', async () => {
    const { message } = await killAt('accept', (id) => untilState(id, 'sent'))
    await desk.settled()
    expect([desk.counts(), await state(message)]).toEqual([{ [ADA]: 1 }, 'sent'])
  })
})

it(
  `${ROUNDS} kills at any moment under 12 mails each`,
  async () => {
    desk = await MailDesk.start()
    /** From what state, at the kill, to what end; and how often the provider had it */
    const ways: Record<string, number> = {}
    for (let round = 0; round < ROUNDS; round++) {
      const users = Array.from({ length: 12 }, (_, i) => `u${round}-${i}`)
      const messages = []
      for (const user of users) messages.push({ user, id: await desk.reply(await desk.chat(user)) })
      // At any moment around the first mails, or while some of them are on their way
      const before = desk.provider.contents.length
      if (round % 3 === 0) await pause(300 + 400 * Math.random())
      else await until(() => desk.provider.contents.length > before + 11 * Math.random())
      await desk.server.kill()
      const atKill = new Map<string, string>()
      for (const { id } of messages) atKill.set(id, (await state(id)) ?? 'none')
      await desk.server.start()
      await desk.settled()
      for (const { user, id } of messages) {
        const end = (await state(id)) ?? 'none'
        const count = desk.counts()[`${user}@example.com`] ?? 0
        const way = `${atKill.get(id)} → ${end}, ${count} received`
        ways[way] = (ways[way] ?? 0) + 1
        // Lost are those alone that had left the process, or maybe had
        const expected = end === 'uncertain' ? /^sending → uncertain, [01] received$/ : /→ sent, 1 received$/
        expect(way).toMatch(expected)
      }
    }
    console.log(`${ROUNDS} kills:`, ways)
  },
  ROUNDS * 120_000,
)

it.each(SERVICE_PROVIDERS)(
  'a server that is killed while $name holds mails sends none again that it may have, and each that it has not',
  async (provider) => {
    desk = await MailDesk.start(1, provider)
    const fake = desk.provider
    const reply = async (user: string) => desk.reply(await desk.chat(user))
    fake.mode = 'hang'
    const held = await reply('held')
    await until(() => fake.stalled === 1)
    fake.mode = 'cut'
    const lost = await reply('lost')
    await untilState(lost, 'uncertain')
    fake.mode = 'refuse'
    const refused = await reply('refused')
    await untilRefused(refused)
    const young = await reply('young')
    await desk.server.kill()
    expect(await state(held)).toMatch(/^(sending|uncertain)$/)
    const atKill = { refused: await state(refused), young: await state(young) }
    fake.cut()
    fake.mode = 'accept'
    await desk.server.start()
    await desk.settled()
    const took = (user: string) => fake.mails.filter(({ envelopeTo }) => envelopeTo[0] === `${user}@example.com`).length
    expect([desk.counts()['held@example.com'], desk.counts()['lost@example.com']]).toEqual([1, 1])
    for (const [user, id] of [
      ['refused', refused],
      ['young', young],
    ] as const) {
      // On a slow machine it may have been on its way at the kill, for the first or the second time
      const ends = atKill[user] === 'sending' ? ['uncertain', expect.toBeOneOf([0, 1])] : ['sent', 1]
      expect([await state(id), took(user)]).toEqual(ends)
    }
    expect([await state(held), await state(lost)]).toEqual(['uncertain', 'uncertain'])
  },
)

describe('two servers on one database', () => {
  beforeEach(async () => {
    desk = await MailDesk.start(2)
  })
  const USERS = Array.from({ length: 60 }, (_, i) => `u${i}`)
  const once = Object.fromEntries(USERS.map((user) => [`${user}@example.com`, 1]))
  async function replyToAll(): Promise<void> {
    const chats = await Promise.all(USERS.map((user) => desk.chat(user)))
    await Promise.all(chats.map((id) => desk.reply(id)))
  }

  it('send each of 60 mails once', async () => {
    await replyToAll()
    await desk.settled()
    expect(desk.counts()).toEqual(once)
    expect(desk.provider.mails).toHaveLength(60)
  })

  it('send each at most once when one is killed amid, and the other sends what was not handed over', async () => {
    desk.provider.mode = 'stall-rcpt'
    await replyToAll()
    await until(() => desk.provider.stalled >= 20)
    desk.provider.mode = 'accept'
    await desk.servers[1]?.kill()
    desk.provider.release()
    await desk.settled()
    expect(desk.counts()).toEqual(once)
    expect(desk.provider.mails).toHaveLength(60)
  })
})
