import { describe, expect, it } from 'vitest'
import type { Kit } from './kit.ts'

export function incarnationConformance(name: string, kit: Kit): void {
  describe(`${name}: the epoch`, () => {
    it('stays the same until it is renewed', async () => {
      const { store } = kit
      expect(store.epoch).toMatch(/^[0-9a-f]{12}$/)
      expect((await store.ping()).epoch).toBe(store.epoch)
      const before = store.epoch
      const renewed = await store.renewEpoch()
      expect(renewed).toMatch(/^[0-9a-f]{12}$/)
      expect(renewed).not.toBe(before)
      // The open store keeps its epoch; it must be opened again
      expect(store.epoch).toBe(before)
      expect((await store.ping()).epoch).toBe(renewed)
    })

    it('skips mails that may have been sent after the restored state', async () => {
      const chat = await kit.chat('ada')
      const [reply] = await kit.append(kit.reply(chat, 0))
      expect(await kit.store.nextNotification()).toBeDefined()
      await kit.store.renewEpoch()
      expect(await kit.store.nextNotification()).toBeUndefined()
      const id = reply?.kind === 'stored' ? reply.message.id : ''
      expect((await kit.store.explainNotification(id))?.notification).toMatchObject({
        state: 'skipped',
        reason: 'restored',
      })
      // Later replies get mails as usual
      await kit.append(kit.reply(chat, 1))
      expect(await kit.store.nextNotification()).toBeDefined()
    })

    it('answers with the time', async () => {
      const { time } = await kit.store.ping()
      expect(time).toBe(new Date(time).toISOString())
      expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(10_000)
    })
  })
}
