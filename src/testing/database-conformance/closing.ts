import { describe, expect, it } from 'vitest'
import { message, newChat, newPrefix, type DatabaseKit } from './kit.ts'

export function closingConformance(name: string, kit: Pick<DatabaseKit, 'openCounted' | 'holdChat'>): void {
  describe(`${name}: closing`, () => {
    it('waits for a transaction that is waiting for a lock', { timeout: 120_000 }, async () => {
      const prefix = newPrefix()
      const { store, count } = await kit.openCounted(prefix)
      const chat = await newChat(store, 'u')
      const letGo = await kit.holdChat(prefix, chat)
      const before = count()
      const ended: string[] = []
      const appending = store.appendMessages([message(chat)]).then(([outcome]) => ended.push(outcome?.kind ?? ''))
      await expect.poll(() => count() - before).toBeGreaterThan(1)
      const closing = store.close().then(() => ended.push('closed'))
      await expect(store.ping()).rejects.toMatchObject({ name: 'StoreUnavailable', message: 'The store is closed' })
      expect(ended).toEqual([])
      await letGo()
      await Promise.all([appending, closing])
      expect(ended).toEqual(['stored', 'closed'])
      // The host's pool stays open
      expect((await (await kit.openCounted(prefix)).store.findChat(chat))?.last_seq).toBe(1)
    })
  })
}
