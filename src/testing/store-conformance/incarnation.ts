import { describe, expect, it } from 'vitest'
import { at, uuid, type Kit } from './kit.ts'

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
      expect(await kit.store.nextNotification('reply')).toBeDefined()
      await kit.store.renewEpoch()
      expect(await kit.store.nextNotification('reply')).toBeUndefined()
      const id = reply?.kind === 'stored' ? reply.message.id : ''
      expect((await kit.store.explainNotification(id))?.notification).toMatchObject({
        state: 'skipped',
        reason: 'restored',
      })
      // Later replies get mails as usual
      await kit.append(kit.reply(chat, 1))
      expect(await kit.store.nextNotification('reply')).toBeDefined()
    })

    it('ends the sessions and links of staff, some of which had ended after the restored state', async (context) => {
      const store = (await kit.store.accounts?.()) ?? context.skip('The store keeps no accounts')
      const times = { created_at: at(0), expires_at: at(9) }
      const ada = { id: uuid(1), email: 'ada@example.com', name: null, role: 'owner' as const, password: 'x' }
      const none = {
        totp: null,
        totp_step: 0,
        recovery: null,
        identity: null,
        identity_issuer: null,
        mails_off_at: null,
        last_seen_at: null,
      }
      await store.addStaff({ ...ada, ...none, created_at: at(0) })
      await store.addStaffSession({ id: 's', staff_id: uuid(1), ...times })
      await store.addStaffLink({ id: 'l', kind: 'invitation', staff_id: null, email: null, role: 'agent', ...times })
      await kit.store.renewEpoch()
      expect(await store.findStaffLink('l')).toBeUndefined()
      expect(await store.findStaffSession('s')).toBeUndefined()
      expect(await store.findStaff(uuid(1))).toBeDefined()
    })

    it('answers with the time', async () => {
      const asked = Date.now()
      const { time } = await kit.store.ping()
      expect(time).toBe(new Date(time).toISOString())
      // Clocks may differ
      expect(Date.parse(time)).toBeGreaterThan(asked - 10_000)
      expect(Date.parse(time)).toBeLessThan(Date.now() + 10_000)
    })
  })
}
