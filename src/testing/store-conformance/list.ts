import { describe, expect, it } from 'vitest'
import { at, type Kit } from './kit.ts'

export function listConformance(name: string, kit: Kit): void {
  const { chat, message, reply, append } = kit

  describe(`${name}: the list`, () => {
    it('pages newest first, without duplicates or gaps when times are equal', async () => {
      const made: string[] = []
      for (let i = 0; i < 11; i++) {
        const id = await chat(`u${i}`)
        made.push(id)
        await append(message(id, { created_at: at(i < 8 ? 1 : 2) }))
      }
      await chat('silent')
      const seen: string[] = []
      const times: string[] = []
      let cursor: { key: string; id: string } | undefined
      for (;;) {
        const rows = await kit.store.listChats({ archived: false, limit: 3, cursor })
        seen.push(...rows.map((r) => r.id))
        times.push(...rows.map((r) => r.last_message_at ?? ''))
        const last = rows.at(-1)
        if (!last) break
        cursor = { key: last.last_message_at ?? '', id: last.id }
      }
      expect([...seen].sort()).toEqual([...made].sort())
      expect(times).toEqual([...times].sort().reverse())
    })

    it('keeps active and archived chats apart', async () => {
      const [a, b] = [await chat('a'), await chat('b')]
      await append(message(a), message(b))
      await kit.store.setArchived(b, true, at(2))
      const list = async (archived: boolean) => (await kit.store.listChats({ archived, limit: 9 })).map((r) => r.id)
      expect(await list(false)).toEqual([a])
      expect(await list(true)).toEqual([b])
    })

    it('shows each chat with the fields of the specification', async () => {
      const id = await chat('u')
      await append(message(id), reply(id, 5, { content: 'On it' }))
      expect(await kit.store.listChats({ archived: false, limit: 9 })).toEqual([
        {
          id,
          user_id: 'u',
          user_email: 'u@example.com',
          user_name: null,
          last_message_at: at(5),
          last_message_preview: 'On it',
          last_message_sender: 'admin',
          message_count: 2,
          unread: true,
          archived: false,
          assignee: null,
          tags: [],
          rating: null,
          blocked_at: null,
        },
      ])
    })

    it('searches by the start of an e-mail address, whatever its case, and takes wildcards literally', async () => {
      for (const [user, email] of [
        ['1', 'Ada@example.com'],
        ['2', 'adam@example.com'],
        ['3', 'bob@example.com'],
        ['4', 'a%b@example.com'],
        ['5', 'Émile@example.com'],
      ] as const) {
        await append(message(await chat(user, email)))
      }
      const search = async (email: string, cursor?: { key: string; id: string }) =>
        (await kit.store.listChats({ archived: false, limit: 9, email, cursor })).map((r) => r.user_email)
      expect(await search('ADA')).toEqual(['Ada@example.com', 'adam@example.com'])
      expect(await search('ÉM')).toEqual(['Émile@example.com'])
      expect(await search('a%')).toEqual(['a%b@example.com'])
      expect(await search('_')).toEqual([])
      expect(await search('ada', { key: 'ada@example.com', id: '1' })).toEqual(['adam@example.com'])
    })
  })
}
