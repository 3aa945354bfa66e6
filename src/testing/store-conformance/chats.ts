import { describe, expect, it } from 'vitest'
import { at, uuid, type Kit } from './kit.ts'

export function chatsConformance(name: string, kit: Kit): void {
  const { chat } = kit

  describe(`${name}: chats and people`, () => {
    it('gives a user one chat, even after concurrent calls', async () => {
      await kit.store.savePeople([{ id: 'u', email: 'u@example.com', name: 'U' }], at(0))
      const opened = await Promise.all(
        Array.from({ length: 20 }, async (_, i) => (await kit.store.openChat('u', uuid(i), at(i))).id),
      )
      expect(new Set(opened).size).toBe(1)
      expect(await kit.store.findChatOf('u')).toMatchObject({ id: opened[0], user_email: 'u@example.com', last_seq: 0 })
      expect(await kit.store.findChat(uuid(999_999))).toBeUndefined()
      expect(await kit.store.findChatOf('nobody')).toBeUndefined()
    })

    it('keeps a person’s details and last page up to date', async () => {
      await kit.store.savePeople(
        [{ id: 'u', email: 'a@example.com', name: null, page_url: 'https://x.example/1' }],
        at(0),
      )
      await kit.store.savePeople([{ id: 'u', email: 'b@example.com', name: 'Bo' }], at(120))
      expect(await kit.store.findPerson('u')).toEqual({
        id: 'u',
        email: 'b@example.com',
        name: 'Bo',
        page_url: 'https://x.example/1',
        attributes: {},
        first_seen_at: at(0),
        last_seen_at: at(120),
      })
      expect(await kit.store.findPerson('nobody')).toBeUndefined()
    })

    it('finds several people in one call, once each', async () => {
      const people = ['U', 'u', 'ü', "o'hara"].map((id) => ({ id, email: `${id}@example.com`, name: id }))
      await kit.store.savePeople(
        people.map((person) => ({ ...person, attributes: { plan: person.id } })),
        at(0),
      )
      const found = await kit.store.findPeople(['ü', 'u', 'nobody', 'u', "o'hara"])
      const one = await Promise.all(['ü', 'u', "o'hara"].map((id) => kit.store.findPerson(id)))
      expect(found.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
        one.toSorted((a, b) => ((a?.id ?? '') < (b?.id ?? '') ? -1 : 1)),
      )
      expect(found).toHaveLength(3)
      expect(await kit.store.findPeople([])).toEqual([])
      expect(await kit.store.findPeople(Array.from({ length: 1_000 }, (_, n) => `nobody${n}`))).toEqual([])
    })

    it('archives once, and says whether that changed anything', async () => {
      const id = await chat('u')
      expect(await kit.store.setArchived(id, true, at(1))).toBeDefined()
      expect(await kit.store.setArchived(id, true, at(2))).toBeUndefined()
      expect((await kit.store.findChat(id))?.archived_at).toBe(at(1))
      expect(await kit.store.setArchived(id, false, at(3))).toBeDefined()
      expect(await kit.store.setArchived(id, false, at(4))).toBeUndefined()
      expect((await kit.store.findChat(id))?.archived_at).toBeNull()
    })
  })
}
