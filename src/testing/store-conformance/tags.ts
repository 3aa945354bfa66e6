import { describe, expect, it } from 'vitest'
import type { ListCursor } from '../../server/ports/store/chats.ts'
import { at, type Kit } from './kit.ts'

const SAM = { id: 'sam', name: 'Sam' }

export function tagsConformance(name: string, kit: Kit): void {
  const { chat, message, reply, append } = kit
  const tag = (id: string, tags: string[], seconds = 1) =>
    kit.store.changeTags(id, () => tags, { actor: SAM, at: at(seconds) })
  const tagsOf = async (id: string) => (await kit.store.listItems([id]))[0]?.tags
  const tagged = async (word: string, archived = false, cursor?: ListCursor) =>
    (await kit.store.listChats({ archived, limit: 9, tag: word, cursor })).map((row) => row.id)

  describe(`${name}: tags`, () => {
    it('are changed under the lock of the chat, each once, with what only staff are told', async () => {
      const id = await chat('u')
      expect(await tag(id, ['vip', 'bug', 'vip', '😀', 'é'])).toMatchObject({
        tags: ['bug', 'vip', 'é', '😀'],
        activity: { seq: 1, kind: 'tagged', actor_id: 'sam', body: { added: ['bug', 'vip', 'é', '😀'], removed: [] } },
      })
      expect(await tag(id, ['é', 'bug', 'vip', '😀'])).toEqual({ tags: ['bug', 'vip', 'é', '😀'], activity: null })
      await Promise.all(
        ['a', 'b', 'c'].map((word) =>
          kit.store.changeTags(id, (tags) => [...tags.filter((one) => one !== '😀'), word], { actor: null, at: at(2) }),
        ),
      )
      expect(await tagsOf(id)).toEqual(['a', 'b', 'bug', 'c', 'vip', 'é'])
      const { activities } = await kit.store.activities(id, { after: 1, limit: 9 })
      expect(activities.map(({ seq, kind, actor_id }) => [seq, kind, actor_id])).toEqual([
        [2, 'tagged', null],
        [3, 'tagged', null],
        [4, 'tagged', null],
      ])
      const refusal = new Error('no')
      const refuse = () => {
        throw refusal
      }
      await expect(kit.store.changeTags(id, refuse, { actor: SAM, at: at(3) })).rejects.toBe(refusal)
      for (const none of ['01950000-0000-7000-8000-00000000ffff', 'nonsense'])
        expect(await tag(none, ['a'])).toBeUndefined()
      expect(await tagsOf(id)).toHaveLength(6)
    })

    it('list chats in the order of the list, whatever happens to them after they were tagged', async () => {
      const [a, b, c, other] = [await chat('a'), await chat('b'), await chat('c'), await chat('o')]
      await append(message(a, { created_at: at(1) }), message(b, { created_at: at(2) }), message(other))
      for (const id of [a, b, c]) await tag(id, ['vip', id === a ? 'bug' : 'idea'])
      await tag(other, ['vi', 'vip2'])
      expect(await tagged('vip')).toEqual([b, a])
      await append(reply(a, 3), message(c, { created_at: at(4) }))
      expect(await tagged('vip')).toEqual([c, a, b])
      const [, last] = await kit.store.listChats({ archived: false, limit: 2, tag: 'vip' })
      expect(await tagged('vip', false, { key: last?.last_message_at ?? '', id: a })).toEqual([b])
      expect(await tagged('bug')).toEqual([a])

      await kit.store.setArchived(a, true, at(5))
      expect([await tagged('vip'), await tagged('vip', true)]).toEqual([[c, b], [a]])
      // In the archive, and by a message out of it
      await append(reply(a, 6))
      expect(await tagged('vip', true)).toEqual([a])
      await append(message(a, { created_at: at(7) }))
      expect([await tagged('vip'), await tagged('vip', true)]).toEqual([[a, c, b], []])
      await kit.store.setArchived(a, true, at(8))
      await kit.store.setArchived(a, false, at(9))
      await tag(b, [])
      expect(await tagged('vip')).toEqual([a, c])
      expect(await tagged('nobody')).toEqual([])
    })

    it('pages without gaps when times are equal', async () => {
      const ids: string[] = []
      for (let i = 0; i < 7; i++) {
        const id = await chat(`u${i}`)
        ids.push(id)
        await append(message(id, { created_at: at(1) }))
        await tag(id, ['vip'])
      }
      const seen: string[] = []
      for (let cursor: ListCursor | undefined; ;) {
        const rows = await kit.store.listChats({ archived: false, limit: 3, tag: 'vip', cursor })
        seen.push(...rows.map((row) => row.id))
        const last = rows.at(-1)
        if (!last) break
        cursor = { key: last.last_message_at ?? '', id: last.id }
      }
      expect(seen).toEqual(ids.toSorted().toReversed())
    })

    it('that are in use are known, in order and as many as asked for', async () => {
      expect(await kit.store.knownTags(9)).toEqual([])
      const [a, b] = [await chat('a'), await chat('b')]
      await tag(a, ['vip', 'é', 'bug'])
      await tag(b, ['vip', '😀', 'ﬀ', 'é'])
      expect(await kit.store.knownTags(9)).toEqual(['bug', 'vip', 'é', 'ﬀ', '😀'])
      expect(await kit.store.knownTags(2)).toEqual(['bug', 'vip'])
      await tag(b, ['new'])
      expect(await kit.store.knownTags(9)).toEqual(['bug', 'new', 'vip', 'é'])
    })

    it('are erased with their chat', async () => {
      const id = await chat('u')
      await append(message(id))
      await tag(id, ['vip'])
      await kit.store.erasePerson('u')
      expect([await tagged('vip'), await kit.store.knownTags(9)]).toEqual([[], []])
    })

    it('of a visitor go to the account, whose chat then has those of both', async () => {
      const [theirs, own] = [await chat('visitor:v'), await chat('u')]
      await append(message(own), message(theirs, { sender_id: 'visitor:v', created_at: at(2) }))
      await tag(theirs, ['lead', 'vip'])
      await tag(own, ['vip', 'bug'])
      await kit.store.mergeVisitor('visitor:v', 'u', at(9))
      expect(await tagsOf(own)).toEqual(['bug', 'lead', 'vip'])
      expect(await tagged('lead')).toEqual([own])
      const { activities } = await kit.store.activities(own, { before: 100, limit: 1 })
      expect(activities).toMatchObject([{ kind: 'tagged', actor_id: null, body: { added: ['lead'], removed: [] } }])

      const [first, empty] = [await chat('visitor:w'), await chat('n')]
      await append(message(first, { sender_id: 'visitor:w' }))
      await tag(first, ['lead'])
      await tag(empty, ['new'])
      await kit.store.mergeVisitor('visitor:w', 'n', at(9))
      expect(await tagsOf(first)).toEqual(['lead', 'new'])
      expect(await tagged('new')).toEqual([first])
    })
  })
}
