import { describe, expect, it } from 'vitest'
import type { ListCursor } from '../../server/ports/store/chats.ts'
import { at, message, newChat, newPrefix, type DatabaseKit } from './kit.ts'

export function astrayTagsConformance(name: string, kit: Pick<DatabaseKit, 'open' | 'run'>): void {
  describe(`${name}: chats that a node without tags has moved`, () => {
    it('stand where they belong in the list of a tag once they were met there, and each is met once', async () => {
      const prefix = newPrefix()
      const store = await kit.open(prefix)
      const ids: string[] = []
      for (let n = 0; n < 6; n++) {
        const id = await newChat(store, `u${n}`)
        ids.push(id)
        await store.appendMessages([message(id, { sender_id: `u${n}`, created_at: at(n) })])
        await store.changeTags(id, () => ['vip'], { actor: null, at: at(n) })
      }
      const [a = '', b = '', c = '', d = '', e = '', f = ''] = ids
      const where = (...some: string[]) => `where id in (${some.map((id) => `'${id}'`).join()})`
      const newest = `(select t from (select max(last_message_at) as t from ${prefix}support_chats) as n)`
      await kit.run(`update ${prefix}support_chats set last_message_at = ${newest} ${where(a, b)}`)
      await kit.run(`update ${prefix}support_chats set archived_at = ${newest} ${where(d)}`)

      const page = async (archived: boolean, cursor?: ListCursor) =>
        store.listChats({ archived, tag: 'vip', limit: 2, cursor })
      const walk = async (archived: boolean): Promise<string[]> => {
        const seen: string[] = []
        let rows = await page(archived)
        while (seen.length < 9 && rows.length > 0) {
          seen.push(...rows.map(({ id }) => id))
          const last = rows.at(-1)
          rows = await page(archived, { key: last?.last_message_at ?? '', id: last?.id ?? '' })
        }
        return seen
      }
      // Those that moved up are met where they stood, and go
      expect(await walk(false)).toEqual([f, e, c])
      expect([await walk(false), await walk(true)]).toEqual([[f, b, a, e, c], [d]])
      await store.close()
    })
  })
}
