import { describe, expect, it } from 'vitest'
import type { SupportActivity } from '../../protocol/activity.ts'
import type { NewNote } from '../../server/ports/store/activities.ts'
import { at, uuid, type Kit } from './kit.ts'

const SAM = { id: 'sam', name: 'Sam' }
/** More than an engine erases in one transaction */
const MANY = 203

export function activitiesConformance(name: string, kit: Kit): void {
  const { chat, message, reply, append } = kit

  const note = (chat_id: string, seconds: number, more: Partial<NewNote> = {}) =>
    kit.store.addNote({
      chat_id,
      content: 'Ask Anna',
      actor: SAM,
      client_id: null,
      created_at: at(seconds),
      ...more,
    })
  const all = async (chatId: string): Promise<SupportActivity[]> =>
    (await kit.store.activities(chatId, { after: 0, limit: 1000 })).activities
  const short = async (chatId: string) =>
    (await all(chatId)).map(({ seq, kind, created_at }) => [seq, kind, created_at])

  describe(`${name}: activity`, () => {
    it('is what staff did, numbered 1..n in each chat, with who did it', async () => {
      const [id, other] = [await chat('u'), await chat('v')]
      await append(message(id))
      const content = 'Quoted "text" \\ Ünïcode 😀 عربى\nand a line'
      const stored = await note(id, 2, { content, client_id: 'n1' })
      await note(other, 3, { actor: { id: 'anna', name: null } })
      const archived = await kit.store.setArchived(id, true, at(4), { actor: SAM })
      await kit.store.setArchived(id, true, at(5), { actor: SAM })
      await kit.store.setArchived(id, false, at(6))
      expect(await all(id)).toEqual([
        {
          id: expect.any(String),
          seq: 1,
          kind: 'note',
          actor_id: 'sam',
          actor_name: 'Sam',
          body: { content },
          client_id: 'n1',
          created_at: at(2),
        },
        {
          id: expect.any(String),
          seq: 2,
          kind: 'archived',
          actor_id: 'sam',
          actor_name: 'Sam',
          body: {},
          client_id: null,
          created_at: at(4),
        },
        {
          id: expect.any(String),
          seq: 3,
          kind: 'unarchived',
          actor_id: null,
          actor_name: null,
          body: { by_message: false },
          client_id: null,
          created_at: at(6),
        },
      ])
      expect([stored, { activity: archived }]).toMatchObject([
        { kind: 'stored', note: (await all(id))[0] },
        { activity: (await all(id))[1] },
      ])
      expect(await all(other)).toMatchObject([{ seq: 1, actor_id: 'anna', actor_name: null }])
      expect((await kit.store.findChat(id))?.last_activity_seq).toBe(3)
    })

    it('says that a message of the user brought the chat back, at its time, and only when one did', async () => {
      const id = await chat('u')
      await append(message(id))
      await kit.store.setArchived(id, true, at(2))
      await append(reply(id, 3), message(id, { created_at: at(4) }), message(id, { created_at: at(5) }))
      expect((await all(id)).slice(1)).toMatchObject([
        { seq: 2, kind: 'unarchived', actor_id: null, body: { by_message: true }, created_at: at(4) },
      ])
    })

    it('stores a repeated note once, and reports another one under the same client_id', async () => {
      const [id, other] = [await chat('u'), await chat('v')]
      const client_id = 'n'
      const first = await note(id, 1, { client_id })
      const outcomes = [
        await note(id, 2, { client_id, actor: { id: 'sam', name: 'Samuel' } }),
        await note(id, 3, { client_id, content: 'other' }),
        await note(id, 4, { client_id, actor: { id: 'anna', name: 'Anna' } }),
        await note(other, 5, { client_id }),
      ]
      expect(outcomes).toMatchObject([
        { ...first, kind: 'repeated' },
        { kind: 'conflict' },
        { kind: 'stored', note: { seq: 2 } },
        { kind: 'stored', note: { seq: 1 } },
      ])
      const unknown = [await note(uuid(7), 6), await note('nonsense', 7)]
      expect(unknown).toEqual([{ kind: 'no_chat' }, { kind: 'no_chat' }])
      expect(await kit.store.activities(uuid(7), { after: 0, limit: 9 })).toEqual({ activities: [], has_more: false })
      expect(await kit.store.activities('nonsense', { before: 9, limit: 9 })).toEqual({
        activities: [],
        has_more: false,
      })
    })

    it('has no hole and no double when many write at once', async () => {
      const id = await chat('u')
      await append(message(id))
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, i) => [
          note(id, 1, { client_id: `n${i % 10}` }),
          kit.store.setArchived(id, i % 2 === 0, at(2)),
        ]).flat(),
      )
      const written = outcomes.filter((outcome) => outcome !== undefined && outcome.kind !== 'repeated')
      const seqs = (await all(id)).map(({ seq }) => seq)
      expect(seqs).toEqual(written.map((_, i) => i + 1))
      const notes = (await all(id)).filter(({ kind }) => kind === 'note')
      expect(new Set(notes.map(({ client_id }) => client_id)).size).toBe(10)
      expect(notes).toHaveLength(10)
    })

    it('is read in pages from either end', async () => {
      const id = await chat('u')
      for (const content of ['1', '2', '3', '4', '5']) await note(id, Number(content), { content })
      const read = async (range: Parameters<typeof kit.store.activities>[1]) => {
        const { activities, has_more } = await kit.store.activities(id, range)
        return [activities.map(({ seq }) => seq), has_more]
      }
      expect(await read({ after: 0, limit: 2 })).toEqual([[1, 2], true])
      expect(await read({ after: 3, limit: 2 })).toEqual([[4, 5], false])
      expect(await read({ after: 5, limit: 2 })).toEqual([[], false])
      expect(await read({ before: Number.MAX_SAFE_INTEGER, limit: 2 })).toEqual([[4, 5], true])
      expect(await read({ before: 3, limit: 2 })).toEqual([[1, 2], false])
      expect(await read({ before: 1, limit: 2 })).toEqual([[], false])
    })

    it('never dates an entry earlier than the one before it', async () => {
      const id = await chat('u')
      await note(id, 10)
      await note(id, 5)
      await kit.store.setArchived(id, true, at(7))
      await note(id, 11)
      expect((await short(id)).map(([, , time]) => time)).toEqual([at(10), at(10.001), at(10.002), at(11)])
    })

    it('is no part of the conversation, its list, its unread marks or what is exported', async () => {
      const id = await chat('u')
      await append(message(id, { content: 'Hello' }), reply(id, 2))
      const state = async () => [
        await kit.store.listChats({ archived: false, limit: 9 }),
        await kit.store.countUnreadChats(9),
        await kit.store.countUnread(id),
        await kit.store.newestUnread(id),
        await kit.all(id),
        await kit.store.personalData('u'),
      ]
      const before = await state()
      await note(id, 900)
      expect(await state()).toEqual(before)
    })

    it('is erased with the person, however much there is, and nobody else’s is', async () => {
      const [id, other] = [await chat('u'), await chat('v')]
      await note(other, 1)
      for (let i = 0; i < MANY; i++) await note(id, i)
      expect(await kit.store.erasePerson('u')).toEqual({ chat_id: id, messages: 0 })
      expect([await all(id), await kit.store.findChat(id)]).toEqual([[], undefined])
      expect(await all(other)).toHaveLength(1)
    })

    it('of a visitor follows that of the account, numbered and ascending in time', async () => {
      const V = `visitor:${'v'.padEnd(43, '-')}`
      const [own, theirs] = [await chat('ada'), await chat(V, '')]
      await append(message(own, { sender_id: 'ada' }), message(theirs, { sender_id: V, created_at: at(2) }))
      await note(own, 10, { client_id: 'same', content: 'own' })
      await kit.store.setArchived(own, true, at(20))
      await note(theirs, 1, { client_id: 'same', content: 'v1' })
      await note(theirs, 2, { client_id: 'other', content: 'v2' })
      await note(theirs, 30, { content: 'v3' })
      expect(await kit.store.mergeVisitor(V, 'ada', at(40))).toEqual({ chat_id: own, gone_chat_id: theirs })
      // The visitor's messages brought the chat back
      expect(await short(own)).toEqual([
        [1, 'note', at(10)],
        [2, 'archived', at(20)],
        [3, 'note', at(20.001)],
        [4, 'note', at(20.002)],
        [5, 'note', at(30)],
        [6, 'unarchived', at(40)],
      ])
      expect((await all(own)).map(({ client_id }) => client_id)).toEqual(['same', null, null, 'other', null, null])
      expect((await all(own)).at(-1)).toMatchObject({ body: { by_message: true } })
      expect(await all(theirs)).toEqual([])
      expect(await note(own, 3)).toMatchObject({ note: { seq: 7, created_at: at(40.001) } })
      expect(await note(own, 50, { client_id: 'other', content: 'v2' })).toMatchObject({ kind: 'repeated' })
    })

    it('of an account without messages is kept when it takes a visitor’s chat', async () => {
      const V = `visitor:${'v'.padEnd(43, '-')}`
      const [own, theirs] = [await chat('ada'), await chat(V, '')]
      await append(message(theirs, { sender_id: V }))
      await note(theirs, 5)
      await note(own, 4)
      await note(own, 6)
      expect(await kit.store.mergeVisitor(V, 'ada', at(40))).toEqual({ chat_id: theirs, gone_chat_id: own })
      expect(await short(theirs)).toEqual([
        [1, 'note', at(5)],
        [2, 'note', at(5.001)],
        [3, 'note', at(6)],
      ])
      expect(await note(theirs, 7)).toMatchObject({ note: { seq: 4 } })
    })
  })
}
