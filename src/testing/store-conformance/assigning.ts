import { describe, expect, it } from 'vitest'
import type { Assignee } from '../../protocol/types.ts'
import type { Assigning } from '../../server/ports/store/chats.ts'
import { at, uuid, type Kit } from './kit.ts'

const SAM = { id: 'sam', name: 'Sam' }
const ANNA = { id: 'Anna', name: null }

export function assigningConformance(name: string, kit: Kit): void {
  const { chat, message, reply, append } = kit

  const assign = (chatId: string, assignee: Assigning['assignee'], seconds = 2, actor: Assigning['actor'] = SAM) =>
    kit.store.assign(chatId, { assignee, actor, at: at(seconds) })
  const written = async (user: string): Promise<string> => {
    const id = await chat(user)
    await append(message(id, { sender_id: user }))
    return id
  }
  /** As every place that tells of it has it */
  async function assigneeOf(id: string): Promise<Assignee | null> {
    const [row] = await kit.store.listItems([id])
    const record = await kit.store.findChat(id)
    const [again] = await kit.store.findChats([id])
    const from = (one: typeof record): Assignee | null | undefined =>
      one && (one.assignee_id === null ? null : { id: one.assignee_id, name: one.assignee_name })
    expect([from(record), from(again)]).toEqual([row?.assignee, row?.assignee])
    return row?.assignee ?? null
  }
  const told = async (id: string) =>
    (await kit.store.activities(id, { after: 0, limit: 100 })).activities.flatMap((one) =>
      one.kind === 'assigned' ? [[one.seq, one.actor_id, one.body.assignee_id, one.body.by_reply]] : [],
    )
  const list = async (assignee: string | null | undefined, archived = false) =>
    (await kit.store.listChats({ archived, limit: 9, assignee })).map(({ id }) => id)

  describe(`${name}: assignment`, () => {
    it('is of one member of staff or of nobody, with the activity of each change and of nothing else', async () => {
      const [id, other] = [await written('u'), await written('v')]
      expect(await assigneeOf(id)).toBeNull()
      const first = await assign(id, SAM)
      expect(first).toMatchObject({ seq: 1, actor_id: 'sam', actor_name: 'Sam', created_at: at(2), client_id: null })
      expect(await assign(id, { ...SAM, name: 'Samuel' }, 3)).toBeUndefined()
      expect(await assigneeOf(id)).toEqual(SAM)
      await assign(id, ANNA, 4)
      expect(await assigneeOf(id)).toEqual(ANNA)
      await assign(id, null, 5, null)
      expect(await assign(id, null, 6)).toBeUndefined()
      expect([await assigneeOf(id), await assigneeOf(other)]).toEqual([null, null])
      expect(await told(id)).toEqual([
        [1, 'sam', 'sam', false],
        [2, 'sam', 'Anna', false],
        [3, null, null, false],
      ])
      expect([await assign(uuid(7), SAM), await assign('nonsense', SAM)]).toEqual([undefined, undefined])
      expect((await kit.all(id)).length).toBe(1)
    })

    it('goes from one person to another only where that one has it still, if the caller says so', async () => {
      const id = await written('u')
      const move = async (from: string, assignee: Assigning['assignee']) =>
        (await kit.store.assign(id, { assignee, from, actor: null, at: at(3) })) !== undefined
      expect(await move('sam', ANNA)).toBe(false)
      await assign(id, SAM)
      expect([await move('Sam', null), await move('sam', SAM), await move('Anna', null)]).toEqual([false, false, false])
      expect(await assigneeOf(id)).toEqual(SAM)
      expect([await move('sam', null), await move('sam', null)]).toEqual([true, false])
      expect(await assigneeOf(id)).toBeNull()
      expect(await told(id)).toHaveLength(2)
    })

    it('is, after many at once, what the last activity says', async () => {
      const id = await written('u')
      const people = [SAM, ANNA, null, { id: 'bob', name: 'Bob' }]
      await Promise.all(Array.from({ length: 24 }, (_, i) => assign(id, people[i % people.length] ?? null)))
      const changes = await told(id)
      expect((await assigneeOf(id))?.id ?? null).toBe(changes.at(-1)?.[2])
      // Each one changed something
      expect(changes.filter(([, , who], i) => who === changes[i - 1]?.[2])).toEqual([])
    })

    it('goes to who replies to a chat that nobody has, where the reply says so, once', async () => {
      const [id, other] = [await written('u'), await written('v')]
      const takes = { takes_chat: true, sender_name: 'Sam' }
      const outcomes = await append(
        reply(id, 3),
        reply(id, 4, { ...takes, client_id: 'r' }),
        reply(id, 5, { ...takes, sender_id: 'Anna' }),
        // Of a user it means nothing
        message(other, { sender_id: 'v', takes_chat: true }),
      )
      const taken = { kind: 'assigned', seq: 1, actor_id: 'sam', created_at: at(4) }
      expect(outcomes.map((one) => one.kind === 'stored' && one.taken)).toEqual([
        null,
        expect.objectContaining(taken),
        null,
        null,
      ])
      expect([await assigneeOf(id), await told(id)]).toEqual([SAM, [[1, 'sam', 'sam', true]]])
      expect([await assigneeOf(other), await told(other)]).toEqual([null, []])
      await assign(id, null)
      expect(await append(reply(id, 4, { ...takes, client_id: 'r' }))).toMatchObject([{ kind: 'repeated' }])
      expect(await assigneeOf(id)).toBeNull()
    })

    it('and a return from the archive in one batch are two entries, in order', async () => {
      const id = await written('u')
      await kit.store.setArchived(id, true, at(2))
      await append(message(id, { created_at: at(3) }), reply(id, 4, { takes_chat: true }))
      const all = (await kit.store.activities(id, { after: 0, limit: 9 })).activities
      expect(all.map(({ seq, kind }) => [seq, kind])).toEqual([
        [1, 'archived'],
        [2, 'unarchived'],
        [3, 'assigned'],
      ])
      expect((await kit.store.findChat(id))?.last_activity_seq).toBe(3)
    })

    it('filters both lists, page by page in their order, and stays where a chat goes', async () => {
      const ids: string[] = []
      for (const [i, whose] of [SAM, null, SAM, ANNA, null, SAM].entries()) {
        const id = await chat(`u${i}`)
        ids.push(id)
        await append(message(id, { sender_id: `u${i}`, created_at: at(i) }))
        await assign(id, whose)
      }
      await assign(await chat('silent'), SAM)
      const [a = '', b = '', c = '', d = '', e = '', f = ''] = ids
      expect([await list('sam'), await list('Anna'), await list(null), await list('anna')]).toEqual([
        [f, c, a],
        [d],
        [e, b],
        [],
      ])
      expect(await list(undefined)).toEqual([f, e, d, c, b, a])
      const first = await kit.store.listChats({ archived: false, limit: 2, assignee: 'sam' })
      const cursor = { key: first[1]?.last_message_at ?? '', id: first[1]?.id ?? '' }
      const rest = await kit.store.listChats({ archived: false, limit: 2, assignee: 'sam', cursor })
      expect([...first, ...rest].map(({ id }) => id)).toEqual([f, c, a])
      await kit.store.setArchived(c, true, at(20))
      expect([await list('sam'), await list('sam', true), await list(null, true)]).toEqual([[f, a], [c], []])
      await append(message(c, { sender_id: 'u2', created_at: at(30) }))
      expect(await list('sam')).toEqual([c, f, a])
    })

    it('of a visitor’s chat stays with their account’s, and otherwise that of the account does', async () => {
      const V = `visitor:${'v'.padEnd(43, '-')}`
      const cases = [
        { own: SAM, theirs: ANNA, now: ANNA, tells: true },
        { own: SAM, theirs: null, now: SAM, tells: true },
        { own: null, theirs: ANNA, now: ANNA, tells: true },
        { own: ANNA, theirs: ANNA, now: ANNA, tells: false },
      ]
      for (const [i, { own, theirs, now, tells }] of cases.entries())
        for (const hasMessages of [true, false]) {
          const user = `ada${i}${hasMessages}`
          const [account, visited] = [await chat(user), await chat(V, '')]
          if (hasMessages) await append(message(account, { sender_id: user }))
          await append(message(visited, { sender_id: V }))
          await assign(account, own)
          await assign(visited, SAM)
          await assign(visited, theirs)
          const merged = await kit.store.mergeVisitor(V, user, at(40))
          const id = merged?.chat_id ?? expect.fail()
          const before = (await told(id)).slice(0, tells ? -1 : undefined)
          expect([i, hasMessages, await assigneeOf(id)]).toEqual([i, hasMessages, now])
          expect((await told(id)).at(-1)?.[2]).toBe(now.id)
          expect(before.every(([, actor]) => actor === 'sam')).toBe(true)
          if (tells) expect((await told(id)).at(-1)?.[1]).toBeNull()
        }
    })
  })

  describe(`${name}: colleagues`, () => {
    it('are who was seen, by their last name, the latest first where there are many', async () => {
      const { store } = kit
      await store.saveColleagues([SAM, { id: 'sam', name: 'Samuel' }], at(0))
      await store.saveColleagues([ANNA, { id: 'bob', name: 'Bob "the" Ünïcode' }], at(60))
      await store.saveColleagues([], at(90))
      expect(await store.findColleague('sam')).toEqual({ id: 'sam', name: 'Samuel', last_seen_at: at(0) })
      expect([await store.findColleague('Sam'), await store.findColleague('nobody')]).toEqual([undefined, undefined])
      const ids = async (limit: number) => (await store.colleagues(limit)).map(({ id }) => id).sort()
      expect([await ids(9), await ids(2)]).toEqual([
        ['Anna', 'bob', 'sam'],
        ['Anna', 'bob'],
      ])
      // The time moves by the minute, but for those who were signed out meanwhile
      await store.saveColleagues([{ id: 'sam', name: 'Samuel' }], at(20))
      expect(await store.findColleague('sam')).toMatchObject({ last_seen_at: at(0) })
      await store.saveColleagues([{ id: 'sam', name: 'Samuel', returned: true }], at(30))
      expect(await store.findColleague('sam')).toMatchObject({ last_seen_at: at(30) })
      await store.saveColleagues([{ id: 'sam', name: 'Samuel', returned: true }], at(25))
      expect(await store.findColleague('sam')).toMatchObject({ last_seen_at: at(30) })
      await store.saveColleagues([{ id: 'sam', name: null }], at(120))
      expect([await store.findColleague('sam'), await ids(1)]).toEqual([
        { id: 'sam', name: null, last_seen_at: at(120) },
        ['sam'],
      ])
    })
  })
}
