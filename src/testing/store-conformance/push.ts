import { describe, expect, it, type TestContext } from 'vitest'
import type { PushStore, PushSubscriptionRecord } from '../../server/ports/store/push.ts'
import { at, uuid, type Kit } from './kit.ts'

const subscription = (id: string, more: Partial<PushSubscriptionRecord> = {}): PushSubscriptionRecord => ({
  id,
  staff_id: 'sam',
  session_id: null,
  endpoint: `https://push.example/${id}`,
  p256dh: 'key',
  auth: 'secret',
  renewed_at: at(1),
  ...more,
})

/** Only where the store keeps them */
export function pushConformance(name: string, kit: Kit): void {
  const open = (context: TestContext): Promise<PushStore> =>
    kit.store.push?.() ?? context.skip('The store keeps no push subscriptions')
  const all = async (store: PushStore, since = at(0)) =>
    (await store.pushSubscriptions(since)).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const ids = async (store: PushStore, since = at(0)) => (await all(store, since)).map(({ id }) => id)

  describe(`${name}: push subscriptions of staff`, () => {
    it('gives all who ask at once the same keys, and those later on too', async (context) => {
      const store = await open(context)
      const given = await Promise.all(['one', 'two', 'three'].map((made) => store.pushKeys(made)))
      expect(new Set(given).size).toBe(1)
      expect(await store.pushKeys('four')).toBe(given[0])
    })

    it('knows a browser once, by who used it last', async (context) => {
      const store = await open(context)
      const long = `https://push.example/${'x'.repeat(1_900)}`
      const first = subscription('a', { session_id: `s${'x'.repeat(199)}`, endpoint: long })
      await store.savePushSubscription(first, 10)
      expect(await all(store)).toEqual([first])
      const other = subscription('a', { staff_id: 'Kim é', p256dh: 'other', auth: 'new', renewed_at: at(2) })
      await Promise.all([store.savePushSubscription(other, 10), store.savePushSubscription(other, 10)])
      expect(await all(store)).toEqual([other])
    })

    it('keeps the browsers of a member that were renewed last, and those of others', async (context) => {
      const store = await open(context)
      await store.savePushSubscription(subscription('z', { staff_id: 'kim', renewed_at: at(0) }), 3)
      for (const [i, id] of ['a', 'b', 'c'].entries())
        await store.savePushSubscription(subscription(id, { renewed_at: at(i + 1) }), 3)
      await store.savePushSubscription(subscription('a', { renewed_at: at(4) }), 3)
      await store.savePushSubscription(subscription('d', { renewed_at: at(5) }), 3)
      expect(await ids(store)).toEqual(['a', 'c', 'd', 'z'])
      await Promise.all(
        ['e', 'f', 'g', 'h'].map((id, i) => store.savePushSubscription(subscription(id, { renewed_at: at(6 + i) }), 3)),
      )
      expect(await ids(store)).toEqual(['f', 'g', 'h', 'z'])
    })

    it('removes those of a browser, a session or a member, and what was not renewed', async (context) => {
      const store = await open(context)
      const save = async (id: string, more: Partial<PushSubscriptionRecord>) =>
        store.savePushSubscription(subscription(id, more), 10)
      await save('a', { session_id: 'one' })
      await save('b', { session_id: 'two', renewed_at: at(2) })
      await save('c', { staff_id: 'kim', session_id: 'one', renewed_at: at(3) })
      await save('d', { staff_id: 'kim', renewed_at: at(4) })
      expect(await ids(store, at(3))).toEqual(['c', 'd'])
      await store.removePushSubscriptions({ id: 'a', staff_id: 'kim' })
      await store.removePushSubscriptions({ id: 'unknown' })
      expect(await ids(store)).toEqual(['a', 'b', 'c', 'd'])
      await store.removePushSubscriptions({ id: 'b', staff_id: 'sam' })
      await store.removePushSubscriptions({ session_id: 'one' })
      expect(await ids(store)).toEqual(['d'])
      await save('e', { renewed_at: at(5) })
      await store.sweepPushSubscriptions(at(5))
      expect(await ids(store)).toEqual(['e'])
      await store.removePushSubscriptions({ staff_id: 'sam' })
      expect(await ids(store)).toEqual([])
    })

    it('has none of a member who was removed, and none from before a restore', async (context) => {
      const store = await open(context)
      const accounts = (await kit.store.accounts?.()) ?? context.skip('The store keeps no accounts')
      const member = { id: uuid(1), email: 'kim@example.com', name: null, role: 'agent', password: '' } as const
      const nothing = { totp: null, totp_step: 0, recovery: null, identity: null, identity_issuer: null }
      await accounts.addStaff({ ...member, ...nothing, mails_off_at: null, last_seen_at: null, created_at: at(0) })
      await store.savePushSubscription(subscription('a', { staff_id: member.id }), 10)
      await store.savePushSubscription(subscription('b'), 10)
      expect(await accounts.removeStaff(member.id)).toBe('done')
      expect(await ids(store)).toEqual(['b'])
      const keys = await store.pushKeys('made')
      await kit.store.renewEpoch()
      expect(await ids(store)).toEqual([])
      expect(await store.pushKeys('made later')).toBe(keys)
    })
  })
}
