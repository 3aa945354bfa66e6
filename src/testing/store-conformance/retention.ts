import { describe, expect, it } from 'vitest'
import { at, type Kit } from './kit.ts'

/** More than an engine erases in one transaction */
const LONG = 203

export function retentionConformance(name: string, kit: Kit): void {
  const { chat, message, reply, append } = kit

  /** A chat with a message of that time, archived at another */
  async function archived(user: string, written: number, when: number): Promise<string> {
    const id = await chat(user)
    await append(message(id, { sender_id: user, created_at: at(written) }))
    await kit.store.setArchived(id, true, at(when))
    return id
  }

  describe(`${name}: what has been archived for long`, () => {
    it('is found a bounded part at a time, the longest quiet first, and nothing else', async () => {
      const { store } = kit
      const second = await archived('b', 20, 30)
      const first = await archived('a', 10, 40)
      await archived('just archived', 15, 900)
      const answered = await archived('answered', 16, 50)
      await append(reply(answered, 950))
      const third = await archived('c', 30, 60)
      const back = await archived('back', 5, 20)
      await store.setArchived(back, false, at(70))
      const active = await chat('active')
      await append(message(active, { sender_id: 'active', created_at: at(1) }))
      await chat('silent')

      const look = (limit: number, after?: { key: string; id: string }) =>
        store.oldArchive({ before: at(800), limit, after })
      const page = await look(3)
      expect(page.chats).toEqual([
        { id: first, user_id: 'a' },
        { id: second, user_id: 'b' },
      ])
      expect(page.last).toEqual({ key: at(20), id: second })
      expect(await look(3, page.last ?? undefined)).toEqual({ chats: [{ id: third, user_id: 'c' }], last: null })
      expect((await store.oldArchive({ before: at(30), limit: 9 })).chats).toEqual([])
    })

    it('is erased with its user, unless it left the archive, or came there later', async () => {
      const { store } = kit
      const only = { archivedBefore: at(800) }
      const long = await archived('long', 10, 40)
      await append(...Array.from({ length: LONG }, (_, n) => reply(long, 50 + n)))
      await archived('later', 10, 900)
      const back = await archived('back', 10, 40)
      await append(message(back, { sender_id: 'back', created_at: at(700) }))
      await chat('silent')
      for (const user of ['later', 'back', 'silent', 'nobody'])
        expect(await store.erasePerson(user, only)).toBeUndefined()
      for (const user of ['later', 'back', 'silent']) expect(await store.findPerson(user)).toBeDefined()
      expect((await store.messages(back, { after: 0, limit: 9 })).messages).toHaveLength(2)
      expect(await store.erasePerson('long', only)).toEqual({ chat_id: long, messages: LONG + 1 })
      expect(await store.findChatOf('long')).toBeUndefined()
    })
  })
}
