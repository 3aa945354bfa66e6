import { describe, expect, it } from 'vitest'
import { at, type Kit } from './kit.ts'

export function ratingsConformance(name: string, kit: Kit): void {
  const { chat, message, append } = kit
  const rate = (id: string, seconds: number, score = 4, comment: string | null = 'Grüße 😀') =>
    kit.store.rate(id, { score, comment, rated_at: at(seconds) })
  const shown = async (id: string) => (await kit.store.listItems([id]))[0]?.rating

  describe(`${name}: ratings`, () => {
    it('keep the last one, with the activity of it, and write the same one once for each archive', async () => {
      const id = await chat('u')
      await append(message(id))
      await kit.store.setArchived(id, true, at(2))
      expect(await shown(id)).toBeNull()
      const rating = { score: 4, comment: 'Grüße 😀', rated_at: at(3) }
      expect(await rate(id, 3)).toMatchObject({
        rating,
        activity: { seq: 2, kind: 'rated', actor_id: null, body: { score: 4, comment: 'Grüße 😀' } },
      })
      expect(await rate(id, 5)).toEqual({ rating, activity: null })
      expect(await shown(id)).toEqual(rating)
      expect(await rate(id, 6, 1, null)).toMatchObject({ activity: { seq: 3, body: { score: 1, comment: null } } })
      await kit.store.setArchived(id, false, at(7))
      await kit.store.setArchived(id, true, at(8))
      expect(await rate(id, 9, 1, null)).toMatchObject({ rating: { rated_at: at(9) }, activity: { seq: 6 } })
      expect((await kit.store.personalData('u'))?.chat?.rating).toEqual({ score: 1, comment: null, rated_at: at(9) })
      for (const none of ['01950000-0000-7000-8000-00000000ffff', 'nonsense'])
        expect(await rate(none, 1)).toBeUndefined()
    })

    it('of a visitor go to the account, where the newer one counts', async () => {
      const [theirs, own] = [await chat('visitor:v'), await chat('u')]
      await append(message(own), message(theirs, { sender_id: 'visitor:v', created_at: at(2) }))
      await rate(own, 3, 1, 'older')
      await rate(theirs, 4, 5, 'newer')
      await kit.store.mergeVisitor('visitor:v', 'u', at(9))
      expect(await shown(own)).toEqual({ score: 5, comment: 'newer', rated_at: at(4) })
    })
  })
}
