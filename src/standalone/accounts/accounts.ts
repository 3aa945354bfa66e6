// The accounts of staff: who they are, how they prove it, and what they may do to each other. Pages and routes come after it.
import { v7 as uuidv7 } from 'uuid'
import type { StaffRole } from '../../protocol/account.ts'
import { isEmailAddress } from '../../protocol/email-address.ts'
import type { Whom } from '../../server/people/revocations.ts'
import { isoTime, type Clock } from '../../server/ports/clock.ts'
import type { AllowanceStore } from '../../server/ports/store/allowances.ts'
import type { AccountStore, StaffMember, StaffOutcome } from '../../server/ports/store/accounts.ts'
import { Invitations } from './invitations.ts'
import { JOINING, joinWith, type JoiningOptions } from './joining.ts'
import { AttemptLimits } from './limits.ts'
import { AccountRefused, confirmPassword, nameOf, type Actor, type RecordAction } from './member.ts'
import { OneTimeLinks } from './one-time-links.ts'
import { Memberships } from './oidc/membership.ts'
import { hashPassword, isGoodPassword, isPassword } from './passwords.ts'
import { SecondFactors } from './second-factors.ts'
import type { Secrets } from './secrets.ts'
import { StaffSessions } from './sessions.ts'

const DAY = 24 * 60 * 60_000

/** Where an attempt to sign in comes from */
interface SeenFrom {
  address: string | null
  /** What the browser kept from an earlier sign-in */
  browserMark: string | undefined
}

interface PasswordAttempt extends SeenFrom {
  email: string
  password: string
}

interface CodeAttempt extends SeenFrom {
  code: string
}

export interface AccountsOptions {
  store: AccountStore
  allowances: AllowanceStore
  secrets: Secrets
  clock: Clock
  /** Ends sessions and closes sockets on every node */
  revoke: (whom: Whom) => Promise<void>
  /** The same for who is no member any more, whose chats are given back */
  left: (id: string) => Promise<void>
  /** How long a session lasts (ms). Default: 30 days */
  sessionFor?: number | undefined
}

export class Accounts {
  readonly links: OneTimeLinks
  readonly secondFactors: SecondFactors
  readonly limits: AttemptLimits
  readonly invitations: Invitations
  readonly memberships: Memberships
  readonly sessions: StaffSessions
  readonly #store: AccountStore
  readonly #clock: Clock
  readonly #secrets: Secrets
  readonly #joining: JoiningOptions
  readonly #left: (id: string) => Promise<void>

  constructor({ store, allowances, secrets, clock, revoke, left, sessionFor = 30 * DAY }: AccountsOptions) {
    this.links = new OneTimeLinks(store, clock)
    this.secondFactors = new SecondFactors({ store, secrets, clock, record: this.record })
    this.limits = new AttemptLimits(allowances, clock)
    this.#store = store
    this.#clock = clock
    this.#secrets = secrets
    this.#joining = { store, clock, record: this.record }
    this.invitations = new Invitations(store, this.links, this.record)
    this.memberships = new Memberships(this.links, this.invitations, this.#joining)
    this.sessions = new StaffSessions({ store, clock, revoke, sessionFor, record: this.record })
    this.#left = left
  }

  // --- who is there ------------------------------------------------------------------------------------------------

  list(): Promise<StaffMember[]> {
    return this.#store.listStaff()
  }

  find(id: string): Promise<StaffMember | undefined> {
    return this.#store.findStaff(id)
  }

  findByEmail(email: string): Promise<StaffMember | undefined> {
    const address = email.trim()
    // What is no address would be an error in some databases
    return isEmailAddress(address) ? this.#store.findStaffByEmail(address) : Promise.resolve(undefined)
  }

  /** @param wanted they get mails about messages that wait */
  async wantMails({ id }: StaffMember, wanted: boolean): Promise<void> {
    await this.#store.changeStaff(id, { mails_off_at: wanted ? null : isoTime(this.#clock.now()) })
  }

  // --- proofs ------------------------------------------------------------------------------------------------------

  /**
   * @returns the member; undefined when the address or the password is wrong, and it takes as long to say which
   * @throws DeskbellError `rate_limited`
   */
  async checkPassword({ email, password, ...from }: PasswordAttempt): Promise<StaffMember | undefined> {
    const member = await this.findByEmail(email)
    const attempt = { at: 'password', account: email, ...this.#seen(from, member) } as const
    const check = async () => ((await isPassword(member?.password || null, password)) ? member : undefined)
    return this.limits.attempt(attempt, check, (found) => found !== undefined)
  }

  /** @returns whether the code is good; it is used up then. @throws DeskbellError `rate_limited` */
  checkCode(member: StaffMember, { code, ...from }: CodeAttempt): Promise<boolean> {
    const attempt = { at: 'code', account: member.id, ...this.#seen(from, member) } as const
    return this.limits.attempt(attempt, () => this.secondFactors.useCode(member, code, from.address), Boolean)
  }

  #seen({ address, browserMark }: SeenFrom, member: StaffMember | undefined) {
    const isKnownBrowser = member !== undefined && this.#secrets.isBrowserMark(browserMark ?? '', member)
    return { address, isKnownBrowser }
  }

  browserMark(member: StaffMember): string {
    return this.#secrets.browserMark(member)
  }

  // --- links -------------------------------------------------------------------------------------------------------

  /** A token to make the first account; null when there is one */
  async firstOwnerToken(): Promise<string | null> {
    await this.sessions.sweep()
    return (await this.list()).length > 0 ? null : this.links.add({ kind: 'first_owner', role: 'owner' })
  }

  /**
   * Makes the account of who has the link, and uses it up.
   * @returns undefined when the link is not good
   * @throws AccountRefused `weak_password`, `invalid_address`, `address_taken`
   */
  async join(
    token: string,
    { email, name, password }: { email: string; name: string; password: string },
    address: string | null,
  ): Promise<StaffMember | undefined> {
    const link = await this.links.open(token, JOINING)
    if (!link || (link.kind === 'first_owner' && (await this.list()).length > 0)) return undefined
    const theirs = link.email ?? email.trim()
    if (!isEmailAddress(theirs)) throw new AccountRefused('invalid_address')
    if (!isGoodPassword(password)) throw new AccountRefused('weak_password')
    if (await this.findByEmail(theirs)) throw new AccountRefused('address_taken')
    const hash = await hashPassword(password)
    const newcomer = { email: theirs, name, password: hash, identity: null, identity_issuer: null }
    return joinWith(link, newcomer, address, this.#joining)
  }

  /** For the operator, who lets a member in without their password or their provider */
  signInToken(member: StaffMember): Promise<string> {
    return this.links.add({ kind: 'sign_in', staff_id: member.id })
  }

  resetToken(member: StaffMember): Promise<string> {
    return this.links.add({ kind: 'reset', staff_id: member.id })
  }

  /**
   * Sets the password of who has the link, uses it up, and signs the member out everywhere.
   * @returns undefined when the link is not good
   * @throws AccountRefused `weak_password`
   */
  async reset(token: string, password: string, address: string | null): Promise<StaffMember | undefined> {
    if (!(await this.links.open(token, ['reset']))) return undefined
    if (!isGoodPassword(password)) throw new AccountRefused('weak_password')
    const hash = await hashPassword(password)
    const link = await this.links.take(token, ['reset'])
    const member = link?.staff_id ? await this.find(link.staff_id) : undefined
    if (!member) return undefined
    const changed = await this.#setPassword(member, hash)
    await this.record('password_reset', { name: nameOf(member), address })
    return changed
  }

  /** Whoever knew the old password, or has another link to replace it, can do nothing with them any more */
  async #setPassword(member: StaffMember, password: string): Promise<StaffMember> {
    await this.#store.changeStaff(member.id, { password })
    for (const kind of ['reset', 'second_factor', 'sign_in'] as const)
      for (const link of await this.#store.listStaffLinks(kind))
        if (link.staff_id === member.id) await this.#store.takeStaffLink(link.id)
    await this.sessions.endAllOf(member)
    return { ...member, password }
  }

  // --- one's own account -------------------------------------------------------------------------------------------

  /** Signs the member out everywhere, so that they begin a new session. @throws AccountRefused */
  async changePassword(
    member: StaffMember,
    { current, password }: { current: string; password: string },
    address: string | null,
  ): Promise<StaffMember> {
    await confirmPassword(member, current)
    if (!isGoodPassword(password)) throw new AccountRefused('weak_password')
    const changed = await this.#setPassword(member, await hashPassword(password))
    await this.record('password_changed', { name: nameOf(member), address })
    return changed
  }

  // --- the team ----------------------------------------------------------------------------------------------------

  /** What the member may do changes with their next request; a demotion also ends their sessions. */
  async setRole(member: StaffMember, role: StaffRole, actor: Actor): Promise<StaffOutcome> {
    const outcome = await this.#store.setStaffRole(member.id, role)
    if (outcome !== 'done') return outcome
    if (role !== 'owner') await this.sessions.endAllOf(member)
    await this.record(role === 'owner' ? 'made_owner' : 'made_agent', actor, nameOf(member))
    return outcome
  }

  async remove(member: StaffMember, actor: Actor): Promise<StaffOutcome> {
    const outcome = await this.#store.removeStaff(member.id)
    if (outcome !== 'done') return outcome
    await this.#store.endStaffSessions({ staff_id: member.id })
    await this.#left(member.id)
    await this.record('removed', actor, nameOf(member))
    return outcome
  }

  // --- the audit log -----------------------------------------------------------------------------------------------

  readonly record: RecordAction = async (action, { name, address }, subject = null) => {
    const at = isoTime(this.#clock.now())
    // An action on oneself needs no second name
    const whom = subject === name ? null : subject
    await this.#store.recordStaffAudit({ id: uuidv7(), at, action, actor: name, subject: whom, address })
  }

  /** Newest first */
  audit(limit: number, before?: string): ReturnType<AccountStore['listStaffAudit']> {
    return this.#store.listStaffAudit(limit, before)
  }
}
