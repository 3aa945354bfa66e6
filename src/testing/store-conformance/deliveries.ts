import { describe, expect, it } from 'vitest'
import type { MailDelivery, MailEvent } from '../../server/ports/mail-events.ts'
import { at, DELAY, DELAY_S, uuid, type Kit } from './kit.ts'

/** Seconds after T0 at which the mails of these tests are sent */
const SENT = DELAY_S

export function deliveriesConformance(name: string, kit: Kit): void {
  const { chat, reply, append } = kit

  const claimAll = (seconds: number) =>
    kit.store.claimNotifications({ kind: 'reply', at: at(seconds), delay: DELAY, lease: 60_000, limit: 9 })
  /** A mail about a reply `seconds` after T0, at its end. @returns what an event about it says */
  async function mailed(chatId: string, seconds = 0, state: 'sent' | 'uncertain' = 'sent') {
    const message = reply(chatId, seconds)
    await append(message)
    const [due] = (await claimAll(seconds + DELAY_S)).due
    if (!due) expect.fail('nothing is due')
    await kit.store.handOverNotification(due, at(seconds + DELAY_S), 60_000)
    await kit.store.settleNotification(due, { state, reason: 'timeout' }, at(seconds + DELAY_S))
    const tell = async (delivery: MailDelivery, after: number, more: Partial<MailEvent> = {}) => {
      const event = { reference: due.id, address: due.person.email, delivery, at: at(after), reason: '550 No', ...more }
      return (await kit.store.recordMailEvent(event, at(10_000)))?.chat_id
    }
    return { message, due, tell, record: async () => (await kit.store.explainNotification(message.id))?.notification }
  }
  const block = () => kit.store.mailBlock('u@example.com')
  /** Whether the next reply leads to a mail */
  async function nextReason(chatId: string, seconds: number): Promise<string | null | undefined> {
    const message = reply(chatId, seconds)
    await append(message)
    const { due } = await claimAll(seconds + DELAY_S)
    return due.length > 0 ? 'due' : (await kit.store.explainNotification(message.id))?.notification?.reason
  }

  const activity = async (chatId: string) =>
    (await kit.store.activities(chatId, { after: 0, limit: 50 })).activities.map(({ seq, kind, body, actor_id }) => {
      expect(actor_id).toBeNull()
      return [seq, kind, body]
    })

  describe(`${name}: what staff are told of mails to the user`, () => {
    const address = 'u@example.com'
    const said = { address, reason: '550 No' }

    it('is that one was sent, and what the service tells later, once', async () => {
      const id = await chat('u')
      const { tell, message } = await mailed(id)
      await tell('delivered', SENT + 1)
      await tell('complained', SENT + 2)
      await tell('complained', SENT + 3)
      expect(await activity(id)).toEqual([
        [1, 'mail_sent', { address }],
        [2, 'mail_bounced', { ...said, delivery: 'complained' }],
      ])
      expect(await kit.store.findChat(id)).toMatchObject({ last_activity_seq: 2 })
      expect((await kit.store.explainNotification(message.id))?.notification?.state).toBe('sent')
    })

    it('is that nobody knows, until somebody does', async () => {
      const [told, late] = [await chat('u'), await chat('late')]
      const uncertain = (to: string) => ['mail_failed', { address: to, reason: 'timeout', uncertain: true }]
      const { tell } = await mailed(told, 0, 'uncertain')
      await tell('delivered', SENT + 1)
      expect(await activity(told)).toEqual([
        [1, ...uncertain(address)],
        [2, 'mail_sent', { address }],
      ])
      const { due } = await mailed(late, 1_000, 'uncertain')
      expect(await kit.store.settleNotification(due, { state: 'sent' }, at(1_000 + SENT + 9))).toMatchObject({
        activity: { seq: 2, kind: 'mail_sent', created_at: at(1_000 + SENT + 9) },
      })
      expect(await kit.store.settleNotification(due, { state: 'uncertain', reason: '' }, at(9_000))).toBeUndefined()
      expect((await activity(late)).map(([, kind]) => kind)).toEqual(['mail_failed', 'mail_sent'])
    })

    it('is that one was refused for good, and nothing while it is tried again or goes to staff', async () => {
      const id = await chat('u')
      await append(reply(id, 0))
      const claimOne = async (seconds: number) => (await claimAll(seconds)).due[0] ?? expect.fail('nothing is due')
      const first = await claimOne(SENT)
      const retry = { state: 'retry', retry_at: at(SENT + 30), reason: '421 Later' } as const
      expect(await kit.store.settleNotification(first, retry, at(SENT + 1))).toEqual({ activity: null })
      const failed = { state: 'failed', reason: `550 ${'No'.repeat(300)}` } as const
      const settled = await kit.store.settleNotification(await claimOne(SENT + 30), failed, at(SENT + 31))
      const body = { address, reason: expect.stringMatching(/^550 (No)+/) as string, uncertain: false }
      expect(settled?.activity).toMatchObject({ kind: 'mail_failed', body, created_at: at(SENT + 31) })
      await append(kit.message(id, { created_at: at(100), notify_at: at(400) }))
      const query = { kind: 'waiting', at: at(2_000), delay: DELAY, lease: 60_000, limit: 9 } as const
      const [toStaff] = (await kit.store.claimNotifications(query)).due
      if (!toStaff) expect.fail('nothing is due')
      await kit.store.handOverNotification(toStaff, at(2_000), 60_000)
      expect(await kit.store.settleNotification(toStaff, { state: 'sent' }, at(2_001))).toEqual({ activity: null })
      expect((await activity(id)).map(([, kind]) => kind)).toEqual(['mail_failed'])
    })

    it('is that one was lost with its sender', async () => {
      const id = await chat('u')
      await append(reply(id, 0))
      const [due] = (await claimAll(SENT)).due
      if (!due) expect.fail('nothing is due')
      await kit.store.handOverNotification(due, at(SENT), 60_000)
      const [lost] = (await claimAll(SENT + 61)).lost
      expect(lost?.activity).toMatchObject({ seq: 1, kind: 'mail_failed', body: { address, uncertain: true } })
      expect(await activity(id)).toEqual([[1, 'mail_failed', lost?.activity?.body]])
    })
  })

  describe(`${name}: what became of mails`, () => {
    it('is told of each, and that it was delivered stops nothing', async () => {
      const id = await chat('u')
      const { tell, record } = await mailed(id)
      expect(await record()).toMatchObject({ delivery: null, delivery_at: null, delivery_reason: null })
      expect(await tell('delivered', SENT + 1, { reason: null })).toBe(id)
      expect(await record()).toMatchObject({ state: 'sent', delivery: 'delivered', delivery_at: at(SENT + 1) })
      expect([await block(), await nextReason(id, 1000)]).toEqual([null, 'due'])
    })

    it.each(['bounced', 'complained', 'suppressed'] as const)('stops mails to the address that %s', async (kind) => {
      const id = await chat('u')
      const { message, tell, record } = await mailed(id)
      const said = { kind, at: at(SENT + 5), reason: '550 No' }
      expect(await tell(kind, SENT + 5)).toBe(id)
      expect(await record()).toMatchObject({ state: 'sent', delivery: kind, delivery_reason: '550 No' })
      expect(await block()).toEqual(said)
      expect(await kit.store.explainNotification(message.id)).toMatchObject({ mail_block: said })
      expect(await nextReason(id, 1000)).toBe(kind)
      // Also to somebody else with the same address, and not to a new one
      expect(await nextReason(await chat('other', 'u@example.com'), 2000)).toBe(kind)
      await kit.store.savePeople([{ id: 'u', email: 'new@example.com', name: null }], at(3000))
      expect(await nextReason(id, 3000)).toBe('due')
    })

    it('stops a mail that is claimed and not handed over yet', async () => {
      const id = await chat('u')
      const { tell } = await mailed(id)
      await append(reply(id, 1000))
      const [due] = (await claimAll(1000 + DELAY_S)).due
      await tell('bounced', SENT + 5)
      expect(await kit.store.handOverNotification(due ?? expect.fail(), at(1000 + DELAY_S), 60_000)).toBe(false)
    })

    it('changes nothing when it comes again, late, about another mail, or to another address', async () => {
      const id = await chat('u')
      const { tell, record } = await mailed(id)
      expect(await tell('complained', SENT + 9)).toBe(id)
      const before = [await record(), await block()]
      expect(await tell('complained', SENT + 9)).toBeUndefined()
      expect(await tell('bounced', SENT + 5)).toBeUndefined()
      expect(await tell('delivered', SENT + 20)).toBeUndefined()
      expect(await tell('bounced', SENT + 20, { address: 'eve@example.com' })).toBeUndefined()
      for (const reference of [uuid(9), 'no uuid', ''])
        expect(await tell('bounced', SENT + 20, { reference })).toBeUndefined()
      expect([await record(), await block()]).toEqual(before)
      expect(await kit.store.mailBlock('eve@example.com')).toBeNull()
    })

    it('knows an address that the service wrote in another way', async () => {
      const id = await chat('u', 'Ünal@Müller.example')
      const { tell } = await mailed(id)
      expect(await tell('bounced', SENT + 5, { address: 'ünal@xn--mller-kva.example' })).toBe(id)
      expect(await kit.store.mailBlock('Ünal@Müller.example')).toMatchObject({ kind: 'bounced' })
    })

    it('ends the doubt about an uncertain mail', async () => {
      const { tell, record } = await mailed(await chat('u'), 0, 'uncertain')
      expect(await record()).toMatchObject({ state: 'uncertain', reason: 'timeout' })
      await tell('delivered', SENT + 1)
      expect(await record()).toMatchObject({ state: 'sent', reason: null, delivery: 'delivered' })
    })

    it('lets mails go again once staff allow it, whatever comes late from before', async () => {
      const id = await chat('u')
      const first = await mailed(id)
      await first.tell('bounced', SENT + 5)
      expect(await kit.store.unblockMail('u@example.com', at(2000))).toBe(true)
      expect(await kit.store.unblockMail('u@example.com', at(2001))).toBe(false)
      await first.tell('complained', 1999)
      expect(await block()).toBeNull()
      const second = await mailed(id, 2000)
      await second.tell('bounced', 2500)
      expect(await block()).toMatchObject({ kind: 'bounced', at: at(2500) })
    })

    it('takes no time that is still to come', async () => {
      const { tell } = await mailed(await chat('u'))
      await tell('bounced', 99_999)
      expect(await block()).toMatchObject({ at: at(10_000) })
    })

    it('is in the copy of a person’s data, and is erased with them', async () => {
      const { tell } = await mailed(await chat('u'))
      await tell('bounced', SENT + 5)
      expect(await kit.store.personalData('u')).toMatchObject({
        mail_block: { kind: 'bounced', at: at(SENT + 5), reason: '550 No' },
        mails: [{ delivery: 'bounced' }],
      })
      await kit.store.erasePerson('u')
      expect(await block()).toBeNull()
    })

    it('stops mails to an address of which no mail is known, by the same rules', async () => {
      const stop = (seconds: number) =>
        kit.store.blockMail('kim@example.com', { kind: 'bounced', at: at(seconds), reason: '550 No' }, at(10_000))
      const kims = () => kit.store.mailBlock('kim@example.com')
      expect([await stop(5), await stop(5), await stop(4)]).toEqual([true, false, false])
      expect(await kims()).toEqual({ kind: 'bounced', at: at(5), reason: '550 No' })
      expect(await kit.store.unblockMail('kim@example.com', at(8))).toBe(true)
      expect([await stop(7), await kims()]).toEqual([false, null])
      expect([await stop(20_000), await kims()]).toEqual([true, expect.objectContaining({ at: at(10_000) })])
    })
  })
}
