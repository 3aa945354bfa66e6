import { describe, expect, it } from 'vitest'
import { CHAT_HEADER } from '../../server/ports/mailer.ts'
import type { NewMessage } from '../../server/ports/store/messages.ts'
import type { DueNotification, NotificationOutcome } from '../../server/ports/store/notifications.ts'
import { MAX_LOOKED_AT } from '../../stores/rules/notification.ts'
import { at, DELAY, DELAY_S, uuid, type Kit } from './kit.ts'

const LEASE = 120_000
const LEASE_S = LEASE / 1000

export function notificationsConformance(name: string, kit: Kit): void {
  const { chat, message, reply, append } = kit
  const claimAll = (seconds: number, limit = 20) =>
    kit.store.claimNotifications({ kind: 'reply', at: at(seconds), delay: DELAY, lease: LEASE, limit })
  const claim = async (seconds: number, limit = 20) => (await claimAll(seconds, limit)).due
  const claimOne = async (seconds: number): Promise<DueNotification> =>
    (await claim(seconds))[0] ?? expect.fail(`nothing was due at ${seconds} s`)
  const handOver = (due: DueNotification, seconds: number) => kit.store.handOverNotification(due, at(seconds), LEASE)
  /** @returns whether it changed anything */
  const settle = async (due: DueNotification, outcome: NotificationOutcome, seconds: number) =>
    (await kit.store.settleNotification(due, outcome, at(seconds))) !== undefined
  const retryAt = (seconds: number) => ({ state: 'retry', retry_at: at(seconds), reason: 'down' }) as const
  const why = (id: string) => kit.store.explainNotification(id)
  const INTERFERING = [
    ['read', (id: string) => kit.store.markRead(id, 'user', undefined, at(299))],
    ['archived', (id: string) => kit.store.setArchived(id, true, at(299))],
    ['unsubscribed', () => kit.store.unsubscribe('u', at(299))],
  ] as const

  describe(`${name}: which notifications are due`, () => {
    it('makes one for a burst of replies, when the first reply is old enough', async () => {
      const id = await chat('u')
      await append(reply(id, 0), reply(id, 10))
      await append(reply(id, 20, { content: 'newest' }))
      expect(await kit.store.nextNotification('reply')).toBe(at(DELAY_S))
      expect(await claim(DELAY_S - 0.001)).toEqual([])
      expect(await claim(DELAY_S)).toMatchObject([
        { chat_id: id, unread: 3, refusals: 0, assignee: null, person: { id: 'u' }, message: { content: 'newest' } },
      ])
    })

    it('tells who of staff has the chat', async () => {
      const id = await chat('u')
      await append(reply(id, 0))
      await kit.store.assign(id, { assignee: { id: 'kim', name: 'Kim' }, actor: null, at: at(1) })
      expect(await claim(DELAY_S)).toMatchObject([{ chat_id: id, assignee: { id: 'kim', name: 'Kim' } }])
    })

    it.each(INTERFERING)('makes none when it was %s in the last second', async (_why, act) => {
      const id = await chat('u')
      await append(reply(id, 0))
      await act(id)
      expect(await claim(DELAY_S)).toEqual([])
      expect(await kit.store.nextNotification('reply')).toBeUndefined()
    })

    it.each(['', 'no-at-sign', 'ada@example.com, victim@example.com', 'ada@example.com\r\nBcc: victim@example.com'])(
      'makes none for a person with the address %j, and says so',
      async (email) => {
        const id = await chat('u', email)
        const one = reply(id, 0)
        await append(one)
        expect(await claim(DELAY_S)).toEqual([])
        expect(await kit.store.nextNotification('reply')).toBeUndefined()
        expect(await why(one.id)).toMatchObject({ email, notification: { state: 'skipped', reason: 'no_address' } })
        // The mail about a later reply covers it
        await kit.store.savePeople([{ id: 'u', email: 'u@example.com', name: null }], at(400))
        await append(reply(id, 400))
        expect(await claim(400 + DELAY_S)).toMatchObject([{ unread: 2, person: { email: 'u@example.com' } }])
      },
    )

    it('makes one again for a person who unsubscribed and undid it, about later replies too', async () => {
      const id = await chat('u')
      expect([await kit.store.unsubscribedAt('u'), await kit.store.unsubscribedAt('nobody')]).toEqual([null, undefined])
      await append(reply(id, 0))
      await kit.store.unsubscribe('u', at(10))
      expect(await kit.store.unsubscribedAt('u')).toBe(at(10))
      expect(await claim(DELAY_S)).toEqual([])
      await kit.store.resubscribe('u', at(400))
      expect(await kit.store.unsubscribedAt('u')).toBeNull()
      expect(await claim(1_000)).toEqual([])
      await append(reply(id, 1_000))
      expect(await claim(1_000 + DELAY_S)).toMatchObject([{ unread: 2, message: { seq: 2 } }])
    })

    it('makes none for a user message', async () => {
      await append(message(await chat('u'), { notify_at: at(DELAY_S) }))
      expect(await kit.store.nextNotification('reply')).toBeUndefined()
    })

    it('gives a later reply its own full delay when earlier replies were read', async () => {
      const id = await chat('u')
      await append(reply(id, 0))
      await kit.store.markRead(id, 'user', 1, at(60))
      await append(reply(id, 200))
      expect(await claim(DELAY_S)).toEqual([])
      expect(await kit.store.nextNotification('reply')).toBe(at(200 + DELAY_S))
      expect(await claim(200 + DELAY_S)).toMatchObject([{ unread: 1, message: { seq: 2 } }])
    })

    it('returns all due ones in order of time, even when others are skipped between them', async () => {
      for (let i = 0; i < 30; i++) await append(reply(await chat(`u${i}`), 30 - i))
      for (let i = 0; i < 30; i += 3) await kit.store.unsubscribe(`u${i}`, at(40))
      const claims = [await claim(1000), await claim(1000)]
      expect(claims.map((c) => c.length)).toEqual([20, 0])
      const times = claims.flat().map((c) => c.message.created_at)
      expect(times).toEqual([...times].sort())
    })

    it('skips all that must be skipped, possibly in several calls', async () => {
      const users = Array.from({ length: MAX_LOOKED_AT + 20 }, (_, i) => `u${i}`)
      const last = users.at(-1) ?? ''
      const chats = await Promise.all(users.map((user) => chat(user)))
      await append(...chats.map((id) => reply(id, 0)))
      await Promise.all(users.filter((user) => user !== last).map((user) => kit.store.unsubscribe(user, at(1))))
      const found: DueNotification[] = []
      while (((await kit.store.nextNotification('reply')) ?? '~') <= at(DELAY_S)) found.push(...(await claim(DELAY_S)))
      expect(found).toMatchObject([{ person: { id: last } }])
    })
  })

  describe(`${name}: claims`, () => {
    it('belong to one worker until they expire', async () => {
      await append(reply(await chat('u'), 0))
      const claims = await Promise.all([claim(DELAY_S), claim(DELAY_S), claim(DELAY_S)])
      expect(claims.flat()).toHaveLength(1)
      expect(await claim(DELAY_S + LEASE_S - 0.001)).toEqual([])
      expect(await kit.store.nextNotification('reply')).toBe(at(DELAY_S + LEASE_S))
    })

    it('are due again when they expired, and the old claim is invalid', async () => {
      await append(reply(await chat('u'), 0))
      const lost = await claimOne(DELAY_S)
      const next = await claimOne(DELAY_S + LEASE_S)
      expect(next).toMatchObject({ id: lost.id, unread: 1, refusals: 0 })
      expect(await handOver(lost, 421)).toBe(false)
      expect(await settle(lost, { state: 'sent' }, 422)).toBe(false)
      await settle(lost, retryAt(423), 422)
      expect(await claim(500)).toEqual([])
      expect(await handOver(next, 500)).toBe(true)
    })

    it('cover later replies too, when they are claimed again', async () => {
      const id = await chat('u')
      await append(reply(id, 0))
      await claimOne(DELAY_S)
      await append(reply(id, 310))
      expect(await claimOne(DELAY_S + LEASE_S)).toMatchObject({ unread: 2, message: { seq: 2 } })
      expect(await claim(10_000)).toMatchObject([{ unread: 2 }])
    })

    it('can still be handed over after they expired, unless another worker has claimed them', async () => {
      await append(reply(await chat('u'), 0))
      expect(await handOver(await claimOne(DELAY_S), DELAY_S + LEASE_S + 1)).toBe(true)
    })

    it('allow one mail per chat in delivery at a time', async () => {
      const id = await chat('u')
      await append(reply(id, 0))
      const first = await claimOne(DELAY_S)
      await append(reply(id, 301))
      await handOver(first, 700)
      expect(await claim(701)).toEqual([])
      expect(await kit.store.nextNotification('reply')).toBe(at(700 + LEASE_S))
      await settle(first, { state: 'sent' }, 702)
      expect(await claim(702)).toMatchObject([{ unread: 1, message: { seq: 2 } }])
    })
  })

  describe(`${name}: handing over`, () => {
    it('happens once', async () => {
      await append(reply(await chat('u'), 0))
      const due = await claimOne(DELAY_S)
      const answers = await Promise.all([handOver(due, DELAY_S), handOver(due, DELAY_S)])
      expect(answers.sort()).toEqual([false, true])
    })

    it.each(INTERFERING)('is refused when it was %s meanwhile, and nothing is due', async (reason, act) => {
      const id = await chat('u')
      const one = reply(id, 0)
      await append(one)
      const due = await claimOne(DELAY_S)
      await act(id)
      expect(await handOver(due, 301)).toBe(false)
      await settle(due, retryAt(302), 302)
      expect(await claim(10_000)).toEqual([])
      expect(await kit.store.nextNotification('reply')).toBeUndefined()
      expect(await why(one.id)).toMatchObject({ notification: { state: 'skipped', reason } })
    })

    it('is refused when some replies were read meanwhile, and the others get a mail of their own', async () => {
      const id = await chat('u')
      await append(reply(id, 0), reply(id, 10))
      const due = await claimOne(DELAY_S)
      await kit.store.markRead(id, 'user', 1, at(301))
      expect(await handOver(due, 302)).toBe(false)
      expect(await claim(302)).toEqual([])
      expect(await claim(310)).toMatchObject([{ unread: 1, message: { seq: 2 } }])
    })

    it('is final: the mail of a worker that died afterwards is not sent again', async () => {
      const id = await chat('u')
      const one = reply(id, 0)
      await append(one)
      await handOver(await claimOne(DELAY_S), 310)
      expect(await kit.store.nextNotification('reply')).toBe(at(310 + LEASE_S))
      const activity = expect.objectContaining({ kind: 'mail_failed' }) as object
      const lost = { chat_id: id, message_id: one.id, reason: expect.stringContaining('lost') as string, activity }
      expect(await claimAll(310 + LEASE_S)).toEqual({ due: [], lost: [lost] })
      expect(await claimAll(310 + LEASE_S)).toEqual({ due: [], lost: [] })
      expect(await kit.store.nextNotification('reply')).toBeUndefined()
      expect(await why(one.id)).toMatchObject({
        notification: { state: 'uncertain', reason: expect.stringContaining('lost') as string },
      })
      await append(reply(id, 500))
      expect(await claim(1000)).toMatchObject([{ unread: 1, message: { seq: 2 } }])
    })

    it('accepts a late report that the mail was sent, and no other late report', async () => {
      const id = await chat('u')
      const one = reply(id, 0)
      await append(one)
      const due = await claimOne(DELAY_S)
      await handOver(due, DELAY_S)
      await claim(1000)
      expect(await settle(due, retryAt(1001), 1001)).toBe(false)
      expect(await claim(2000)).toEqual([])
      expect(await why(one.id)).toMatchObject({ notification: { state: 'uncertain' } })
      expect(await settle(due, { state: 'sent' }, 1002)).toBe(true)
      expect(await why(one.id)).toMatchObject({ notification: { state: 'sent', updated_at: at(1002) } })
    })
  })

  describe(`${name}: what became of a notification`, () => {
    it('does not include replies that an earlier mail covered', async () => {
      const id = await chat('u')
      await append(reply(id, 0))
      const first = await claimOne(DELAY_S)
      await handOver(first, DELAY_S)
      await settle(first, { state: 'sent' }, DELAY_S)
      await append(reply(id, 400))
      expect(await claim(400 + DELAY_S)).toMatchObject([{ unread: 1, message: { seq: 2 } }])
    })

    it.each([false, true])(
      'makes a refused one due again at its retry time (handed over: %s)',
      async (isHandedOver) => {
        await append(reply(await chat('u'), 0))
        const first = await claimOne(DELAY_S)
        if (isHandedOver) await handOver(first, DELAY_S)
        await settle(first, retryAt(330), DELAY_S)
        expect(await claim(329)).toEqual([])
        expect(await claim(330)).toMatchObject([{ refusals: 1, unread: 1 }])
      },
    )

    it.each([false, true])(
      'combines a refused one and a newer one into one mail (handed over: %s)',
      async (isHandedOver) => {
        const id = await chat('u')
        await append(reply(id, 0))
        const first = await claimOne(DELAY_S)
        if (isHandedOver) await handOver(first, DELAY_S)
        await append(reply(id, 310))
        await settle(first, retryAt(330), 311)
        const [both, ...more] = await claim(330)
        expect([both, more]).toMatchObject([{ unread: 2, refusals: 0 }, []])
        expect(await handOver(both ?? expect.fail(), 330)).toBe(true)
        expect(await claim(20_000)).toEqual([])
      },
    )

    it('does not count a refusal because of a limit, and keeps its reason', async () => {
      const one = reply(await chat('u'), 0)
      await append(one)
      const first = await claimOne(DELAY_S)
      await handOver(first, DELAY_S)
      await settle(first, { ...retryAt(330), limited: true }, DELAY_S)
      expect(await why(one.id)).toMatchObject({ notification: { state: 'pending', refusals: 0, reason: 'down' } })
      expect(await claim(329)).toEqual([])
      expect(await claim(330)).toMatchObject([{ refusals: 0, unread: 1 }])
    })

    it.each(['failed', 'uncertain'] as const)('never makes one due again that is %s', async (state) => {
      await append(reply(await chat('u'), 0))
      const first = await claimOne(DELAY_S)
      await handOver(first, DELAY_S)
      await settle(first, { state, reason: 'x' }, DELAY_S)
      expect(await claim(100_000)).toEqual([])
      expect(await kit.store.nextNotification('reply')).toBeUndefined()
    })

    it('covers failed replies with the next mail, but not uncertain ones', async () => {
      for (const [user, state, unread] of [
        ['a', 'failed', 2],
        ['b', 'uncertain', 1],
      ] as const) {
        const id = await chat(user)
        await append(reply(id, 0))
        const first = await claimOne(DELAY_S)
        await handOver(first, DELAY_S)
        await settle(first, { state, reason: 'x' }, DELAY_S)
        await append(reply(id, 400))
        expect(await claim(400 + DELAY_S)).toMatchObject([{ unread }])
      }
    })
  })

  describe(`${name}: explaining a notification`, () => {
    it('distinguishes unknown messages and those of users', async () => {
      const mine = message(await chat('u'))
      await append(mine)
      expect(await why('nothing')).toBeUndefined()
      expect(await why(mine.id)).toMatchObject({ sender_type: 'user', notification: undefined })
    })

    it('follows one from pending to sent, for each reply of a burst and for no other', async () => {
      const id = await chat('u')
      const before = reply(id, 0)
      const burst = [reply(id, 10), reply(id, 20), reply(id, 30)]
      const after = reply(id, 400)
      await append(before)
      await kit.store.markRead(id, 'user', undefined, at(5))
      await append(...burst)
      const each = () => Promise.all(burst.map(async (m) => (await why(m.id))?.notification))
      expect(new Set((await each()).map((n) => n?.state))).toEqual(new Set(['pending']))
      await claim(DELAY_S)
      const due = await claimOne(10 + DELAY_S)
      for (const n of await each()) expect(n).toMatchObject({ state: 'claimed', replies: 3 })
      await handOver(due, 320)
      for (const n of await each()) expect(n).toMatchObject({ state: 'sending', updated_at: at(320) })
      await append(after)
      await settle(due, { state: 'sent' }, 330)
      for (const n of await each()) {
        expect(n).toMatchObject({ state: 'sent', updated_at: at(330), address: 'u@example.com', replies: 3 })
      }
      expect(await why(before.id)).toMatchObject({ read_at: at(5), notification: undefined })
      expect(await why(after.id)).toMatchObject({ notification: { state: 'pending', due_at: at(400 + DELAY_S) } })
    })

    it('shows how often it was refused, the last reason, and when it is tried again', async () => {
      const id = await chat('u')
      const one = reply(id, 0)
      await append(one)
      await settle(await claimOne(DELAY_S), retryAt(400), 301)
      const second = await claimOne(400)
      await settle(second, { state: 'retry', retry_at: at(500), reason: 'full' }, 401)
      const record = { refusals: 2, reason: 'full' }
      expect(await why(one.id)).toMatchObject({ notification: { ...record, state: 'pending', due_at: at(500) } })
      await settle(await claimOne(500), { state: 'failed', reason: 'no' }, 501)
      expect(await why(one.id)).toMatchObject({ notification: { state: 'failed', refusals: 3, reason: 'no' } })
    })

    it('shows the mail that covered the message, when an earlier one was skipped', async () => {
      const id = await chat('u')
      const [one, two] = [reply(id, 0), reply(id, 400)]
      await append(one)
      await kit.store.setArchived(id, true, at(100))
      await claim(DELAY_S)
      expect(await why(one.id)).toMatchObject({ archived_at: at(100), notification: { reason: 'archived' } })
      await kit.store.setArchived(id, false, at(350))
      await append(two)
      const due = await claimOne(400 + DELAY_S)
      await handOver(due, 700)
      await settle(due, { state: 'sent' }, 701)
      for (const m of [one, two]) {
        expect(await why(m.id)).toMatchObject({ notification: { state: 'sent', replies: 2 } })
      }
    })
  })

  describe(`${name}: notifications to staff`, () => {
    /** A message of the user, `seconds` after T0 */
    const question = (id: string, seconds: number, more: Partial<NewMessage> = {}) =>
      message(id, { created_at: at(seconds), notify_at: at(seconds + DELAY_S), ...more })
    const claimWaiting = (seconds: number) =>
      kit.store.claimNotifications({ kind: 'waiting', at: at(seconds), delay: DELAY, lease: LEASE, limit: 20 })
    const waiting = async (seconds: number) => (await claimWaiting(seconds)).due
    const waitingOne = async (seconds: number): Promise<DueNotification> =>
      (await waiting(seconds))[0] ?? expect.fail(`nothing waited at ${seconds} s`)

    it('are due for a burst of a user, whatever address the user has, and beside those to the user', async () => {
      const id = await chat('u', '')
      await append(question(id, 0), question(id, 10, { content: 'newest' }))
      await kit.store.unsubscribe('u', at(11))
      expect(await kit.store.nextNotification('waiting')).toBe(at(DELAY_S))
      expect(await kit.store.nextNotification('reply')).toBeUndefined()
      expect(await claim(DELAY_S)).toEqual([])
      expect(await waiting(DELAY_S - 0.001)).toEqual([])
      expect(await waiting(DELAY_S)).toMatchObject([
        { kind: 'waiting', chat_id: id, unread: 2, person: { id: 'u' }, message: { content: 'newest' } },
      ])
      await append(reply(id, 20))
      expect(await kit.store.nextNotification('reply')).toBe(at(20 + DELAY_S))
    })

    it('are not made for messages that nobody asked to be told of', async () => {
      await append(message(await chat('u')))
      expect(await kit.store.nextNotification('waiting')).toBeUndefined()
    })

    const ATTENDING = [
      ['viewed', 'read', (id: string) => kit.store.markRead(id, 'admin', undefined, at(299))],
      ['archived', 'archived', (id: string) => kit.store.setArchived(id, true, at(299))],
      ['answered', 'read', (id: string) => append(reply(id, 299, { notify_at: null }))],
    ] as const
    it.each(ATTENDING)(
      'are dropped when it was %s in the last second, or before the handover',
      async (_how, reason, act) => {
        const [early, late] = [await chat('early'), await chat('late')]
        const [one, two] = [question(early, 0), question(late, 0)]
        await append(one, two)
        await act(early)
        const due = await waiting(DELAY_S)
        expect(due).toMatchObject([{ chat_id: late }])
        await act(late)
        expect(await handOver(due[0] ?? expect.fail(), DELAY_S)).toBe(false)
        for (const { id } of [one, two])
          expect(await why(id)).toMatchObject({ sender_type: 'user', notification: { state: 'skipped', reason } })
        expect(await kit.store.nextNotification('waiting')).toBeUndefined()
      },
    )

    it('are about what came after the answer or the last view, each message with its full delay', async () => {
      const id = await chat('u')
      await append(question(id, 0), reply(id, 100, { notify_at: null }), question(id, 200))
      expect(await waiting(DELAY_S)).toEqual([])
      expect(await kit.store.nextNotification('waiting')).toBe(at(200 + DELAY_S))
      expect(await waiting(200 + DELAY_S)).toMatchObject([{ unread: 1, message: { seq: 3 } }])
    })

    it('are left alone while those are online who have the chat, or anybody where nobody has it', async () => {
      const chats = new Map<string, string>()
      for (const [i, assignee] of ['kim', 'Kim', 'sam', null].entries()) {
        const id = await chat(`u${i}`)
        chats.set(id, assignee ?? 'nobody')
        await append(question(id, i))
        const to = assignee === null ? null : { id: assignee, name: null }
        if (to) await kit.store.assign(id, { assignee: to, actor: null, at: at(i) })
      }
      const whose = async (online?: string[]) => {
        const query = { kind: 'waiting', at: at(DELAY_S + 10), delay: DELAY, lease: LEASE, limit: 20, online } as const
        return (await kit.store.claimNotifications(query)).due.map(({ chat_id }) => chats.get(chat_id))
      }
      expect(await whose(['kim', 'sam', 'someone', 'Kim'])).toEqual([])
      expect(await whose(['sam', 'kim'])).toEqual(['Kim'])
      expect(await whose(['sam'])).toEqual(['kim'])
      expect(await kit.store.nextNotification('waiting')).toBe(at(2 + DELAY_S))
      expect(await whose()).toEqual(['sam', 'nobody'])
    })

    it('are claimed once, handed over once, and told of once when their sender is lost', async () => {
      const id = await chat('u')
      const one = question(id, 0)
      await append(one)
      const claims = (await Promise.all([waiting(DELAY_S), waiting(DELAY_S)])).flat()
      expect(claims).toHaveLength(1)
      const [due] = claims
      if (!due) return expect.fail()
      expect((await Promise.all([handOver(due, 310), handOver(due, 310)])).sort()).toEqual([false, true])
      expect(await claimWaiting(310 + LEASE_S)).toMatchObject({ due: [], lost: [{ chat_id: id, message_id: one.id }] })
      expect(await why(one.id)).toMatchObject({ notification: { state: 'uncertain' } })
      await append(question(id, 500))
      expect(await waiting(500 + DELAY_S)).toMatchObject([{ unread: 1, message: { seq: 2 } }])
    })

    it('are due again when they were refused, and cover what came since; a later message is not told of twice', async () => {
      const id = await chat('u')
      const [one, two] = [question(id, 0), question(id, 320)]
      await append(one)
      const first = await waitingOne(DELAY_S)
      await handOver(first, DELAY_S)
      await append(two)
      await settle(first, retryAt(330), 321)
      const second = await waitingOne(330)
      expect(second).toMatchObject({ unread: 2, refusals: 0, message: { seq: 2 } })
      expect(await handOver(second, 330)).toBe(true)
      await settle(second, { state: 'sent' }, 331)
      for (const { id: messageId } of [one, two])
        expect(await why(messageId)).toMatchObject({ notification: { state: 'sent', replies: 2, address: null } })
      expect(await waiting(20_000)).toEqual([])
    })

    it('say of each message whether it was viewed, or answered', async () => {
      const id = await chat('u')
      const [viewed, answered, waits] = [question(id, 0), question(id, 10), question(id, 30)]
      await append(viewed)
      await kit.store.markRead(id, 'admin', undefined, at(5))
      await append(answered, reply(id, 20, { notify_at: null }), waits)
      expect(await why(viewed.id)).toMatchObject({ read_at: at(5), answered: true })
      expect(await why(answered.id)).toMatchObject({ read_at: null, answered: true })
      expect(await why(waits.id)).toMatchObject({ read_at: null, answered: false, notification: { state: 'pending' } })
    })

    it('are erased with their person, and their mails in the mailbox; skipped after a restore', async () => {
      const id = await chat('u')
      const other = await chat('other')
      const one = question(other, 0)
      await append(question(id, 0), one)
      const mail = {
        to: { name: '', address: 'kim@desk.example' },
        subject: 's',
        text: 't',
        html: 'h',
        created_at: at(1),
      }
      await kit.store.saveMail({ ...mail, id: uuid(1), headers: { [CHAT_HEADER]: id } })
      await kit.store.saveMail({ ...mail, id: uuid(2), headers: { [CHAT_HEADER]: other } })
      await kit.store.erasePerson('u')
      expect((await kit.store.listMails(9)).map((stored) => stored.id)).toEqual([uuid(2)])
      await kit.store.renewEpoch()
      expect(await waiting(DELAY_S)).toEqual([])
      expect(await why(one.id)).toMatchObject({ notification: { state: 'skipped', reason: 'restored' } })
    })
  })
}
