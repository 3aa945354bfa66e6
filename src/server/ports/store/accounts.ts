// The accounts of staff in the stand-alone server. In a host's app staff are the host's, so a host's own store needs none of this.

export type StaffRole = 'owner' | 'agent'

export interface StaffMember {
  id: string
  /** As it was given. In lower case, no two members have the same */
  email: string
  name: string | null
  role: StaffRole
  /** A hash in PHC format; empty: there is none, and an OpenID provider lets them in */
  password: string
  /** A digest of the issuer and the subject of their account at an OpenID provider, which no two members share */
  identity: string | null
  /** The issuer of it */
  identity_issuer: string | null
  /** The secret of the second factor, encrypted; null: there is none */
  totp: string | null
  /** The newest time step whose code was used (RFC 6238): no code is good twice */
  totp_step: number
  /** Digests of the recovery codes that are left, with spaces between them */
  recovery: string | null
  /** Since when they want no mails about messages that wait; null: they want them */
  mails_off_at: string | null
  last_seen_at: string | null
  created_at: string
}

/** What may be changed besides the role */
export type StaffChange = Partial<Omit<StaffMember, 'id' | 'role' | 'created_at'>>

export interface StaffSession {
  /** A digest of the token in the cookie */
  id: string
  staff_id: string
  created_at: string
  expires_at: string
}

export type StaffLinkKind = 'first_owner' | 'invitation' | 'reset' | 'second_factor' | 'sign_in'

/** Something that a person can do once, with a token that nobody else has */
export interface StaffLink {
  /** A digest of the token */
  id: string
  kind: StaffLinkKind
  /** The member it is for; null: they are none yet */
  staff_id: string | null
  /** The address of who was invited; null: it is theirs to say */
  email: string | null
  /** The role of who was invited */
  role: StaffRole | null
  created_at: string
  expires_at: string
}

/** What happened, for owners to look at. It has no secrets */
export interface StaffAuditEntry {
  /** A UUID of version 7, so that ids sort by time */
  id: string
  at: string
  action: string
  /** Who did it, by name or address; null: the command line, or nobody knows */
  actor: string | null
  /** To whom, where that is somebody else */
  subject: string | null
  /** The network address that it came from */
  address: string | null
}

/** `last_owner`: nothing was done, because nobody could manage the team afterwards */
export type StaffOutcome = 'done' | 'missing' | 'last_owner'

/** @throws StoreUnavailable from every method, as those of `Store` */
export interface AccountStore {
  /** In the order of their creation */
  listStaff(): Promise<StaffMember[]>
  findStaff(id: string): Promise<StaffMember | undefined>
  /** In whatever case */
  findStaffByEmail(email: string): Promise<StaffMember | undefined>
  findStaffByIdentity(identity: string): Promise<StaffMember | undefined>
  /** @returns false when somebody has the address already */
  addStaff(member: StaffMember): Promise<boolean>
  /** Adds the first of all. @returns false when somebody is there already: of several calls at once, one adds */
  addFirstStaff(member: StaffMember): Promise<boolean>
  /**
   * Changes a member where `expected` holds, in one step: of two requests that use up the same thing, one gets false.
   * @param expected values as they were read
   */
  changeStaff(id: string, change: StaffChange, expected?: StaffChange): Promise<boolean>
  setStaffRole(id: string, role: StaffRole): Promise<StaffOutcome>
  /** Removes a member with their sessions, links, and browsers that get push notifications */
  removeStaff(id: string): Promise<StaffOutcome>

  addStaffSession(session: StaffSession): Promise<void>
  /** With the member whose session it is; undefined: there is no such session, or no such member */
  findStaffSession(id: string): Promise<{ session: StaffSession; member: StaffMember } | undefined>
  /** Ends one session, or all of a member's */
  endStaffSessions(which: { id: string } | { staff_id: string }): Promise<void>

  addStaffLink(link: StaffLink): Promise<void>
  findStaffLink(id: string): Promise<StaffLink | undefined>
  /** Uses it up: of several calls, one gets it */
  takeStaffLink(id: string): Promise<StaffLink | undefined>
  /** In the order of their creation */
  listStaffLinks(kind: StaffLinkKind): Promise<StaffLink[]>

  recordStaffAudit(entry: StaffAuditEntry): Promise<void>
  /** Newest first. @param before the id of the last one that is known */
  listStaffAudit(limit: number, before?: string): Promise<StaffAuditEntry[]>

  /** Deletes sessions and links that have expired by `now`, and what was recorded before `auditedBefore` */
  sweepStaff(now: string, auditedBefore: string): Promise<void>
}
