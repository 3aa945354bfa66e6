import { describe, expect, it } from 'vitest'
import { at, message, newChat, newPrefix, type DatabaseKit } from './kit.ts'

export function roundTripsConformance(name: string, kit: DatabaseKit): void {
  describe(`${name}: round trips`, () => {
    it('are as many for a thousand messages as for one, over a host’s pool, which stays open', async () => {
      const prefix = newPrefix()
      const { store, count } = await kit.openCounted(prefix)
      const chats = await Promise.all(Array.from({ length: 5 }, (_, n) => newChat(store, `u${n}`)))
      const trips = async (size: number): Promise<number> => {
        const before = count()
        const batch = Array.from({ length: size }, (_, n) =>
          message(chats[n % 5] ?? '', { client_id: `${size}-${n}`, sender_type: 'admin', notify_at: at(300) }),
        )
        const outcomes = await store.appendMessages(batch)
        expect(outcomes.every((o) => o.kind === 'stored')).toBe(true)
        return count() - before
      }
      const [one, thousand] = [await trips(1), await trips(1_000)]
      expect(thousand).toBe(one)
      expect(one).toBeLessThanOrEqual(8)
      await store.close()
      // Another store on the same pool
      expect((await (await kit.openCounted(prefix)).store.findChat(chats[0] ?? ''))?.last_seq).toBe(201)
    })
  })
}
