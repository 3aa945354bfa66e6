import { describe, expect, it } from 'vitest'
import type { DueAnswer } from '../../server/ports/store/answers.ts'
import type { NewMessage } from '../../server/ports/store/messages.ts'
import { at, uuid, type Kit } from './kit.ts'

export function answersConformance(name: string, kit: Kit): void {
  const { chat, message, reply, append, all } = kit
  const LEASE_S = 10
  const asked = (id: string, seconds: number, more: Partial<NewMessage> = {}) =>
    message(id, { created_at: at(seconds), answer_at: at(seconds), ...more })
  const claim = (seconds: number, limit = 9) =>
    kit.store.claimAnswers({ at: at(seconds), lease: LEASE_S * 1000, limit })
  const answer = (id: string, seq: number, more: Partial<NewMessage> = {}) =>
    reply(id, 5, { sender_id: 'assistant', client_id: `to-${seq}`, automated: true, answers_seq: seq, ...more })
  const kinds = (outcomes: { kind: string }[]) => outcomes.map(({ kind }) => kind)
  const activities = async (id: string) =>
    (await kit.store.activities(id, { after: 0, limit: 99 })).activities.map(({ kind, body }) => ({ kind, body }))
  const offSince = async (id: string) => (await kit.store.findChat(id))?.assistant_off_at ?? null

  describe(`${name}: answers`, () => {
    it('are due to the last message of a user alone, and taken up by one node', async () => {
      const [id, other] = [await chat('u'), await chat('v')]
      await append(asked(id, 1), asked(id, 2), asked(other, 3, { sender_id: 'v' }), message(other, { sender_id: 'v' }))
      expect(await kit.store.nextAnswer()).toBe(at(2))
      expect(await claim(1)).toEqual([])
      const all = (await Promise.all([claim(4), claim(4), claim(4)])).flat()
      expect(all).toEqual([{ chat_id: id, seq: 2, claim: 1 }])
      expect(await kit.store.nextAnswer()).toBe(at(4 + LEASE_S))
      // Its node died
      expect(await claim(4 + LEASE_S)).toEqual([{ chat_id: id, seq: 2, claim: 2 }])
    })

    it('of which a batch and a limit may ask for many are taken up in the order in which they are due', async () => {
      const ids = [await chat('u'), await chat('v'), await chat('w')]
      const who = ['u', 'v', 'w']
      await append(...ids.map((id, i) => asked(id, 9 - i, { sender_id: who[i] ?? '' })))
      expect((await claim(20, 2)).map(({ chat_id }) => chat_id)).toEqual([ids[2], ids[1]])
    })

    it('are stored once for each message, however many are given at once, and marked as automated', async () => {
      const id = await chat('u')
      await append(asked(id, 1))
      const [due] = await claim(2)
      const given = await Promise.all([1, 2, 3].map((n) => append(answer(id, 1, { client_id: `by-${n}` }))))
      expect(given.flatMap(kinds).toSorted()).toEqual(['overtaken', 'overtaken', 'stored'])
      const stored = (await all(id)).at(-1)
      expect(stored).toMatchObject({ seq: 2, sender_type: 'admin', automated: true })
      expect((await all(id))[0]).not.toHaveProperty('automated')
      // The same one again, as after an answer of the database that was lost
      expect(await append(answer(id, 1, { client_id: stored?.client_id ?? null }))).toEqual([
        { kind: 'repeated', message: stored },
      ])
      expect(await kit.store.renewAnswer(due as DueAnswer, at(50))).toBe(false)
      expect(await claim(100)).toEqual([])
      expect(await kit.store.nextAnswer()).toBeUndefined()
    })

    it('are overtaken by a later message, and that one is to be answered', async () => {
      const id = await chat('u')
      await append(asked(id, 1))
      const [due] = await claim(2)
      expect(await kit.store.renewAnswer(due as DueAnswer, at(30))).toBe(true)
      expect(await kit.store.nextAnswer()).toBe(at(30))
      await append(asked(id, 3))
      expect(await kit.store.renewAnswer(due as DueAnswer, at(31))).toBe(false)
      expect(kinds(await append(answer(id, 1)))).toEqual(['overtaken'])
      // The node of the first one must not forget the second one
      await kit.store.forgetAnswer(due as DueAnswer)
      const [second] = await claim(4)
      expect(second).toEqual({ chat_id: id, seq: 2, claim: 1 })
      await kit.store.forgetAnswer(second as DueAnswer)
      expect(await kit.store.nextAnswer()).toBeUndefined()
      // In one batch, before and after
      expect(kinds(await append(answer(id, 2), asked(id, 6), answer(id, 2, { client_id: 'late' })))).toEqual([
        'stored',
        'stored',
        'overtaken',
      ])
    })

    it.each<[string, (id: string) => Promise<unknown>]>([
      ['replies', (id) => append(reply(id, 4))],
      [
        'is given the chat',
        (id) => kit.store.assign(id, { assignee: { id: 'sam', name: null }, actor: null, at: at(4) }),
      ],
      ['is asked for', (id) => kit.store.handOver(id, { by: 'user', at: at(4), notify_at: null })],
      ['archives the chat', (id) => kit.store.setArchived(id, true, at(4))],
    ])('are not given once a person of staff %s', async (_, takeOver) => {
      const id = await chat('u')
      await append(asked(id, 1))
      const [due] = await claim(2)
      await takeOver(id)
      expect(await kit.store.renewAnswer(due as DueAnswer, at(30))).toBe(false)
      const { last_seq } = (await kit.store.findChat(id)) ?? expect.fail()
      expect(kinds(await append(answer(id, 1), answer(id, last_seq)))).toEqual(['overtaken', 'overtaken'])
      expect(await claim(100)).toEqual([])
    })

    it('go on after a note, and when a chat is given to nobody', async () => {
      const id = await chat('u')
      await append(asked(id, 1))
      const actor = { id: 'sam', name: null }
      await kit.store.addNote({ chat_id: id, content: 'n', actor, client_id: null, created_at: at(2) })
      await kit.store.assign(id, { assignee: null, actor, at: at(3) })
      expect(await claim(4)).toHaveLength(1)
      expect(kinds(await append(answer(id, 1)))).toEqual(['stored'])
      expect(await offSince(id)).toBeNull()
    })

    it('begin again when a message brings the chat back from the archive', async () => {
      const id = await chat('u')
      await append(asked(id, 1), reply(id, 2), asked(id, 3))
      expect(await offSince(id)).toBe(at(2))
      expect(await claim(4)).toEqual([])
      await kit.store.setArchived(id, true, at(5))
      await append(asked(id, 6))
      expect(await offSince(id)).toBeNull()
      expect(await claim(7)).toHaveLength(1)
      // Whoever asks for a person while it is there waits for one
      await kit.store.setArchived(id, true, at(8))
      await kit.store.handOver(id, { by: 'user', at: at(9), notify_at: null })
      await append(asked(id, 10))
      expect(await claim(11)).toEqual([])
    })

    it('are given by a person who is asked for while the chat is in the archive, also where one answered before', async () => {
      const id = await chat('u')
      await append(asked(id, 1), reply(id, 2))
      await kit.store.setArchived(id, true, at(3))
      const handed = await kit.store.handOver(id, { by: 'user', at: at(4), notify_at: null })
      expect(handed).toMatchObject({ kind: 'handed_over', body: { by: 'user' } })
      expect(await offSince(id)).toBe(at(4))
      await kit.store.setArchived(id, false, at(4))
      expect(await kit.store.handOver(id, { by: 'user', at: at(5), notify_at: null })).toBeUndefined()
    })

    it('may hand the chat over, once, which staff see', async () => {
      const id = await chat('u')
      await append(asked(id, 1))
      const [outcome] = await append(answer(id, 1, { hands_over: true }))
      expect(outcome).toMatchObject({ kind: 'stored', handed_over: { seq: 1, kind: 'handed_over', actor_id: null } })
      expect(await kit.store.handOver(id, { by: 'user', at: at(7), notify_at: null })).toBeUndefined()
      expect(await activities(id)).toEqual([{ kind: 'handed_over', body: { by: 'assistant' } }])
      await append(asked(id, 8))
      expect(await claim(9)).toEqual([])
      for (const none of [uuid(0xffff), 'nonsense'])
        expect(await kit.store.handOver(none, { by: 'user', at: at(1), notify_at: null })).toBeUndefined()
    })

    it('are no more asked for by a message that killed three nodes', async () => {
      await append(asked(await chat('u'), 1))
      for (const n of [1, 2, 3]) expect(await claim(n * 100)).toMatchObject([{ claim: n }])
      expect(await claim(400)).toEqual([])
      expect(await kit.store.nextAnswer()).toBeUndefined()
    })

    it('end the wait of a user, and do not count as replies of staff, unless they hand the chat over', async () => {
      const counted = async () =>
        (await kit.store.numbers('2026-03-02', '2026-03-02')).flatMap(({ kind, n }) => (kind === 'wait' ? n : []))
      const id = await chat('u')
      await append(asked(id, 1))
      await append(answer(id, 1))
      await append(reply(id, 6))
      expect(await counted()).toEqual([])
      const other = await chat('v')
      await append(asked(other, 1, { sender_id: 'v' }))
      await append(answer(other, 1, { hands_over: true }))
      await append(reply(other, 6))
      expect(await counted()).toEqual([1])
      // Who waits for a person does not wait less because a bot writes
      const third = await chat('w')
      await append(asked(third, 1, { sender_id: 'w' }))
      await kit.store.handOver(third, { by: 'user', at: at(2), notify_at: null })
      await append(reply(third, 5, { sender_id: 'bot', automated: true }), reply(third, 6))
      expect(await counted()).toEqual([2])
    })

    it('keep the e-mail to staff away until a person is asked for', async () => {
      const due = async (seconds: number) =>
        (await kit.store.claimNotifications({ kind: 'waiting', at: at(seconds), delay: 5_000, lease: 9_000, limit: 9 }))
          .due
      const id = await chat('u')
      await append(asked(id, 1, { notify_at: at(6) }))
      await append(answer(id, 1))
      expect(await due(7)).toEqual([])
      await kit.store.handOver(id, { by: 'user', at: at(10), notify_at: at(15) })
      expect(await due(14)).toEqual([])
      expect(await due(16)).toMatchObject([{ chat_id: id, unread: 1 }])
    })

    it('of a visitor follow the chat to the account, and are erased with their user', async () => {
      const [theirs, own] = [await chat('visitor:v'), await chat('u')]
      await append(asked(own, 1), asked(theirs, 2, { sender_id: 'visitor:v' }))
      const claimed = await claim(3)
      await kit.store.mergeVisitor('visitor:v', 'u', at(4))
      for (const one of claimed) expect(await kit.store.renewAnswer(one, at(9))).toBe(false)
      expect(await claim(5)).toEqual([{ chat_id: own, seq: 2, claim: 1 }])
      expect(kinds(await append(answer(own, 2)))).toEqual(['stored'])
      await append(asked(own, 9))
      await kit.store.erasePerson('u')
      expect(await kit.store.nextAnswer()).toBeUndefined()
    })

    it('to a person stay off when a visitor’s chat comes to it', async () => {
      const [theirs, own] = [await chat('visitor:v'), await chat('u')]
      await append(asked(own, 1), reply(own, 2), asked(theirs, 3, { sender_id: 'visitor:v' }))
      await kit.store.mergeVisitor('visitor:v', 'u', at(4))
      expect(await offSince(own)).toBe(at(2))
      expect(await claim(5)).toEqual([])
    })

    it('to a person who was given the chat before its user wrote stay off when a visitor’s chat takes its place', async () => {
      const [theirs, own] = [await chat('visitor:v'), await chat('u')]
      await kit.store.assign(own, { assignee: { id: 'sam', name: null }, actor: null, at: at(1) })
      await append(asked(theirs, 2, { sender_id: 'visitor:v' }))
      await kit.store.mergeVisitor('visitor:v', 'u', at(3))
      expect(await offSince(theirs)).toBe(at(1))
      expect(await claim(5)).toEqual([])
    })
  })
}
