import { describe, expect, it } from 'vitest'
import { at, type Kit } from './kit.ts'

/** More than a store may put in order at once */
const MANY = 520

export function nameSearchConformance(name: string, kit: Kit): void {
  const { chat, message, append } = kit

  const rename = (id: string, called: string | null) =>
    kit.store.describePeople([{ id, name: called, email: `${id}@example.com` }], at(60))
  async function named(...people: [id: string, called: string | null, minute?: number][]): Promise<void> {
    for (const [id, called, minute = 1] of people) {
      const chatId = await chat(id, `${id}@example.com`)
      await rename(id, called)
      await append(message(chatId, { created_at: at(minute) }))
    }
  }
  async function pages(text: string, limit = 99, archived = false): Promise<string[][]> {
    const all: string[][] = []
    let cursor: { key: string; id: string } | undefined
    do {
      const { chats, next } = await kit.store.chatsByName({ name: text, limit, archived, cursor })
      all.push(chats.map((row) => row.user_id))
      cursor = next ?? undefined
    } while (cursor && all.length < 99)
    return all
  }
  const found = async (text: string, archived = false) => (await pages(text, 99, archived)).flat()

  describe(`${name}: the search for chats by name`, () => {
    it('finds them by how words of the name begin, in whatever order and case, the newest message first', async () => {
      await named(
        ['1', 'Anna Rossi', 1],
        ['2', 'Rosa Hannah Anderson', 3],
        ['3', 'ANNABEL ROSS', 2],
        ['4', 'Joanna Brossi', 4],
        ['5', null, 5],
      )
      await kit.store.savePeople([{ id: '6', name: 'Anna Silent', email: '' }], at(1))
      await chat('7')
      await rename('7', 'Anna Unwritten')
      expect(await found('anna')).toEqual(['3', '1'])
      expect(await found('AN')).toEqual(['2', '3', '1'])
      expect(await found('rossi')).toEqual(['1'])
      expect(await found('ros an')).toEqual(['2', '3', '1'])
      expect(await found('  rossi   anna ')).toEqual(['1'])
      expect(await found('anna rossi')).toEqual(['1'])
      for (const none of [
        'nna',
        'anna rossini',
        'anna x',
        'annaross',
        '%',
        '_',
        'a%',
        '.*',
        '^',
        '\\',
        "'",
        '"',
        '(',
        '@',
      ])
        expect([none, await found(none)]).toEqual([none, []])
    })

    it('pages through them, each once, where messages have the same time and others come meanwhile', async () => {
      const ids = Array.from({ length: 11 }, (_, n) => `${n}`)
      await named(...ids.map((id, n): [string, string, number] => [id, `Kim Kimber ${n}`, n < 8 ? 1 : 2]))
      const all = await pages('kim', 3)
      expect(all.map((page) => page.length)).toEqual([3, 3, 3, 2])
      expect(all.flat().sort()).toEqual(ids.sort())
      expect(all.flat()).toEqual(await found('kim'))
      const { next } = await kit.store.chatsByName({ name: 'kim', limit: 3, archived: false })
      await named(['new', 'Kim New', 9])
      const second = await kit.store.chatsByName({ name: 'kim', limit: 3, archived: false, cursor: next ?? undefined })
      expect(second.chats.map((row) => row.user_id)).toEqual(all[1])
    })

    it('finds the archive apart, those who are blocked, and rows like those of the list', async () => {
      await named(['1', 'Ada One', 1], ['2', 'Ada Two', 2], ['3', 'Bob', 3])
      const [first = '', second = ''] = await Promise.all(
        ['1', '2'].map(async (id) => (await kit.store.findChatOf(id))?.id),
      )
      await kit.store.setArchived(second, true, at(9))
      await kit.store.setBlocked(first, true, { actor: null, at: at(9) })
      expect([await found('ada'), await found('ada', true)]).toEqual([['1'], ['2']])
      const { chats } = await kit.store.chatsByName({ name: 'ada', limit: 9, archived: false })
      expect(chats).toEqual(await kit.store.listItems([first]))
    })

    it('knows names of other scripts, long ones, and those that change or are erased', async () => {
      await named(
        ['1', 'Ömer Ünal'],
        ['2', 'ÉLISE Åkesson'],
        ['3', 'Анна Каренина'],
        ['4', '王小明 😀😀 Li'],
        ['5', 'دانيال يوسف'],
        ['6', `${'x'.repeat(150)} End`],
        ['7', 'Juan de la Cruz Hernández Marín'],
        ['8', '100% _x_ .* O’Neill-Smith'],
      )
      for (const [text, id] of [
        ['ömer', '1'],
        ['ÜN öm', '1'],
        ['élise', '2'],
        ['Åk', '2'],
        ['каренина анна', '3'],
        ['王小', '4'],
        ['😀', '4'],
        ['li 王', '4'],
        ['يوسف', '5'],
        ['x'.repeat(100), '6'],
        ['xxx', '6'],
        // A later word counts where one of the first four is found too
        ['juan de la cruz hernández marín', '7'],
        ['cruz her', '7'],
        ['100%', '8'],
        ['_x', '8'],
        ['.*', '8'],
        ['o’neill-s', '8'],
      ] as const)
        expect([text, await found(text)]).toEqual([text, [id]])
      for (const none of ['end', 'marín', 'smith', '\u{10FFFF}', 'x'.repeat(320), '\u202E'])
        expect([none, await found(none)]).toEqual([none, []])
      await rename('1', 'Ali Vural')
      expect([await found('ömer'), await found('vural')]).toEqual([[], ['1']])
      await rename('2', null)
      expect(await found('élise')).toEqual([])
      await kit.store.erasePerson('1')
      expect(await found('vural')).toEqual([])
    })

    it('finds the chat that a visitor had, by the name of who they are since', async () => {
      const visitor = `visitor:${'v'.repeat(43)}`
      await named([visitor, 'Zoe Visit', 3])
      await kit.store.savePeople([{ id: 'ada', name: 'Ada Lovelace', email: '' }], at(4))
      expect([await found('zoe'), await found('ada')]).toEqual([[visitor], []])
      await kit.store.mergeVisitor(visitor, 'ada', at(9))
      expect([await found('zoe'), await found('ada')]).toEqual([[], ['ada']])
    })

    it('finds those of a beginning that hundreds share, by the newest message too', async () => {
      const people = Array.from({ length: MANY }, (_, n) => ({ id: `p${n}`, name: `Pat ${n}`, email: '' }))
      await kit.store.savePeople(people, at(1))
      const written = Array.from({ length: 24 }, (_, i) => ({
        id: `p${MANY - 1 - i * 20}`,
        minute: 5 + ((i * 7) % 24),
      }))
      for (const { id, minute } of written) {
        const chatId = await kit.store.openChat(id, crypto.randomUUID(), at(1))
        await append(message(chatId.id, { created_at: at(minute) }))
      }
      await named(['other', 'Quentin', 50])
      const inOrder = written.toSorted((a, b) => b.minute - a.minute).map(({ id }) => id)
      expect((await pages('pat', 7)).flat()).toEqual(inOrder)
      expect(await found('p pat')).toEqual(inOrder)
      expect(await found('pat 519')).toEqual(['p519'])
      expect(await found('pat', true)).toEqual([])
    })
  })
}
