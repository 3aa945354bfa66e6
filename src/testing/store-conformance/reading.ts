import { describe, expect, it } from 'vitest'
import type { Store } from '../../server/ports/store/store.ts'
import { at, type Kit } from './kit.ts'

export function readingConformance(name: string, kit: Kit): void {
  const { chat, message, reply, append, all } = kit

  describe(`${name}: reading`, () => {
    it('pages after, before and since, oldest first, and says whether there is more', async () => {
      const id = await chat('u')
      await append(...Array.from({ length: 7 }, (_, i) => message(id, { created_at: at(i + 1) })))
      const seqs = async (query: Parameters<Store['messages']>[1]) => {
        const { messages, has_more } = await kit.store.messages(id, query)
        return [messages.map((m) => m.seq), has_more]
      }
      expect(await seqs({ after: 2, limit: 3 })).toEqual([[3, 4, 5], true])
      expect(await seqs({ after: 4, limit: 3 })).toEqual([[5, 6, 7], false])
      expect(await seqs({ after: 7, limit: 3 })).toEqual([[], false])
      expect(await seqs({ before: 4, limit: 2 })).toEqual([[2, 3], true])
      expect(await seqs({ before: 3, limit: 2 })).toEqual([[1, 2], false])
      expect(await seqs({ since: at(5), limit: 9 })).toEqual([[6, 7], false])
    })

    it('leaves messages unread that arrive while "mark read" is running', async () => {
      const id = await chat('u')
      await append(reply(id, 1), reply(id, 2))
      const seen = (await all(id)).at(-1)?.seq
      await append(reply(id, 3))
      expect(await kit.store.markRead(id, 'user', seen, at(4))).toEqual({ up_to_seq: 2, moved: true })
      expect(await kit.store.countUnread(id)).toBe(1)
      expect((await kit.store.newestUnread(id))?.seq).toBe(3)
      expect((await all(id)).map((m) => m.read_at)).toEqual([at(4), at(4), null])
    })

    it('moves a read mark only forward, and never beyond the last message', async () => {
      const id = await chat('u')
      await append(reply(id, 1), reply(id, 2), message(id))
      expect(await kit.store.markRead(id, 'user', 99, at(3))).toEqual({ up_to_seq: 3, moved: true })
      expect(await kit.store.markRead(id, 'user', 1, at(4))).toEqual({ up_to_seq: 3, moved: false })
      await append(reply(id, 5))
      expect(await kit.store.countUnread(id)).toBe(1)
      expect(await kit.store.markRead(id, 'user', undefined, at(6))).toEqual({ up_to_seq: 4, moved: true })
      expect((await all(id)).map((m) => m.read_at)).toEqual([at(3), at(3), null, at(6)])
    })

    it('keeps the two sides apart', async () => {
      const id = await chat('u')
      await append(message(id), reply(id, 2))
      await kit.store.markRead(id, 'admin', undefined, at(3))
      expect(await kit.store.countUnread(id)).toBe(1)
      expect((await all(id)).map((m) => m.read_at)).toEqual([at(3), null])
      expect(await kit.store.findChat(id)).toMatchObject({ admin_viewed_seq: 2, user_read_seq: 0 })
    })

    it('shows a chat as unread from a user message until staff views it', async () => {
      const id = await chat('u')
      const unread = async () => (await kit.store.listItems([id]))[0]?.unread
      await append(message(id))
      expect([await unread(), await kit.store.countUnreadChats(10)]).toEqual([true, 1])
      await kit.store.markRead(id, 'admin', 1, at(2))
      expect([await unread(), await kit.store.countUnreadChats(10)]).toEqual([false, 0])
      await append(reply(id, 3))
      expect(await unread()).toBe(false)
      await append(message(id))
      expect(await unread()).toBe(true)
      await kit.store.setArchived(id, true, at(5))
      expect(await kit.store.countUnreadChats(10)).toBe(0)
    })
  })
}
