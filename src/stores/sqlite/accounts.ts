import type {
  AccountStore,
  StaffAuditEntry,
  StaffChange,
  StaffLink,
  StaffLinkKind,
  StaffMember,
  StaffOutcome,
  StaffRole,
  StaffSession,
} from '../../server/ports/store/accounts.ts'
import type { SqliteValue } from './connection.ts'
import type { Database } from './database.ts'

const MEMBER =
  'id, email, name, role, password, totp, totp_step, recovery, last_seen_at, created_at, identity, identity_issuer, mails_off_at'
const LINK = 'id, kind, staff_id, email, role, created_at, expires_at'

export function accounts(db: Database): AccountStore {
  const list = db.prepare<StaffMember>(`SELECT ${MEMBER} FROM support_staff ORDER BY created_at, id`)
  const byId = db.prepare<StaffMember>(`SELECT ${MEMBER} FROM support_staff WHERE id = ?`)
  const byEmail = db.prepare<StaffMember>(`SELECT ${MEMBER} FROM support_staff WHERE email_lower = ?`)
  const byIdentity = db.prepare<StaffMember>(`SELECT ${MEMBER} FROM support_staff WHERE identity = ?`)
  const add = db.prepare(`INSERT INTO support_staff (${MEMBER}, email_lower, updated_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?10) ON CONFLICT (email_lower) DO NOTHING`)
  const setRole = db.prepare('UPDATE support_staff SET role = ?2 WHERE id = ?1')
  const owners = db.prepare<{ id: string }>(`SELECT id FROM support_staff WHERE role = 'owner'`)
  const remove = db.prepare('DELETE FROM support_staff WHERE id = ?')
  const removePush = db.prepare('DELETE FROM support_push_subscriptions WHERE staff_id = ?')
  const removeLinks = db.prepare('DELETE FROM support_staff_links WHERE staff_id = ?')

  const addSession = db.prepare(
    'INSERT INTO support_staff_sessions (id, staff_id, created_at, expires_at) VALUES (?, ?, ?, ?)',
  )
  const findSession = db.prepare<StaffSession>(
    'SELECT id, staff_id, created_at, expires_at FROM support_staff_sessions WHERE id = ?',
  )
  const endSession = db.prepare('DELETE FROM support_staff_sessions WHERE id = ?')
  const endAll = db.prepare('DELETE FROM support_staff_sessions WHERE staff_id = ?')

  const addLink = db.prepare(`INSERT INTO support_staff_links (${LINK}) VALUES (?, ?, ?, ?, ?, ?, ?)`)
  const findLink = db.prepare<StaffLink>(`SELECT ${LINK} FROM support_staff_links WHERE id = ?`)
  const takeLink = db.prepare('DELETE FROM support_staff_links WHERE id = ?')
  const linksOf = db.prepare<StaffLink>(
    `SELECT ${LINK} FROM support_staff_links WHERE kind = ? ORDER BY created_at, id`,
  )

  const record = db.prepare(
    'INSERT INTO support_staff_audit (id, at, action, actor, subject, address) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const audit = db.prepare<StaffAuditEntry>(
    'SELECT id, at, action, actor, subject, address FROM support_staff_audit WHERE id < ? ORDER BY id DESC LIMIT ?',
  )
  const sweeps = ['sessions', 'links'].map((name) =>
    db.prepare(`DELETE FROM support_staff_${name} WHERE expires_at <= ?`),
  )
  const sweepAudit = db.prepare('DELETE FROM support_staff_audit WHERE at < ?')

  const insert = (member: StaffMember): boolean =>
    add.run(
      member.id,
      member.email,
      member.name,
      member.role,
      member.password,
      member.totp,
      member.totp_step,
      member.recovery,
      member.last_seen_at,
      member.created_at,
      member.identity,
      member.identity_issuer,
      member.mails_off_at,
      member.email.toLowerCase(),
    ) > 0

  /** What would leave nobody to manage the team is not done */
  const unlessLastOwner = (id: string, leaves: boolean, work: () => unknown): Promise<StaffOutcome> =>
    db.transaction(() => {
      if (byId.get(id) === undefined) return 'missing'
      const all = owners.all()
      if (leaves && all.length === 1 && all[0]?.id === id) return 'last_owner'
      work()
      return 'done'
    })

  return {
    listStaff: async () => list.all(),
    findStaff: async (id) => byId.get(id),
    findStaffByEmail: async (email) => byEmail.get(email.toLowerCase()),
    findStaffByIdentity: async (identity) => byIdentity.get(identity),
    addStaff: (member) => db.transaction(() => insert(member)),
    addFirstStaff: (member) => db.transaction(() => list.get() === undefined && insert(member)),
    async changeStaff(id: string, change: StaffChange, expected: StaffChange = {}) {
      const { email } = change
      const set = Object.entries({ ...change, ...(email !== undefined && { email_lower: email.toLowerCase() }) })
      const where = Object.entries(expected)
      const statement = db.prepare(`UPDATE support_staff SET ${set.map(([name]) => `${name} = ?`).join(', ')}
        WHERE id = ?${where.map(([name]) => ` AND ${name} IS ?`).join('')}`)
      const values: SqliteValue[] = [...set.map(([, value]) => value), id, ...where.map(([, value]) => value)]
      return (await db.transaction(() => statement.run(...values))) > 0
    },
    setStaffRole: (id: string, role: StaffRole) => unlessLastOwner(id, role !== 'owner', () => setRole.run(id, role)),
    removeStaff: (id) =>
      unlessLastOwner(id, true, () => {
        remove.run(id)
        endAll.run(id)
        removeLinks.run(id)
        removePush.run(id)
      }),

    async addStaffSession({ id, staff_id, created_at, expires_at }) {
      await db.transaction(() => addSession.run(id, staff_id, created_at, expires_at))
    },
    async findStaffSession(id) {
      const session = findSession.get(id)
      const member = session && byId.get(session.staff_id)
      return session && member && { session, member }
    },
    async endStaffSessions(which) {
      await db.transaction(() => ('id' in which ? endSession.run(which.id) : endAll.run(which.staff_id)))
    },

    async addStaffLink({ id, kind, staff_id, email, role, created_at, expires_at }) {
      await db.transaction(() => addLink.run(id, kind, staff_id, email, role, created_at, expires_at))
    },
    findStaffLink: async (id) => findLink.get(id),
    takeStaffLink: (id) =>
      db.transaction(() => {
        const link = findLink.get(id)
        takeLink.run(id)
        return link
      }),
    listStaffLinks: async (kind: StaffLinkKind) => linksOf.all(kind),

    async recordStaffAudit({ id, at, action, actor, subject, address }) {
      await db.transaction(() => record.run(id, at, action, actor, subject, address))
    },
    // Every id sorts before this one
    listStaffAudit: async (limit, before = 'g') => audit.all(before, limit),

    async sweepStaff(now, auditedBefore) {
      await db.transaction(() => {
        for (const sweep of sweeps) sweep.run(now)
        sweepAudit.run(auditedBefore)
      })
    },
  }
}
