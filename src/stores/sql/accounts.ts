import { sql, type Kysely, type Transaction } from 'kysely'
import type {
  AccountStore,
  StaffChange,
  StaffMember,
  StaffOutcome,
  StaffRole,
} from '../../server/ports/store/accounts.ts'
import type { SqlDatabase } from './database.ts'
import type { Tables } from './tables.ts'

const MEMBER = [
  'id',
  'email',
  'name',
  'role',
  'password',
  'totp',
  'totp_step',
  'recovery',
  'identity',
  'identity_issuer',
  'mails_off_at',
  'last_seen_at',
  'created_at',
] as const
const LINK = ['id', 'kind', 'staff_id', 'email', 'role', 'created_at', 'expires_at'] as const

export function accounts({ db, engine, insist, transaction }: SqlDatabase): AccountStore {
  const members = db.selectFrom('support_staff').select(MEMBER)
  const timeOf = (iso: string | null) => (iso === null ? null : engine.time(iso))

  /** A change with its times in the engine's format */
  const columns = ({ last_seen_at, mails_off_at, email, ...rest }: StaffChange) => ({
    ...rest,
    ...(last_seen_at !== undefined && { last_seen_at: timeOf(last_seen_at) }),
    ...(mails_off_at !== undefined && { mails_off_at: timeOf(mails_off_at) }),
    ...(email !== undefined && { email, email_lower: email.toLowerCase() }),
  })

  const insert = (within: Kysely<Tables>, { created_at: at, ...member }: StaffMember) => {
    const created_at = engine.time(at)
    const row = {
      ...member,
      email_lower: member.email.toLowerCase(),
      mails_off_at: timeOf(member.mails_off_at),
      last_seen_at: timeOf(member.last_seen_at),
      created_at,
      updated_at: created_at,
    }
    const keep = engine.onConflictDoNothing({ columns: ['email_lower'], anyColumn: 'id' })
    return within.insertInto('support_staff').values(row).modifyEnd(keep).execute()
  }

  /** What would leave nobody to manage the team is not done. All owners are locked, so that two of them do not leave at once */
  const unlessLastOwner = (
    id: string,
    leaves: boolean,
    work: (trx: Transaction<Tables>) => Promise<unknown>,
  ): Promise<StaffOutcome> =>
    transaction(async (trx) => {
      const owners = await trx
        .selectFrom('support_staff')
        .select('id')
        .where('role', '=', 'owner')
        .orderBy('id')
        .modifyEnd(engine.lock)
        .execute()
      const known = await trx.selectFrom('support_staff').select('id').where('id', '=', id).executeTakeFirst()
      if (known === undefined) return 'missing'
      if (leaves && owners.length === 1 && owners[0]?.id === id) return 'last_owner'
      await work(trx)
      return 'done'
    })

  return {
    listStaff: () => members.orderBy('created_at').orderBy('id').execute(),
    findStaff: (id) => members.where('id', '=', id).executeTakeFirst(),
    findStaffByEmail: (email) => members.where('email_lower', '=', email.toLowerCase()).executeTakeFirst(),
    findStaffByIdentity: (identity) => members.where('identity', '=', identity).executeTakeFirst(),
    async addStaff(member) {
      await insist(() => insert(db, member))
      return (await members.where('email_lower', '=', member.email.toLowerCase()).executeTakeFirst())?.id === member.id
    },
    addFirstStaff: (member) =>
      transaction(async (trx) => {
        // An empty table has no row to lock, so that those who come at once wait for each other at this one
        const lock = trx.selectFrom('support_meta').select('name').where('name', '=', 'epoch')
        await lock.modifyEnd(engine.lock).execute()
        if (await trx.selectFrom('support_staff').select('id').limit(1).executeTakeFirst()) return false
        await insert(trx, member)
        return true
      }),
    async changeStaff(id, change, expected = {}) {
      let update = db.updateTable('support_staff').set(columns(change)).where('id', '=', id)
      for (const [name, value] of Object.entries(columns(expected))) {
        const column = sql.ref<string | number | null>(name)
        update = value === null ? update.where(column, 'is', null) : update.where(column, '=', value)
      }
      const [result] = await insist(() => update.execute())
      return Number(result?.numUpdatedRows ?? 0) > 0
    },
    setStaffRole: (id: string, role: StaffRole) =>
      unlessLastOwner(id, role !== 'owner', (trx) =>
        trx.updateTable('support_staff').set({ role }).where('id', '=', id).execute(),
      ),
    removeStaff: (id) =>
      unlessLastOwner(id, true, async (trx) => {
        await trx.deleteFrom('support_staff').where('id', '=', id).execute()
        await trx.deleteFrom('support_staff_sessions').where('staff_id', '=', id).execute()
        await trx.deleteFrom('support_staff_links').where('staff_id', '=', id).execute()
        await trx.deleteFrom('support_push_subscriptions').where('staff_id', '=', id).execute()
      }),

    async addStaffSession({ id, staff_id, created_at, expires_at }) {
      const row = { id, staff_id, created_at: engine.time(created_at), expires_at: engine.time(expires_at) }
      await insist(() => db.insertInto('support_staff_sessions').values(row).execute())
    },
    async findStaffSession(id) {
      const session = await db
        .selectFrom('support_staff_sessions')
        .select(['id', 'staff_id', 'created_at', 'expires_at'])
        .where('id', '=', id)
        .executeTakeFirst()
      const member = session && (await members.where('id', '=', session.staff_id).executeTakeFirst())
      return session && member && { session, member }
    },
    async endStaffSessions(which) {
      const [column, value] = 'id' in which ? (['id', which.id] as const) : (['staff_id', which.staff_id] as const)
      await insist(() => db.deleteFrom('support_staff_sessions').where(column, '=', value).execute())
    },

    async addStaffLink({ created_at, expires_at, ...link }) {
      const row = { ...link, created_at: engine.time(created_at), expires_at: engine.time(expires_at) }
      await insist(() => db.insertInto('support_staff_links').values(row).execute())
    },
    findStaffLink: (id) => db.selectFrom('support_staff_links').select(LINK).where('id', '=', id).executeTakeFirst(),
    async takeStaffLink(id) {
      const link = await db.selectFrom('support_staff_links').select(LINK).where('id', '=', id).executeTakeFirst()
      // Whoever deletes it has it
      const [result] = await insist(() => db.deleteFrom('support_staff_links').where('id', '=', id).execute())
      return Number(result?.numDeletedRows ?? 0) > 0 ? link : undefined
    },
    listStaffLinks: (kind) =>
      db
        .selectFrom('support_staff_links')
        .select(LINK)
        .where('kind', '=', kind)
        .orderBy('created_at')
        .orderBy('id')
        .execute(),

    async recordStaffAudit({ at, ...entry }) {
      await insist(() =>
        db
          .insertInto('support_staff_audit')
          .values({ ...entry, at: engine.time(at) })
          .execute(),
      )
    },
    listStaffAudit: (limit, before) =>
      db
        .selectFrom('support_staff_audit')
        .select(['id', 'at', 'action', 'actor', 'subject', 'address'])
        .$if(before !== undefined, (all) => all.where('id', '<', before ?? ''))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),

    async sweepStaff(now, auditedBefore) {
      const at = engine.time(now)
      await insist(() => db.deleteFrom('support_staff_sessions').where('expires_at', '<=', at).execute())
      await insist(() => db.deleteFrom('support_staff_links').where('expires_at', '<=', at).execute())
      await insist(() => db.deleteFrom('support_staff_audit').where('at', '<', engine.time(auditedBefore)).execute())
    },
  }
}
