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

    it('pages newest first, whoever has the chats, and whether they were viewed', async () => {
      const made: { id: string; assignee: string | null; time: number }[] = []
      for (let i = 0; i < 24; i++) {
        const id = await chat(`u${i}`)
        const assignee = [null, 'ana', 'ben', null, 'cy', null, 'ana'][i % 7] ?? null
        // Some at the same time
        const time = 2 + ((i * 5) % 12)
        await append(message(id, { created_at: at(time) }))
        if (assignee !== null)
          await kit.store.assign(id, { assignee: { id: assignee, name: null }, actor: null, at: at(1) })
        if (i % 3 > 0) await kit.store.markRead(id, 'admin', undefined, at(20))
        made.push({ id, assignee, time })
      }
      const listed = async (limit: number, assignee?: string | null): Promise<string[]> => {
        const seen: string[] = []
        let cursor: { key: string; id: string } | undefined
        for (;;) {
          const rows = await kit.store.listChats({
            archived: false,
            limit,
            cursor,
            ...(assignee !== undefined && { assignee }),
          })
          seen.push(...rows.map((row) => row.id))
          const last = rows.at(-1)
          if (!last) return seen
          cursor = { key: last.last_message_at ?? '', id: last.id }
        }
      }
      const inOrder = made.sort((a, b) => b.time - a.time || (a.id < b.id ? 1 : -1))
      for (const limit of [1, 2, 5, 50]) {
        expect(await listed(limit)).toEqual(inOrder.map(({ id }) => id))
        for (const assignee of ['ana', 'ben', null, 'nobody']) {
          const theirs = inOrder.filter((one) => one.assignee === assignee).map(({ id }) => id)
          expect(await listed(limit, assignee)).toEqual(theirs)
        }
      }
      expect(await kit.store.countUnreadChats(99)).toBe(8)
    })

    it('pages by the longest wait, without duplicates or gaps when times are equal and when chats leave it meanwhile', async () => {
      const made: string[] = []
      for (let i = 0; i < 14; i++) {
        const id = await chat(`u${i}`)
        made.push(id)
        // Later messages do not shorten a wait
        await append(message(id, { created_at: at(i < 10 ? 1 : 2) }), message(id, { created_at: at(20 - i) }))
      }
      await chat('silent')
      const [answered = '', archived = '', leaves = '', ...waiting] = made
      await append(reply(answered, 30))
      await kit.store.setArchived(archived, true, at(31))
      const page = (cursor?: { key: string; id: string }) =>
        kit.store.listChats({ archived: false, waiting: true, limit: 3, cursor })
      const seen: string[] = []
      let rows = await page()
      expect(rows.map((row) => row.waiting_since)).toEqual([at(1), at(1), at(1)])
      for (let last = rows.at(-1); last; last = rows.at(-1)) {
        seen.push(...rows.map((row) => row.id))
        // The row at which the next page begins is gone by then
        if (seen.length === 3) await append(reply(seen[2] ?? '', 40))
        rows = await page({ key: last.waiting_since ?? '', id: last.id })
      }
      expect([...seen].sort()).toEqual([leaves, ...waiting].sort())
      expect(seen.slice(-4).sort()).toEqual(made.slice(10).sort())
      const again = await kit.store.listChats({ archived: false, waiting: true, limit: 99 })
      expect(again.map((row) => row.id)).toEqual(seen.filter((_, i) => i !== 2))
      // Who writes again after an answer waits anew, behind the others
      await append(message(seen[2] ?? '', { created_at: at(50) }))
      const rowsNow = await kit.store.listChats({ archived: false, waiting: true, limit: 99 })
      expect(rowsNow.at(-1)).toMatchObject({ id: seen[2], waiting_since: at(50) })
    })

    it('keeps active and archived chats apart', async () => {
      const [a, b] = [await chat('a'), await chat('b')]
      await append(message(a), message(b))
      await kit.store.setArchived(b, true, at(2))
      const list = async (archived: boolean) => (await kit.store.listChats({ archived, limit: 9 })).map((r) => r.id)
      expect(await list(false)).toEqual([a])
      expect(await list(true)).toEqual([b])
    })

    it('finds chats by address behind many people without such a chat, page by page', async () => {
      const made: string[] = []
      for (let i = 10; i < 30; i++) {
        const id = await chat(`u${i}`)
        if (i % 2 === 0) await append(message(id))
        if (i < 18) await kit.store.setArchived(id, true, at(2))
        else if (i % 2 === 0) made.push(id)
      }
      const query = { archived: false, limit: 2, email: 'u' }
      const seen: string[] = []
      let cursor: { key: string; id: string } | undefined
      for (;;) {
        const rows = await kit.store.listChats({ ...query, cursor })
        seen.push(...rows.map((row) => row.id))
        const last = rows.at(-1)
        if (!last) break
        cursor = { key: last.user_email, id: last.user_id }
      }
      expect(seen).toEqual(made)
    })

    it('shows each chat with the fields of the specification', async () => {
      const id = await chat('u')
      await append(message(id), reply(id, 5, { content: 'On it', sender_name: 'Sam Vimes' }))
      expect(await kit.store.listChats({ archived: false, limit: 9 })).toEqual([
        {
          id,
          user_id: 'u',
          user_email: 'u@example.com',
          user_name: null,
          last_message_at: at(5),
          last_message_preview: 'On it',
          last_message_sender: 'admin',
          last_message_by: { id: 'sam', name: 'Sam Vimes' },
          message_count: 2,
          unread: true,
          archived: false,
          assignee: null,
          tags: [],
          rating: null,
          blocked_at: null,
          waiting_since: null,
        },
      ])
    })

    it('says who of staff wrote last, in every way to list a chat', async () => {
      const id = await chat('u')
      const said = async () => {
        const query = { archived: false, limit: 9 }
        const rows = [
          await kit.store.listItems([id]),
          await kit.store.listChats(query),
          await kit.store.listChats({ ...query, assignee: 'ana' }),
          await kit.store.listChats({ ...query, tag: 'vip' }),
          await kit.store.listChats({ ...query, email: 'u' }),
        ]
        const by = rows.map(([row]) => row && row.last_message_by)
        expect(new Set(by.map((one) => JSON.stringify(one))).size).toBe(1)
        return by[0]
      }
      await append(message(id))
      await kit.store.changeTags(id, () => ['vip'], { actor: null, at: at(1) })
      await kit.store.assign(id, { assignee: { id: 'ana', name: 'Ana' }, actor: null, at: at(1) })
      expect(await said()).toBeNull()
      const [waiting] = await kit.store.listChats({ archived: false, limit: 9, waiting: true })
      expect(waiting?.last_message_by).toBeNull()
      await append(reply(id, 2, { sender_id: 'ana', sender_name: 'Ana' }), reply(id, 3))
      expect(await said()).toEqual({ id: 'sam', name: null })
      await append(reply(id, 4, { sender_id: 'helper', sender_name: 'Helper', automated: true }))
      expect(await said()).toEqual({ id: 'helper', name: 'Helper', automated: true })
      // Long enough that a document store keeps it elsewhere
      const long = '\u{1f600}'.repeat(5_000)
      await append(...[5, 6, 7, 8].map((n) => reply(id, n, { sender_name: `Sam ${n}`, content: long })))
      expect(await said()).toEqual({ id: 'sam', name: 'Sam 8' })
      await append(message(id, { created_at: at(9) }))
      expect(await said()).toBeNull()
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

    it('pages through a search by addresses with capitals beyond ASCII, each once', async () => {
      const addresses = ['Äb@example.com', 'ÄC@example.com', 'Äd@example.com', 'ÄÉ@example.com']
      for (const [n, email] of addresses.entries()) await append(message(await chat(`${n}`, email)))
      const found: string[] = []
      let cursor: { key: string; id: string } | undefined
      // One page more than there are, at the most
      for (let page = 0; page <= addresses.length; page++) {
        const [row] = await kit.store.listChats({ archived: false, limit: 1, email: 'Ä', cursor })
        if (!row) break
        found.push(row.user_email)
        // As the server's cursors have it: ASCII alone in lower case
        const key = row.user_email.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
        cursor = { key, id: row.user_id }
      }
      expect(found).toEqual(addresses)
    })
  })
}
