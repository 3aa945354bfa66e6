import { describe, expect, it } from 'vitest'
import { at, type Kit } from './kit.ts'

export function peopleSearchConformance(name: string, kit: Kit): void {
  const save = (...people: [id: string, name: string | null, email?: string][]) =>
    kit.store.savePeople(
      people.map(([id, called, email = '']) => ({ id, name: called, email })),
      at(60),
    )
  const found = async (start: string, limit = 20) => (await kit.store.searchPeople(start, limit)).map(({ id }) => id)

  describe(`${name}: the search for people`, () => {
    it('finds them by the start of their name, their address or a later word, in this order, in whatever case', async () => {
      await save(
        ['1', 'Grace Ada Hopper', 'g@example.com'],
        ['2', 'Bea', 'ada@example.com'],
        ['3', 'Ada Lovelace', 'countess@example.com'],
        ['4', 'Adam', 'z@example.com'],
        ['5', null, 'adalbert@example.com'],
        ['6', 'Canada Bill', 'nada@example.com'],
      )
      expect(await found('ada')).toEqual(['3', '4', '2', '5', '1'])
      expect(await found('ADA L')).toEqual(['3'])
      expect(await found('ada', 2)).toEqual(['3', '4'])
      expect(await found('Hopper')).toEqual(['1'])
      expect(await found('ada hop')).toEqual(['1'])
      expect(await found('love')).toEqual(['3'])
      for (const none of ['ovelace', 'adax', '%', '_', 'example', "'", '\\'])
        expect(await found(none), none).toEqual([])
    })

    it('says who they are, and which chat they have', async () => {
      const id = await kit.chat('u', 'u@example.com')
      await save(['v', 'Una Vista'])
      expect(await kit.store.searchPeople('u', 20)).toEqual([
        { id: 'v', email: '', name: 'Una Vista', last_seen_at: at(60), chat_id: null },
        { id: 'u', email: 'u@example.com', name: null, last_seen_at: at(0), chat_id: id },
      ])
    })

    it('knows names of other scripts, the first four words, and names that change', async () => {
      await save(
        ['1', 'Ömer Ünal'],
        ['2', 'ZOË ÅSA'],
        ['3', 'Анна Каренина'],
        ['4', '王小明 😀 Li'],
        ['5', 'Juan Carlos de Borbón y Grecia'],
        ['6', `${'x'.repeat(150)} End`],
      )
      for (const [start, id] of [
        ['ömer', '1'],
        ['ÖM', '1'],
        ['ünal', '1'],
        ['ås', '2'],
        ['анна', '3'],
        ['каре', '3'],
        ['王小', '4'],
        ['😀', '4'],
        ['li', '4'],
        ['borbón', '5'],
        ['xxx', '6'],
      ] as const)
        expect(await found(start), start).toEqual([id])
      expect(await found('y grecia')).toEqual([])
      await kit.store.describePeople([{ id: '1', name: 'Ali Vural', email: '' }], at(70))
      expect([await found('ömer'), await found('vural')]).toEqual([[], ['1']])
      await kit.store.erasePerson('1')
      expect(await found('vural')).toEqual([])
    })

    it('is limited, also where more begin so', async () => {
      await save(...Array.from({ length: 30 }, (_, n): [string, string, string] => [`${n}`, `Kim ${n}`, `kim${n}@x.y`]))
      expect(await found('kim', 3)).toEqual(['0', '1', '10'])
      expect(new Set(await found('kim')).size).toBe(20)
    })
  })
}
