import { describe, expect, it } from 'vitest'
import type { DueNotification } from '../../server/ports/store/notifications.ts'
import type { Outbox } from '../../server/ports/store/outbox.ts'
import { TYPED_EVERY } from '../../server/ports/store/visitors.ts'
import { at, DELAY, DELAY_S, uuid, type Kit } from './kit.ts'

/** Ids in the order of their characters, which differs from that of words */
const visitor = (name: string): string => `visitor:${name.padEnd(43, '-')}`

export function visitorsConformance(name: string, kit: Kit): void {
  const { chat, message, reply, append } = kit

  describe(`${name}: idle visitors`, () => {
    it('are those who neither came nor got a message for long, a bounded part at a time, and never others', async () => {
      const { store } = kit
      const old = at(-1000)
      await store.savePeople(
        ['a', 'B', '_', '0', 'left'].map((of) => ({ id: visitor(of), email: '', name: null })),
        old,
      )
      for (const id of ['visitor', 'visito', 'visitorx', 'zed', 'ada'])
        await store.savePeople([{ id, email: '', name: null }], old)
      // Their chats are as new as their last message, whoever wrote it
      for (const [of, said] of [
        ['a', at(-900)],
        ['B', at(10)],
        ['_', at(-900)],
      ] as const) {
        const opened = await store.openChat(visitor(of), crypto.randomUUID(), old)
        await append(
          message(opened.id, { sender_id: visitor(of), created_at: old }),
          reply(opened.id, 0, { created_at: said }),
        )
      }
      await chat(visitor('here'))
      const look = (after: string, limit: number) => store.idleVisitors({ after, limit, before: at(-500) })
      expect(await look('', 3)).toEqual({ ids: ['0', '_'].map(visitor), last: visitor('_') })
      expect(await look(visitor('_'), 3)).toEqual({ ids: ['a', 'left'].map(visitor), last: visitor('left') })
      expect(await look(visitor('left'), 3)).toEqual({ ids: [], last: null })
    })
  })

  describe(`${name}: mails to an address that visitors typed`, () => {
    const TYPED = 'typed@example.com'
    const DAY_S = TYPED_EVERY / 1000
    const claim = async (seconds: number) =>
      (await kit.store.claimNotifications({ kind: 'reply', at: at(seconds), delay: DELAY, lease: 60_000, limit: 9 }))
        .due
    /** A chat with a reply, `seconds` after T0 */
    async function replied(user: string, seconds: number): Promise<string> {
      const id = await chat(user, TYPED)
      await append(reply(id, seconds))
      return id
    }
    async function send(due: DueNotification, seconds: number, state: 'sent' | 'uncertain' = 'sent'): Promise<boolean> {
      const isTaken = await kit.store.handOverNotification(due, at(seconds), 60_000)
      if (isTaken) await kit.store.settleNotification(due, { state, reason: '' }, at(seconds))
      return isTaken
    }
    const next = () => kit.store.nextNotification('reply')

    it('go there once a day, whoever of them it is about; accounts with that address get all of theirs', async () => {
      const [one, two, own] = [
        await replied(visitor('one'), 0),
        await replied(visitor('two'), 0),
        await replied('ada', 0),
      ]
      // Two are claimed before either is sent
      const due = await claim(DELAY_S)
      const of = (id: string) => due.find(({ chat_id }) => chat_id === id) ?? expect.fail('not claimed')
      expect([await send(of(one), 301), await send(of(two), 302), await send(of(own), 303)]).toEqual([
        true,
        false,
        true,
      ])
      expect([await claim(304), await next()]).toEqual([[], at(301 + DAY_S)])
      // What comes meanwhile waits too
      await append(reply(one, 400))
      expect([await claim(400 + DELAY_S), await next()]).toEqual([[], at(301 + DAY_S)])
      const [later, ...others] = await claim(301 + DAY_S)
      expect([later?.unread, others.map(({ chat_id }) => chat_id)]).toEqual([1, [expect.any(String)]])
      if (later) expect(await send(later, 301 + DAY_S)).toBe(true)
    })

    it('may be tried again after a refusal, and count when nobody knows whether they came', async () => {
      await replied(visitor('one'), 0)
      const [first] = await claim(DELAY_S)
      if (!first) expect.fail('nothing is due')
      await kit.store.handOverNotification(first, at(301), 60_000)
      await kit.store.settleNotification(first, { state: 'retry', retry_at: at(330), reason: 'later' }, at(302))
      const [again] = await claim(330)
      if (!again) expect.fail('nothing is due')
      expect([again.id, await send(again, 331, 'uncertain')]).toEqual([first.id, true])
      await replied(visitor('two'), 400)
      expect([await claim(400 + DELAY_S), await next()]).toEqual([[], at(331 + DAY_S)])
    })

    it('stop for good where the owner of the address wants none, also after the visitor is erased', async () => {
      const { store } = kit
      const [one, own] = [await replied(visitor('one'), 0), await replied('ada', 0)]
      expect(await store.typedUnsubscribedAt(TYPED)).toBeNull()
      await store.unsubscribeTyped(TYPED, at(1))
      expect(await store.typedUnsubscribedAt(TYPED)).toBe(at(1))
      const due = await claim(DELAY_S)
      expect(due.map(({ chat_id }) => chat_id)).toEqual([own])
      for (const mail of due) await send(mail, DELAY_S)
      await store.erasePerson(visitor('one'))
      await store.forgetTyped(at(9_000))
      const two = await replied(visitor('two'), 400)
      expect([await claim(400 + DELAY_S), await store.typedUnsubscribedAt(TYPED)]).toEqual([[], at(1)])
      await store.resubscribeTyped(TYPED)
      await append(reply(two, 1_000))
      expect((await claim(1_000 + DELAY_S)).map(({ chat_id }) => chat_id)).toEqual([two])
      expect([one, await store.typedUnsubscribedAt(TYPED)]).toEqual([expect.any(String), null])
    })

    it('leave no address behind once the visitor is erased, or the turn is over; what others know of it stays', async () => {
      const { store } = kit
      await replied('ada', 0)
      const [ada] = await claim(DELAY_S)
      if (!ada) expect.fail('nothing is due')
      await send(ada, 301)
      await store.recordMailEvent(
        { reference: ada.id, address: TYPED, delivery: 'bounced', at: at(302), reason: null },
        at(303),
      )
      await store.unblockMail(TYPED, at(304))
      await replied(visitor('one'), 310)
      const [one] = await claim(310 + DELAY_S)
      if (!one) expect.fail('nothing is due')
      await send(one, 700)
      await store.recordMailEvent(
        { reference: one.id, address: TYPED, delivery: 'complained', at: at(701), reason: null },
        at(702),
      )
      await store.erasePerson(visitor('one'))
      expect(await store.mailBlock(TYPED)).toMatchObject({ kind: 'complained' })
      await store.unblockMail(TYPED, at(703))
      // The erased one took their turn along
      await replied(visitor('two'), 710)
      const [two] = await claim(710 + DELAY_S)
      if (!two) expect.fail('nothing is due')
      await send(two, 1_100)
      await store.forgetTyped(at(1_100))
      await replied(visitor('three'), 1_110)
      expect(await claim(1_110 + DELAY_S)).toEqual([])
      await store.forgetTyped(at(1_101))
      expect(await next()).toBe(at(1_100 + DAY_S))
    })

    it('stay stopped for their owner when the account is erased that the visitor became', async () => {
      const { store } = kit
      await store.savePeople([{ id: 'eve', email: 'eve@example.com', name: null }], at(0))
      await replied(visitor('one'), 0)
      const [one] = await claim(DELAY_S)
      if (!one) expect.fail('nothing is due')
      await send(one, 301)
      const event = { reference: one.id, delivery: 'complained' as const, at: at(302), reason: null }
      await store.recordMailEvent({ ...event, address: TYPED }, at(303))
      await store.blockMail('eve@example.com', { kind: 'bounced', at: at(304), reason: null }, at(304))
      expect(await store.mergeVisitor(visitor('one'), 'eve', at(400))).toBeDefined()
      await store.erasePerson('eve')
      expect(await store.mailBlock(TYPED)).toMatchObject({ kind: 'complained' })
      expect(await store.mailBlock('eve@example.com')).toBeNull()
    })
  })

  describe(`${name}: merging a visitor`, () => {
    const V = visitor('v')
    const OUTBOX: Outbox = { 'message.created': [uuid(1)] }
    const merge = (user: string, seconds = 900) => kit.store.mergeVisitor(V, user, at(seconds))
    const said = (chatId: string, content: string, seconds: number, more: object = {}) =>
      message(chatId, { sender_id: V, content, created_at: at(seconds), ...more })
    const list = async () => (await kit.store.listChats({ archived: false, limit: 9 })).map((row) => ({ ...row }))
    const claim = async (seconds: number) =>
      (await kit.store.claimNotifications({ kind: 'reply', at: at(seconds), delay: DELAY, lease: 60_000, limit: 9 }))
        .due

    it.each(['has no chat', 'has an empty chat'])('gives the chat itself to a user who %s', async (which) => {
      const { store } = kit
      const theirs = await chat(V, '')
      const [stored] = await append(said(theirs, 'Hello', 1, { client_id: 'c1' }), reply(theirs, 2))
      await store.savePeople([{ id: 'ada', email: 'ada@example.com', name: 'Ada' }], at(3))
      const own = which === 'has no chat' ? null : await chat('ada')
      if (own !== null) await store.setArchived(own, true, at(4), { outbox: { 'chat.archived': [uuid(1)] } })
      expect(await merge('ada')).toEqual({ chat_id: theirs, gone_chat_id: own })
      expect(await store.findChatOf('ada')).toMatchObject({ id: theirs, user_email: 'ada@example.com', last_seq: 2 })
      expect([await store.findPerson(V), await store.findChatOf(V)]).toEqual([undefined, undefined])
      if (own !== null) expect(await store.findChat(own)).toBeUndefined()
      // What was sent and not answered is sent again by the account
      const again = said(theirs, 'Hello', 5, { client_id: 'c1', sender_id: 'ada' })
      expect(await append(again)).toEqual([{ kind: 'repeated', message: stored?.kind === 'stored' && stored.message }])
      expect(await append(said(theirs, 'Late', 6))).toEqual([{ kind: 'no_chat' }])
      expect(await claim(900)).toMatchObject([{ chat_id: theirs, person: { id: 'ada', email: 'ada@example.com' } }])
      expect(await merge('ada')).toBeUndefined()
    })

    it('lets the messages follow those of the user’s chat: numbered, ascending in time, each as it was sent', async () => {
      const [own, theirs] = [await chat('ada'), await chat(V, '')]
      await append(message(own, { sender_id: 'ada', content: 'a1', created_at: at(10), client_id: 'same' }))
      await append(reply(own, 20, { content: 'a2', client_id: 'welcome' }))
      await append(
        said(theirs, 'v1', 1, { client_id: 'same' }),
        reply(theirs, 2, { content: 'v2', client_id: 'welcome' }),
        said(theirs, 'v3', 500, { client_id: 'other' }),
      )
      expect(await merge('ada')).toEqual({ chat_id: own, gone_chat_id: theirs })
      const all = await kit.all(own)
      expect(all.map((one) => [one.seq, one.content, one.client_id, one.created_at])).toEqual([
        [1, 'a1', 'same', at(10)],
        [2, 'a2', 'welcome', at(20)],
        [3, 'v1', null, at(20.001)],
        [4, 'v2', null, at(20.002)],
        [5, 'v3', 'other', at(500)],
      ])
      expect(await kit.store.messages(own, { since: at(20.001), limit: 9 })).toMatchObject({
        messages: [{ seq: 4 }, { seq: 5 }],
      })
      expect([await kit.all(theirs), await kit.store.findChat(theirs), await kit.store.findPerson(V)]).toEqual([
        [],
        undefined,
        undefined,
      ])
      const repeated = message(own, { sender_id: 'ada', content: 'v3', client_id: 'other' })
      expect(await append(repeated, said(theirs, 'v4', 600))).toMatchObject([
        { kind: 'repeated', message: { seq: 5 } },
        { kind: 'no_chat' },
      ])
      expect(await append(message(own, { sender_id: 'ada', created_at: at(501) }))).toMatchObject([
        { message: { seq: 6, created_at: at(501) } },
      ])
      expect(await list()).toMatchObject([
        { id: own, user_id: 'ada', message_count: 6, unread: true, last_message_sender: 'user' },
      ])
    })

    it('says who wrote last, of the visitor’s messages too', async () => {
      const [own, theirs] = [await chat('ada'), await chat(V, '')]
      await append(reply(own, 1, { sender_id: 'ana', sender_name: 'Ana' }))
      await append(said(theirs, 'v1', 2), reply(theirs, 3, { sender_name: 'Sam' }))
      await merge('ada')
      expect(await list()).toMatchObject([{ id: own, last_message_by: { id: 'sam', name: 'Sam' } }])
    })

    it('moves read marks on where nothing before is unread, and else leaves them', async () => {
      const { store } = kit
      for (const hasRead of [true, false]) {
        const user = `reads-${hasRead}`
        const [own, theirs] = [await chat(user), await chat(V, '')]
        await append(message(own, { sender_id: user }), reply(own, 2))
        await append(said(theirs, 'v1', 3), reply(theirs, 4), said(theirs, 'v3', 5))
        for (const side of ['user', 'admin'] as const) {
          if (hasRead) await store.markRead(own, side, undefined, at(6))
          await store.markRead(theirs, side, 2, at(7))
        }
        await merge(user)
        const { user_read_seq, user_read_at, admin_viewed_seq, admin_viewed_at } =
          (await store.findChat(own)) ?? expect.fail()
        const marks = [user_read_seq, user_read_at, admin_viewed_seq, admin_viewed_at]
        expect(marks).toEqual(hasRead ? [4, at(7), 4, at(7)] : [0, null, 0, null])
        expect(await store.countUnread(own)).toBe(hasRead ? 0 : 1)
        expect(await store.markRead(own, 'admin', undefined, at(8))).toEqual({ up_to_seq: 5, moved: true })
        expect((await kit.all(own)).map(({ read_at }) => read_at)).toEqual(
          hasRead ? [at(6), at(6), at(7), at(7), at(8)] : [at(8), null, at(7), at(7), at(8)],
        )
      }
    })

    it('unarchives the user’s chat, unless both were archived', async () => {
      for (const both of [true, false]) {
        const [own, theirs] = [await chat(`archived-${both}`), await chat(V, '')]
        await append(message(own, { sender_id: `archived-${both}` }), said(theirs, 'v1', 3))
        for (const id of both ? [own, theirs] : [own]) await kit.store.setArchived(id, true, at(4))
        await merge(`archived-${both}`)
        expect((await kit.store.findChat(own))?.archived_at).toBe(both ? at(4) : null)
      }
    })

    it.each([true, false])(
      'leaves one e-mail waiting, that about the oldest reply (%s: the user has one too)',
      async (hasOwn) => {
        const [own, theirs] = [await chat('ada'), await chat(V, '')]
        await append(hasOwn ? reply(own, 40) : message(own, { sender_id: 'ada', created_at: at(40) }))
        await append(said(theirs, 'v1', 1), reply(theirs, 2, { content: 'v2' }))
        await merge('ada', 50)
        expect(await kit.store.nextNotification('reply')).toBe(at(2 + DELAY_S))
        // Its time is that after the user's message
        const [due] = await claim(41 + DELAY_S)
        expect(due).toMatchObject({ chat_id: own, unread: hasOwn ? 2 : 1, message: { content: 'v2' } })
        expect(await kit.store.nextNotification('reply')).toBe(at(41 + DELAY_S + 60))
      },
    )

    it.each([true, false])(
      'leaves one e-mail to staff waiting, about all that waits in either chat (%s: in the account’s too)',
      async (hasOwn) => {
        const [own, theirs] = [await chat('ada'), await chat(V, '')]
        const waits = { notify_at: at(40 + DELAY_S) }
        await append(message(own, { sender_id: 'ada', created_at: at(40), ...(hasOwn ? waits : {}) }))
        await append(said(theirs, 'v1', 1, { notify_at: at(1 + DELAY_S) }))
        await merge('ada', 50)
        expect(await kit.store.nextNotification('waiting')).toBe(at(1 + DELAY_S))
        const query = { kind: 'waiting' as const, delay: DELAY, lease: 60_000, limit: 9 }
        expect((await kit.store.claimNotifications({ ...query, at: at(1 + DELAY_S) })).due).toEqual([])
        const { due } = await kit.store.claimNotifications({ ...query, at: at(41 + DELAY_S) })
        expect(due).toMatchObject([{ chat_id: own, unread: 2, message: { content: 'v1' } }])
      },
    )

    it('ends a mail that is on its way to the visitor: claimed, it does not go out; handed over, it was perhaps accepted', async () => {
      for (const isHandedOver of [false, true]) {
        const user = `mailed-${isHandedOver}`
        const [own, theirs] = [await chat(user), await chat(V, 'v@example.com')]
        const [first] = [reply(theirs, 2)]
        await append(message(own, { sender_id: user }), first)
        const [due] = await claim(2 + DELAY_S)
        if (!due) expect.fail('nothing was due')
        if (isHandedOver) await kit.store.handOverNotification(due, at(400), 60_000)
        await merge(user, 401)
        expect(await kit.store.handOverNotification(due, at(402), 60_000)).toBe(false)
        expect((await kit.store.settleNotification(due, { state: 'sent' }, at(403))) !== undefined).toBe(isHandedOver)
        const account = await kit.store.explainNotification(first.id)
        expect(account?.notification).toMatchObject(isHandedOver ? { state: 'sent', replies: 1 } : { state: 'pending' })
        // Whether somebody is told of the same reply again
        expect((await claim(900)).map(({ chat_id }) => chat_id)).toEqual(isHandedOver ? [] : [own])
      }
    })

    it('puts the webhooks behind those of the user’s chat, and loses none', async () => {
      const query = { endpoint: uuid(1), lease: 30_000, limit: 9 }
      for (const isSending of [false, true]) {
        const user = `told-${isSending}`
        const [own, theirs] = [await chat(user), await chat(V, '')]
        await kit.store.appendMessages(
          [message(own, { sender_id: user, content: 'a1' }), message(own, { sender_id: user, content: 'a2' })],
          OUTBOX,
        )
        await kit.store.appendMessages([said(theirs, 'v1', 3), said(theirs, 'v2', 4)], OUTBOX)
        if (isSending) expect(await kit.store.claimWebhooks({ ...query, at: at(5) })).toHaveLength(2)
        await merge(user, 6)
        const told: unknown[] = []
        for (let second = 60; ; second++) {
          const due = await kit.store.claimWebhooks({ ...query, at: at(second) })
          if (due.length === 0) break
          expect(due).toHaveLength(1)
          for (const one of due) {
            told.push([one.chat.id, one.chat.user_id, one.message?.content])
            await kit.store.settleWebhook(one, { state: 'delivered', status: 204 }, at(second))
          }
        }
        expect(told).toEqual(['a1', 'a2', 'v1', 'v2'].map((content) => [own, user, content]))
      }
    })

    it('keeps what staff did with a chat in which nothing was written, and changes nothing else', async () => {
      const SAM = { id: 'sam', name: 'Sam' }
      const kinds = async (id: string) =>
        (await kit.store.activities(id, { after: 0, limit: 9 })).activities.map(({ kind }) => kind)
      const noted = async (user: string) => {
        const id = await chat(user)
        await kit.store.addNote({ chat_id: id, content: 'n', actor: SAM, client_id: null, created_at: at(1) })
        return id
      }
      // Of somebody who has no chat yet, and of somebody whose chat is in the archive
      const first = await noted('old')
      await kit.store.savePeople([{ id: 'new', email: '', name: null }], at(2))
      expect(await kit.store.mergeVisitor('old', 'new', at(3))).toEqual({ chat_id: first, gone_chat_id: null })
      expect(await kinds(first)).toEqual(['note'])
      const [second, own] = [await noted('past'), await chat('ada')]
      await kit.store.setBlocked(second, true, { actor: SAM, at: at(2) })
      await append(message(own, { sender_id: 'ada', content: 'Hello', answer_at: at(5) }))
      await kit.store.setArchived(own, true, at(4))
      const [before] = await kit.store.listItems([own])
      expect(await kit.store.mergeVisitor('past', 'ada', at(6))).toEqual({ chat_id: own, gone_chat_id: second })
      expect((await kinds(own)).slice(0, 3)).toEqual(['archived', 'note', 'blocked'])
      const [after] = await kit.store.listItems([own])
      expect(after).toEqual({ ...before, blocked_at: at(2) })
      expect(await kit.store.nextAnswer()).toBe(at(5))
    })

    it('does nothing for a visitor who wrote nothing, for nobody, and into nobody', async () => {
      const empty = await chat(V, '')
      await chat('ada')
      expect(await merge('ada')).toBeUndefined()
      await append(said(empty, 'Hello', 1))
      expect(await merge('nobody')).toBeUndefined()
      expect(await kit.store.mergeVisitor(visitor('x'), 'ada', at(2))).toBeUndefined()
      expect(await kit.all(empty)).toHaveLength(1)
    })

    it('happens once, whoever asks at the same time, while all sides write', async () => {
      const users = ['ada', 'bob', 'eve']
      const chats = await Promise.all(users.map((user) => chat(user)))
      const theirs = await chat(V, '')
      await append(...chats.map((id, i) => message(id, { sender_id: users[i] ?? '' })), said(theirs, 'v1', 1))
      const writes = Array.from({ length: 12 }, (_, i) =>
        Promise.all([
          append(said(theirs, `v${i}`, 10 + i)),
          append(message(chats[i % 3] ?? '', { sender_id: users[i % 3] ?? '', content: 'own' })),
        ]),
      )
      const merged = await Promise.all(users.flatMap((user) => [merge(user), merge(user)]))
      const stored = (await Promise.all(writes)).flat(2).filter(({ kind }) => kind === 'stored')
      expect(merged.filter(Boolean)).toHaveLength(1)
      const all = await Promise.all(chats.map((id) => kit.all(id)))
      expect(all.flat()).toHaveLength(4 + stored.length)
      for (const messages of all) {
        expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, i) => i + 1))
        const times = messages.map(({ created_at }) => created_at)
        expect(times).toEqual([...new Set(times)].sort())
      }
    })
  })
}
