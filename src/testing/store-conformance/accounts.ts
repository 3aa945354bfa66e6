import { describe, expect, it, type TestContext } from 'vitest'
import type { AccountStore, StaffLink, StaffMember } from '../../server/ports/store/accounts.ts'
import { at, uuid, type Kit } from './kit.ts'

const member = (n: number, more: Partial<StaffMember> = {}): StaffMember => ({
  id: uuid(n),
  email: `Member${n}@example.com`,
  name: `Member ${n}`,
  role: 'agent',
  password: '$argon2id$…',
  totp: null,
  totp_step: 0,
  recovery: null,
  identity: null,
  identity_issuer: null,
  mails_off_at: null,
  last_seen_at: null,
  created_at: at(n),
  ...more,
})
const link = (id: string, more: Partial<StaffLink> = {}): StaffLink => ({
  id,
  kind: 'invitation',
  staff_id: null,
  email: 'new@example.com',
  role: 'agent',
  created_at: at(1),
  expires_at: at(100),
  ...more,
})

/** Only where the store keeps accounts */
export function accountsConformance(name: string, kit: Kit): void {
  const open = (context: TestContext): Promise<AccountStore> =>
    kit.store.accounts?.() ?? context.skip('The store keeps no accounts')

  describe(`${name}: accounts of staff`, () => {
    it('finds a member by id, and by address in any case', async (context) => {
      const store = await open(context)
      const ada = member(1, { role: 'owner', totp: 'secret', recovery: 'a b' })
      expect(await store.addStaff(ada)).toBe(true)
      expect(await store.addStaff(member(2, { name: null }))).toBe(true)
      expect(await store.findStaff(uuid(1))).toEqual(ada)
      expect(await store.findStaffByEmail('MEMBER1@example.com')).toEqual(ada)
      expect(await store.listStaff()).toEqual([ada, member(2, { name: null })])
      expect(await store.findStaff(uuid(3))).toBeUndefined()
      expect(await store.findStaffByEmail('member3@example.com')).toBeUndefined()
    })

    it('finds a member by their account at a provider', async (context) => {
      const store = await open(context)
      const ada = member(1, { password: '', identity: 'digest', identity_issuer: 'https://id.example.com' })
      await store.addStaff(ada)
      await store.addStaff(member(2))
      expect(await store.findStaffByIdentity('digest')).toEqual(ada)
      expect(await store.findStaffByIdentity('Digest')).toBeUndefined()
      const change = { mails_off_at: at(3), identity: 'other', identity_issuer: 'https://login.example.com' }
      expect(await store.changeStaff(uuid(2), change, { identity: null })).toBe(true)
      expect(await store.changeStaff(uuid(2), change, { identity: null })).toBe(false)
      expect(await store.findStaffByIdentity('other')).toEqual(member(2, change))
    })

    it('gives an address to one member, also where two ask at once', async (context) => {
      const store = await open(context)
      const same = [1, 2, 3].map((n) => member(n, { email: n === 1 ? 'A@example.com' : 'a@example.com' }))
      const added = await Promise.all(same.map((one) => store.addStaff(one)))
      expect(added.filter(Boolean)).toHaveLength(1)
      expect(await store.listStaff()).toEqual(same.filter((_one, i) => added[i]))
    })

    it('adds the first member once, also where several ask at once', async (context) => {
      const store = await open(context)
      const added = await Promise.all([1, 2, 3, 4].map((n) => store.addFirstStaff(member(n, { role: 'owner' }))))
      expect(added.filter(Boolean)).toHaveLength(1)
      expect(await store.listStaff()).toHaveLength(1)
      expect(await store.addFirstStaff(member(5))).toBe(false)
    })

    it('changes a member only where the expected values hold, and once', async (context) => {
      const store = await open(context)
      await store.addStaff(member(1, { totp_step: 5, recovery: 'a b' }))
      expect(await store.changeStaff(uuid(1), { totp_step: 6 }, { totp_step: 4 })).toBe(false)
      expect(await store.changeStaff(uuid(1), { totp: 'x' }, { totp: 'y' })).toBe(false)
      expect(await store.changeStaff(uuid(1), { totp: 'x', last_seen_at: at(9) }, { totp: null })).toBe(true)
      const once = await Promise.all(
        [1, 2, 3].map(() => store.changeStaff(uuid(1), { recovery: 'b' }, { recovery: 'a b' })),
      )
      expect(once.filter(Boolean)).toHaveLength(1)
      expect(await store.changeStaff(uuid(1), { email: 'New@example.com' })).toBe(true)
      expect(await store.findStaffByEmail('new@example.com')).toEqual(
        member(1, { email: 'New@example.com', totp: 'x', totp_step: 5, recovery: 'b', last_seen_at: at(9) }),
      )
      expect(await store.changeStaff(uuid(2), { name: 'x' })).toBe(false)
    })

    it('keeps an owner, also where two owners leave at once', async (context) => {
      const store = await open(context)
      for (const n of [1, 2]) await store.addStaff(member(n, { role: 'owner' }))
      await store.addStaff(member(3))
      const outcomes = await Promise.all([store.removeStaff(uuid(1)), store.setStaffRole(uuid(2), 'agent')])
      expect(outcomes.toSorted()).toEqual(['done', 'last_owner'])
      expect((await store.listStaff()).filter(({ role }) => role === 'owner')).toHaveLength(1)
      expect(await store.setStaffRole(uuid(3), 'owner')).toBe('done')
      expect(await store.removeStaff(uuid(9))).toBe('missing')
      expect(await store.setStaffRole(uuid(9), 'agent')).toBe('missing')
    })

    it('finds a session with its member, until either is gone', async (context) => {
      const store = await open(context)
      for (const n of [1, 2]) await store.addStaff(member(n))
      const session = (id: string, n: number) => ({ id, staff_id: uuid(n), created_at: at(1), expires_at: at(n * 50) })
      for (const [id, n] of [
        ['a', 1],
        ['b', 1],
        ['c', 2],
        ['d', 2],
      ] as const)
        await store.addStaffSession(session(id, n))
      expect(await store.findStaffSession('a')).toEqual({ session: session('a', 1), member: member(1) })
      await store.endStaffSessions({ id: 'c' })
      expect(await store.findStaffSession('c')).toBeUndefined()
      await store.endStaffSessions({ staff_id: uuid(1) })
      expect(await store.findStaffSession('b')).toBeUndefined()
      await store.removeStaff(uuid(2))
      expect(await store.findStaffSession('d')).toBeUndefined()
    })

    it('gives a link to one of those who take it', async (context) => {
      const store = await open(context)
      await store.addStaffLink(link('a'))
      await store.addStaffLink(link('b', { kind: 'reset', staff_id: uuid(1), email: null, role: null }))
      await store.addStaffLink(link('c', { created_at: at(0) }))
      expect((await store.listStaffLinks('invitation')).map(({ id }) => id)).toEqual(['c', 'a'])
      expect(await store.findStaffLink('a')).toEqual(link('a'))
      const taken = await Promise.all([1, 2, 3].map(() => store.takeStaffLink('a')))
      expect(taken.filter((one) => one !== undefined)).toEqual([link('a')])
      expect(await store.takeStaffLink('x')).toBeUndefined()
    })

    it('lists what was recorded, newest first, page by page', async (context) => {
      const store = await open(context)
      const entry = (n: number) => ({
        id: uuid(n),
        at: at(n),
        action: 'signed_in',
        actor: n === 1 ? null : 'Ada',
        subject: null,
        address: '10.0.0.1',
      })
      for (const n of [1, 2, 3]) await store.recordStaffAudit(entry(n))
      expect(await store.listStaffAudit(2)).toEqual([entry(3), entry(2)])
      expect(await store.listStaffAudit(2, uuid(2))).toEqual([entry(1)])
    })

    it('refuses everything once the store is closed', async (context) => {
      const store = await open(context)
      await kit.store.close()
      await expect(store.listStaff()).rejects.toMatchObject({ name: 'StoreUnavailable' })
      await expect(store.addStaff(member(1))).rejects.toMatchObject({ name: 'StoreUnavailable' })
      await expect(store.removeStaff(uuid(1))).rejects.toMatchObject({ name: 'StoreUnavailable' })
    })

    it('sweeps what has expired', async (context) => {
      const store = await open(context)
      await store.addStaff(member(1))
      for (const n of [1, 2]) {
        await store.addStaffSession({ id: `s${n}`, staff_id: uuid(1), created_at: at(0), expires_at: at(n) })
        await store.addStaffLink(link(`l${n}`, { expires_at: at(n) }))
        const nobody = { actor: null, subject: null, address: null }
        await store.recordStaffAudit({ id: uuid(n), at: at(n), action: 'x', ...nobody })
      }
      await store.sweepStaff(at(1), at(2))
      expect(await store.findStaffSession('s1')).toBeUndefined()
      expect(await store.findStaffSession('s2')).toBeDefined()
      expect((await store.listStaffLinks('invitation')).map(({ id }) => id)).toEqual(['l2'])
      expect((await store.listStaffAudit(9)).map(({ id }) => id)).toEqual([uuid(2)])
    })
  })
}
