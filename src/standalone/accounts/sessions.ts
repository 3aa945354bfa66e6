// The sessions of staff who signed in with an account: what the cookie holds, and for how long.
import type { Identity } from '../../server/people/identity.ts'
import type { Whom } from '../../server/people/revocations.ts'
import { isoTime, type Clock } from '../../server/ports/clock.ts'
import type { AccountStore, StaffMember } from '../../server/ports/store/accounts.ts'
import { nameOf, type RecordAction } from './member.ts'
import { digest, newToken } from './secrets.ts'

const MINUTE = 60_000
const AUDITED_FOR = 400 * 24 * 60 * MINUTE
/** `last_seen_at` is written this often (ms), not with every request */
const SEEN_EVERY = 5 * MINUTE

export interface StaffSessionsOptions {
  store: AccountStore
  clock: Clock
  /** Ends sessions and closes sockets on every node */
  revoke: (whom: Whom) => Promise<void>
  /** How long a session lasts (ms) */
  sessionFor: number
  record: RecordAction
}

export class StaffSessions {
  readonly #options: StaffSessionsOptions

  constructor(options: StaffSessionsOptions) {
    this.#options = options
  }

  /** @returns what the cookie holds */
  async start(member: StaffMember, address: string | null): Promise<{ token: string; expiresAt: number }> {
    const { store, clock, sessionFor, record } = this.#options
    const token = newToken()
    const now = clock.now()
    await this.sweep()
    const expiresAt = now + sessionFor
    const session = { staff_id: member.id, created_at: isoTime(now), expires_at: isoTime(expiresAt) }
    await store.addStaffSession({ id: digest(token), ...session })
    await store.changeStaff(member.id, { last_seen_at: isoTime(now) })
    await record('signed_in', { name: nameOf(member), address })
    return { token, expiresAt }
  }

  /** Deletes what has expired: sessions, links, and old entries of the audit log */
  sweep(): Promise<void> {
    const { store, clock } = this.#options
    const now = clock.now()
    return store.sweepStaff(isoTime(now), isoTime(now - AUDITED_FOR))
  }

  /** The member whose session the cookie holds; null: nobody's */
  async find(token: string): Promise<{ identity: Identity; member: StaffMember } | null> {
    const { store, clock } = this.#options
    const found = await store.findStaffSession(digest(token))
    const now = clock.now()
    if (!found || Date.parse(found.session.expires_at) <= now) return null
    const { session, member } = found
    const seenAt = member.last_seen_at
    if (seenAt === null || Date.parse(seenAt) < now - SEEN_EVERY) {
      // Of requests at the same time, one writes
      await store.changeStaff(member.id, { last_seen_at: isoTime(now) }, { last_seen_at: seenAt })
    }
    return {
      member,
      identity: {
        id: member.id,
        role: 'admin',
        email: member.email,
        name: member.name,
        expiresAt: Date.parse(session.expires_at),
        issuedAt: Date.parse(session.created_at),
        sessionId: session.id,
      },
    }
  }

  async end(token: string): Promise<void> {
    const { store, revoke } = this.#options
    const id = digest(token)
    await store.endStaffSessions({ id })
    await revoke({ session: id })
  }

  async endAllOf({ id }: Pick<StaffMember, 'id'>): Promise<void> {
    const { store, revoke } = this.#options
    await store.endStaffSessions({ staff_id: id })
    await revoke({ id, role: 'admin' })
  }

  async signOutEverywhere(member: StaffMember, address: string | null): Promise<void> {
    await this.endAllOf(member)
    await this.#options.record('signed_out_everywhere', { name: nameOf(member), address })
  }
}
