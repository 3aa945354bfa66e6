// The team is one document, in which it is decided who is in it: addresses are unique, and an owner stays. Sessions and links of somebody who
// is not in it are worth nothing.
import type {
  AccountStore,
  StaffAuditEntry,
  StaffLink,
  StaffMember,
  StaffOutcome,
  StaffSession,
} from '../../server/ports/store/accounts.ts'
import type { Decision, MongoDatabase } from './database.ts'
import type { TeamDoc } from './documents.ts'

const TEAM = 'team'
const sameAddress = (email: string) => (member: StaffMember) => member.email.toLowerCase() === email.toLowerCase()

const withId = <Doc extends { _id: string }>({ _id: id, ...rest }: Doc): Omit<Doc, '_id'> & { id: string } => ({
  id,
  ...rest,
})

export function accounts(db: MongoDatabase): AccountStore {
  const sessions = db.collection('staff_sessions')
  const links = db.collection('staff_links')
  const audit = db.collection('staff_audit')

  async function members(): Promise<StaffMember[]> {
    const all = (await db.collection('staff').findOne({ _id: TEAM }))?.members ?? []
    return all.toSorted((a, b) => (a.created_at + a.id < b.created_at + b.id ? -1 : 1))
  }

  /** @param decide returns the members as they are to be; undefined leaves them */
  const changeTeam = <Result>(
    decide: (all: StaffMember[]) => { all?: StaffMember[]; result: Result },
  ): Promise<Result> =>
    db.change('staff', TEAM, (team): Decision<Omit<TeamDoc, 'version'>, Result> => {
      const { all, result } = decide(team?.members ?? [])
      return all ? { doc: { _id: TEAM, members: all }, result } : { result }
    })

  const add = (member: StaffMember, mayBe: (all: StaffMember[]) => boolean): Promise<boolean> =>
    changeTeam((all) =>
      mayBe(all) && !all.some(sameAddress(member.email)) && !hasIdentity(all, member)
        ? { all: [...all, member], result: true }
        : { result: false },
    )
  const hasIdentity = (all: StaffMember[], { id, identity }: Pick<StaffMember, 'id' | 'identity'>): boolean =>
    identity !== null && all.some((one) => one.id !== id && one.identity === identity)

  /** What would leave nobody to manage the team is not done */
  const unlessLastOwner = (
    id: string,
    leaves: boolean,
    work: (all: StaffMember[]) => StaffMember[],
  ): Promise<StaffOutcome> =>
    changeTeam((all) => {
      const member = all.find((one) => one.id === id)
      if (!member) return { result: 'missing' }
      const owners = all.filter(({ role }) => role === 'owner')
      if (leaves && owners.length === 1 && member.role === 'owner') return { result: 'last_owner' }
      return { all: work(all), result: 'done' }
    })

  return {
    listStaff: members,
    findStaff: async (id) => (await members()).find((one) => one.id === id),
    findStaffByEmail: async (email) => (await members()).find(sameAddress(email)),
    findStaffByIdentity: async (identity) => (await members()).find((one) => one.identity === identity),
    addStaff: (member) => add(member, () => true),
    addFirstStaff: (member) => add(member, (all) => all.length === 0),
    changeStaff: (id, change, expected = {}) =>
      changeTeam((all) => {
        const member = all.find((one) => one.id === id)
        const isExpected = (Object.keys(expected) as (keyof typeof expected)[]).every(
          (name) => member?.[name] === expected[name],
        )
        if (!member || !isExpected) return { result: false }
        const changed: StaffMember = { ...member, ...change }
        const others = all.filter((one) => one.id !== id)
        if (others.some(sameAddress(changed.email)) || hasIdentity(others, changed))
          throw new Error('Another member has this address or identity')
        return { all: all.map((one) => (one.id === id ? changed : one)), result: true }
      }),
    setStaffRole: (id, role) =>
      unlessLastOwner(id, role !== 'owner', (all) => all.map((one) => (one.id === id ? { ...one, role } : one))),
    async removeStaff(id) {
      const outcome = await unlessLastOwner(id, true, (all) => all.filter((one) => one.id !== id))
      if (outcome === 'done') {
        await sessions.deleteMany({ staff_id: id })
        await links.deleteMany({ staff_id: id })
        await db.collection('push_subscriptions').deleteMany({ staff_id: id })
      }
      return outcome
    },

    async addStaffSession({ id, ...session }: StaffSession) {
      await sessions.insertOne({ _id: id, ...session })
    },
    async findStaffSession(id) {
      const session = await sessions.findOne({ _id: id })
      const member = session && (await members()).find((one) => one.id === session.staff_id)
      return session && member ? { session: withId(session), member } : undefined
    },
    async endStaffSessions(which) {
      await sessions.deleteMany('id' in which ? { _id: which.id } : { staff_id: which.staff_id })
    },

    async addStaffLink({ id, ...link }: StaffLink) {
      await links.insertOne({ _id: id, ...link })
    },
    async findStaffLink(id) {
      const link = await links.findOne({ _id: id })
      return link ? withId(link) : undefined
    },
    async takeStaffLink(id) {
      const link = await links.findOneAndDelete({ _id: id })
      return link ? withId(link) : undefined
    },
    listStaffLinks: async (kind) =>
      (await links.find({ kind }).sort({ created_at: 1, _id: 1 }).toArray()).map((link) => withId(link)),

    async recordStaffAudit({ id, ...entry }: StaffAuditEntry) {
      await audit.insertOne({ _id: id, ...entry })
    },
    // Every id sorts before this one
    listStaffAudit: async (limit, before = 'g') =>
      (
        await audit
          .find({ _id: { $lt: before } })
          .sort({ _id: -1 })
          .limit(limit)
          .toArray()
      ).map((entry) => withId(entry)),

    async sweepStaff(now, auditedBefore) {
      await sessions.deleteMany({ expires_at: { $lte: now } })
      await links.deleteMany({ expires_at: { $lte: now } })
      await audit.deleteMany({ at: { $lt: auditedBefore } })
    },
  }
}
